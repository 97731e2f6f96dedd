"""PostgreSQL for the tests: one migrated template database per session, one copy of it per test.

The server is the embedded one, or the one of CCHC_DATABASE_URL; the database in that URL is never used.
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
    """The address of another database on the same server, in the same notation (URL or keywords)."""
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
    """Create a database, yield its address, and drop it even if somebody is still connected."""
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
    """An address on the test server; starts the embedded server if CCHC_DATABASE_URL is not set."""
    return database.url(_SETTINGS)


@pytest.fixture(scope="session")
def template_database(server_address: str) -> Iterator[str]:
    """The name of a migrated database without rows."""
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
    """Settings of a migrated, empty warehouse used by this test only; also set in the environment."""
    with temporary_database(server_address, template_database) as address:
        yield _settings_for(address, tmp_path, monkeypatch)


@pytest.fixture
def empty_settings(server_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of an empty database that is not migrated."""
    with temporary_database(server_address, "template0") as address:
        yield _settings_for(address, tmp_path, monkeypatch)


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    """A connection as cchc_loader, in one transaction."""
    with database.connect(settings) as open_connection:
        yield open_connection


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.skip_or_fail(item)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the programs that are not installed in the last lines, so that skipped tests are noticed."""
    outcomes = ("skipped", "failed", "error")
    reports = [report for outcome in outcomes for report in terminalreporter.stats.get(outcome, ())]
    for line in needs.summarize_missing_programs(report for report in reports if report.when == "setup"):
        terminalreporter.write_line(line, yellow=True)
