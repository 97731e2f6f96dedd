"""Temporary databases for benchmarks, on the embedded server or the one of CCHC_DATABASE_URL."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from psycopg2 import sql
from psycopg2.extensions import parse_dsn

from etl import database
from etl import settings as settings_module
from etl.settings import Settings
from etl.warehouse import migrate

EMPTY = "template0"


def on_server(address: str, name: str) -> str:
    """The address of another database on the same server."""
    return re.sub(r"^(\w+://[^/?]*)(/[^?]*)?", rf"\1/{name}", address)


@contextmanager
def fresh(template: str = EMPTY) -> Iterator[str]:
    """Create a database from `template`, yield its address, and drop it."""
    address, name = database.url(settings_module.load_settings()), f"cchc_bench_{uuid.uuid4().hex[:12]}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + (" ENCODING 'UTF8' LOCALE 'C'" if template == EMPTY else ""))
    with database.connect_url(on_server(address, "postgres"), autocommit=True) as connection:
        database.execute_composed(connection, statement.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield on_server(address, name)
    finally:
        with database.connect_url(on_server(address, "postgres"), autocommit=True) as connection:
            database.execute_composed(connection, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def name_of(address: str) -> str:
    return str(parse_dsn(address)["dbname"])


def settings_for(address: str, folder: Path) -> Settings:
    """Settings for the database at `address`, with all files in `folder`."""
    return replace(
        settings_module.load_settings(), database_url=address, var=folder, files=folder / "files", files_url=""
    )


@contextmanager
def migrated(folder: Path) -> Iterator[Settings]:
    """Settings of a migrated warehouse without rows."""
    with fresh() as address:
        settings = settings_for(address, folder)
        migrate(settings)
        yield settings
