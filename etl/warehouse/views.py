"""Replaces all views of sql/views whole: found, put in order by what they read, created, described."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml
from psycopg2 import sql

from etl.database import SQL_ROOT, Connection, execute_composed

VIEWS_ROOT = SQL_ROOT / "views"
SHARED_COLUMNS = VIEWS_ROOT / "columns.yml"
_CREATES = re.compile(r"^CREATE VIEW (\w+\.\w+)", re.MULTILINE)
_COMMENT = re.compile(r"--.*$", re.MULTILINE)
_NAME = re.compile(r"\b(?:mart|warehouse|staging)\.\w+")


@dataclass(frozen=True, slots=True)
class View:
    """One view: its qualified name, its statement, and what it and its columns mean in Vietnamese and English."""

    name: str
    statement: str
    description: str
    columns: Mapping[str, str]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(*self.name.split("."))


def _sentence(texts: Mapping[str, str]) -> str:
    return f"{texts['vi']} | {texts['en']}"


def _read(path: Path, shared: Mapping[str, Any]) -> View:
    statement = path.read_text(encoding="utf-8")
    found = _CREATES.search(statement)
    if found is None or found[1].split(".")[1] != path.stem:
        raise ValueError(f"{path.name} must hold CREATE VIEW <schema>.{path.stem}")
    document = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))
    columns = {**shared, **document.get("columns", {})}
    return View(
        found[1],
        statement,
        _sentence(document["description"]),
        {name: _sentence(texts) for name, texts in columns.items()},
    )


def read_views() -> list[View]:
    """All views of sql/views, each after those that it reads."""
    shared = yaml.safe_load(SHARED_COLUMNS.read_text(encoding="utf-8"))
    views = {view.name: view for view in (_read(path, shared) for path in sorted(VIEWS_ROOT.rglob("*.sql")))}
    reads = {
        name: {other for other in _NAME.findall(_COMMENT.sub("", view.statement)) if other in views and other != name}
        for name, view in views.items()
    }
    return [views[name] for name in TopologicalSorter(reads).static_order()]


def deployed_views(connection: Connection) -> set[str]:
    """Qualified names of the views that the database holds now."""
    rows = connection.exec_driver_sql(
        "SELECT schemaname || '.' || viewname FROM pg_catalog.pg_views"
        " WHERE schemaname IN ('mart', 'warehouse', 'staging')"
    )
    return {name for (name,) in rows}


def drop_views(connection: Connection) -> None:
    """Drops every view of mart, warehouse and staging, in the caller's transaction.

    Fails (DependentObjectsStillExist) where somebody built on a view: nothing is dropped unasked.
    """
    old = [sql.Identifier(*name.split(".")) for name in sorted(deployed_views(connection))]
    if old:
        execute_composed(connection, sql.SQL("DROP VIEW {}").format(sql.SQL(", ").join(old)))


def create_views(connection: Connection) -> None:
    """Creates and describes the views of sql/views, each after those that it reads."""
    for view in read_views():
        connection.exec_driver_sql(view.statement)
        _describe(connection, view)


def _describe(connection: Connection, view: View) -> None:
    execute_composed(
        connection, sql.SQL("COMMENT ON VIEW {} IS {}").format(view.identifier, sql.Literal(view.description))
    )
    columns = connection.exec_driver_sql(
        "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", (view.name,)
    ).fetchall()
    for (column,) in columns:
        if column in view.columns:
            execute_composed(
                connection,
                sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
                    view.identifier, sql.Identifier(column), sql.Literal(view.columns[column])
                ),
            )
