"""Replaces all functions of sql/functions, in two rounds.

Functions of `warehouse` are created before the views, which may call them; those of `mart` after the views, whose rows
they return.
"""

from __future__ import annotations

import re
from pathlib import Path

from psycopg2 import sql

from etl.database import SQL_ROOT, Connection, execute_composed

FUNCTIONS_ROOT = SQL_ROOT / "functions"
_CREATES = re.compile(r"^CREATE (?:FUNCTION|AGGREGATE) (\w+)\.\w+", re.MULTILINE)
# Trigger functions belong to their tables (sql/schema) and stay.
_OURS = (
    "SELECT p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc AS p"
    " INNER JOIN pg_catalog.pg_namespace AS n ON p.pronamespace = n.oid"
    " WHERE n.nspname = %s AND p.prorettype <> 'pg_catalog.trigger'::pg_catalog.regtype"
)


def function_files() -> list[Path]:
    """Return the files of sql/functions, ordered by name."""
    return sorted(FUNCTIONS_ROOT.rglob("*.sql"))


def drop_functions(connection: Connection, schema: str) -> None:
    """Drop all functions of a schema except trigger functions. Fails if another object depends on one."""
    names = connection.exec_driver_sql(_OURS, (schema,)).scalars().all()
    if names:
        execute_composed(connection, sql.SQL("DROP ROUTINE {}").format(sql.SQL(", ").join(map(sql.SQL, names))))


def create_functions(connection: Connection, schema: str) -> None:
    """Create the functions of sql/functions that belong to a schema."""
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")  # may call later ones
    for path in function_files():
        text = path.read_text(encoding="utf-8")
        schemas = set(_CREATES.findall(text))
        if len(schemas) != 1:
            raise ValueError(f"{path.name} must create functions of one schema")
        if schemas == {schema}:
            connection.exec_driver_sql(text)
