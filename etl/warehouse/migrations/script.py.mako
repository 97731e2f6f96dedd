"""${message}: runs the numbered file of sql/schema."""

from etl.warehouse.schema import run_schema_file

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    run_schema_file("${up_revision}_name.sql")
