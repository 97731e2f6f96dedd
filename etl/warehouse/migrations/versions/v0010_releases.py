"""Robustness of ranks, signed rankings: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_schema_file("0010_releases.sql")
