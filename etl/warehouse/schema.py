"""Runs the SQL of one migration on Alembic's own connection."""

from __future__ import annotations

from alembic import op

from etl.database import SQL_ROOT, execute_file


def run_schema(name: str) -> None:
    """Run sql/schema/`name`: one file, or all files of a folder in the order of their names."""
    path = SQL_ROOT / "schema" / name
    for file in [path] if path.is_file() else sorted(path.glob("*.sql")):
        execute_file(op.get_bind(), str(file.relative_to(SQL_ROOT)))
