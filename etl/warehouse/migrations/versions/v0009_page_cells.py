"""Boxes, confidence and converted files: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    run_schema_file("0009_page_cells.sql")
