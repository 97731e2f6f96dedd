"""Facts at the speed of COPY: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_schema_file("0004_loading.sql")
