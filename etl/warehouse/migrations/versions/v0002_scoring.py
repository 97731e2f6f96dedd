"""Scoring methods as data: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_schema_file("0002_scoring.sql")
