"""Methods of any depth and stored scores: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    run_schema_file("0006_scores.sql")
