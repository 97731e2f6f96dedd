"""Who took an external score back, and why: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0019"
down_revision = "0013"


def upgrade() -> None:
    run_schema_file("0019_external_ends.sql")
