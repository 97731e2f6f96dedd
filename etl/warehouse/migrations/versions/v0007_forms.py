"""Fit of forms, drafts, decisions on values: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    run_schema_file("0007_forms.sql")
