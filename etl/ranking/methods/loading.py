"""Loads scoring methods into the warehouse, where the SQL engine scores by them (sql/functions/scoring)."""

from __future__ import annotations

from etl.catalogue import Catalogue
from etl.database import Connection, execute_file
from etl.ranking.methods.method import Method
from etl.ranking.methods.parse import parse_methods


def load_methods(connection: Connection, catalogue: Catalogue) -> int:
    """Write the methods that changed and return how many.

    Raises CatalogueError, before anything is written, if a method file is invalid.
    """
    methods = parse_methods(catalogue)
    with connection.begin_nested():
        connection.exec_driver_sql("LOCK TABLE warehouse.scoring_method IN SHARE ROW EXCLUSIVE MODE")
        stored: dict[str, str] = dict(
            connection.exec_driver_sql("SELECT method_code, content_sha256 FROM warehouse.scoring_method").fetchall()
        )
        changed = [method for method in methods.values() if stored.get(method.method_code) != method.content_hash()]
        for method in changed:
            write_method(connection, method)
    return len(changed)


def write_method(connection: Connection, method: Method) -> None:
    """Write a method: its head, a new version, and its tree as rows."""
    execute_file(
        connection,
        "load/scoring_method.sql",
        {"definition": method.definition(), "content_sha256": method.content_hash()},
    )
    execute_file(connection, "load/scoring_clear.sql", {"method_code": method.method_code})
    execute_file(connection, "load/scoring_tree.sql", {"method_code": method.method_code})
