"""The cells of staged answers once for all reports that share them: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_schema_file("0021_placements.sql")
