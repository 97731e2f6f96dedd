"""A real PostgreSQL for the tests: one template a session from the real migrations, a fresh database for each test.

The server is the embedded one, or the one that CCHC_DATABASE_URL names; the database that it names is never entered.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg2 import sql
from psycopg2.extensions import make_dsn, parse_dsn

from etl import database
from etl import settings as settings_module
from etl.database import Connection
from etl.settings import Settings
from etl.warehouse import migrate
from tests import needs

_SETTINGS = settings_module.load_settings()  # read before any test changes the environment


def _in_database(address: str, name: str) -> str:
    """The same server, another database; a URL stays a URL."""
    if "://" in address:
        return re.sub(r"^(\w+://[^/?]*)(/[^?]*)?", rf"\1/{name}", address)
    parts = {key: value for key, value in parse_dsn(address).items() if key != "dbname"}
    return make_dsn(**parts, dbname=name)


@contextmanager
def _administrator(address: str) -> Iterator[Connection]:
    with database.connect_url(_in_database(address, "postgres"), autocommit=True) as connection:
        yield connection


@contextmanager
def temporary_database(address: str, template: str) -> Iterator[str]:
    """A database of our own, dropped afterwards whoever is still connected; yields its address."""
    name = f"cchc_test_{uuid.uuid4().hex[:12]}"
    statement = "CREATE DATABASE {} TEMPLATE {}" + (" ENCODING 'UTF8' LOCALE 'C'" if template == "template0" else "")
    with _administrator(address) as connection:
        database.execute_composed(connection, sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield _in_database(address, name)
    finally:
        with _administrator(address) as connection:
            database.execute_composed(connection, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server_address() -> str:
    """An address on the server of the tests; starts the embedded one where none is named."""
    return database.url(_SETTINGS)


@pytest.fixture(scope="session")
def template_database(server_address: str) -> Iterator[str]:
    """The name of a database with the whole schema and no rows."""
    with temporary_database(server_address, "template0") as address:
        migrate(replace(_SETTINGS, database_url=address))
        yield str(parse_dsn(address)["dbname"])


def _settings_for(address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CCHC_DATABASE_URL", address)
    monkeypatch.setenv("CCHC_VAR", str(folder))
    for name in ("CCHC_FILES", "CCHC_CATALOGUE", "CCHC_DRIVES"):
        monkeypatch.delenv(name, raising=False)
    return settings_module.load_settings()


@pytest.fixture
def settings(
    server_address: str, template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of an empty, migrated warehouse of this test alone; the environment says the same."""
    with temporary_database(server_address, template_database) as address:
        yield _settings_for(address, tmp_path, monkeypatch)


@pytest.fixture
def empty_settings(server_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of a database with nothing in it."""
    with temporary_database(server_address, "template0") as address:
        yield _settings_for(address, tmp_path, monkeypatch)


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    """The loader's connection, in one transaction."""
    with database.connect(settings) as open_connection:
        yield open_connection


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.skip_or_fail(item)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines name the programs that were not found, so that a hole in the tests is seen."""
    reports = [each for kind in ("skipped", "failed", "error") for each in terminalreporter.stats.get(kind, ())]
    for line in needs.said_at_the_end(each for each in reports if each.when == "setup"):
        terminalreporter.write_line(line, yellow=True)
