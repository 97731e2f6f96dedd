"""Staged reports a row each, and facts by two functions alone: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_schema_file("0020_appendices.sql")
