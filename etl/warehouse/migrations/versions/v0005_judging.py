"""What judging keeps, waivers and corrections: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0005"
down_revision = "0006"


def upgrade() -> None:
    run_schema_file("0005_judging.sql")
