"""What a migration does: run one numbered file of sql/schema, on Alembic's own connection."""

from __future__ import annotations

from alembic import op

from etl.database import execute_file


def run_schema_file(name: str) -> None:
    """Runs sql/schema/`name`, all of its statements, in the transaction of the migration."""
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("Alembic runs offline: a migration needs the database itself")
    execute_file(connection, f"schema/{name}")
