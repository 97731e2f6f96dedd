"""The four schemas and their tables: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_schema_file("0001_warehouse.sql")
