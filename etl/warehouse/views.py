"""Replaces all views of sql/views: orders them by dependency, creates them and adds their comments."""

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
    """A view: its qualified name, statement, and descriptions of the view and its columns in Vietnamese and English."""

    name: str
    statement: str
    description: str
    columns: Mapping[str, str]

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(*self.name.split("."))


def _bilingual(texts: Mapping[str, str]) -> str:
    return f"{texts['vi']} | {texts['en']}"


def _read(path: Path, shared: Mapping[str, Any]) -> View:
    statement = path.read_text(encoding="utf-8")
    match = _CREATES.search(statement)
    if match is None or match[1].split(".")[1] != path.stem:
        raise ValueError(f"{path.name} must contain CREATE VIEW <schema>.{path.stem}")
    document = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))
    columns = {**shared, **document.get("columns", {})}
    return View(
        match[1],
        statement,
        _bilingual(document["description"]),
        {name: _bilingual(texts) for name, texts in columns.items()},
    )


def read_views() -> list[View]:
    """Return all views of sql/views, each after the views it reads."""
    shared = yaml.safe_load(SHARED_COLUMNS.read_text(encoding="utf-8"))
    views = {view.name: view for view in (_read(path, shared) for path in sorted(VIEWS_ROOT.rglob("*.sql")))}
    dependencies = {
        name: {other for other in _NAME.findall(_COMMENT.sub("", view.statement)) if other in views and other != name}
        for name, view in views.items()
    }
    return [views[name] for name in TopologicalSorter(dependencies).static_order()]


def deployed_views(connection: Connection) -> set[str]:
    """Return the qualified names of the views in the database."""
    rows = connection.exec_driver_sql(
        "SELECT schemaname || '.' || viewname FROM pg_catalog.pg_views"
        " WHERE schemaname IN ('mart', 'warehouse', 'staging')"
    )
    return set(rows.scalars())


def drop_views(connection: Connection) -> None:
    """Drop all views of mart, warehouse and staging, in the caller's transaction.

    Fails with DependentObjectsStillExist if a view of somebody else depends on one.
    """
    names = [sql.Identifier(*name.split(".")) for name in sorted(deployed_views(connection))]
    if names:
        execute_composed(connection, sql.SQL("DROP VIEW {}").format(sql.SQL(", ").join(names)))


def create_views(connection: Connection) -> None:
    """Create the views of sql/views with their comments, each after the views it reads."""
    for view in read_views():
        connection.exec_driver_sql(view.statement)
        _describe(connection, view)


def _describe(connection: Connection, view: View) -> None:
    execute_composed(
        connection, sql.SQL("COMMENT ON VIEW {} IS {}").format(view.identifier, sql.Literal(view.description))
    )
    columns = connection.exec_driver_sql(
        "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", (view.name,)
    )
    for column in columns.scalars():
        if column in view.columns:
            execute_composed(
                connection,
                sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
                    view.identifier, sql.Identifier(column), sql.Literal(view.columns[column])
                ),
            )
