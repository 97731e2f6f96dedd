"""Made-up external scores say so: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0013"
down_revision = "0010"


def upgrade() -> None:
    run_schema_file("0013_external_scores.sql")
