"""The initial schema."""

from etl.warehouse.schema import run_schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_schema("0001_initial")
