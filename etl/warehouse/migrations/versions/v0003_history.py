"""Decisions on submissions, districts over time, derived periods, release: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_schema_file("0003_history.sql")
