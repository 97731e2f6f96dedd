"""Database access: one SQLAlchemy engine per address (psycopg2), transactions, SQL files and COPY.

The warehouse's own SQL is written by hand and runs as it stands (docs/adr/0012-sqlalchemy-and-psycopg2.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from itertools import islice
from typing import Any
from urllib.parse import quote, urlencode

import psycopg2
import sqlalchemy
from psycopg2 import errors, sql
from psycopg2.extensions import connection as DriverConnection  # noqa: N812 - a class with a lower-case name
from psycopg2.extensions import parse_dsn
from sqlalchemy import CursorResult, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError

from etl import embedded
from etl.errors import DatabaseUnavailable, UsageError
from etl.settings import PROJECT_ROOT, Settings
from etl.tables import Table

Connection = sqlalchemy.Connection
Result = CursorResult[*tuple[Any, ...]]

DATABASE_NAME = "cchc"
SQL_ROOT = PROJECT_ROOT / "sql"
_OWNER, _LOADER = "cchc_owner", "cchc_loader"
_COPY_BLOCK = 1 << 17  # bytes read or written at a time
_ROWS_PER_READ = 200  # rows of COPY encoded at a time; a staged report is one row of about 20 kB


def url(settings: Settings) -> str:
    """Return the address of the warehouse; starts the embedded server and creates its database if needed.

    Raises UsageError if CCHC_DATABASE_URL cannot be parsed. It may hold a secret, so the message does not quote it.
    """
    if settings.database_url:
        try:
            parse_dsn(settings.database_url)
        except psycopg2.ProgrammingError:
            hint = "Write it as postgresql://user:password@host:5432/database"
            raise UsageError("CCHC_DATABASE_URL is not a valid address of a PostgreSQL database", hint) from None
        return settings.database_url
    address = embedded.find_server(settings)
    if address is None:
        return companion_url(settings, DATABASE_NAME)
    return address.format(database=DATABASE_NAME)


def companion_url(settings: Settings, name: str) -> str:
    """Return the address of a database on the embedded server, created if missing (such as Airflow's records)."""
    address = embedded.find_server(settings) or embedded.start_server(settings)
    with connect_url(address.format(database="postgres"), autocommit=True) as connection:
        exists = connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).first()
        # Another process that starts now may create it in between.
        with suppress(errors.DuplicateDatabase, errors.UniqueViolation), driver_errors():
            if not exists:
                statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
                execute_composed(connection, sql.SQL(statement).format(sql.Identifier(name)))
    return address.format(database=name)


def without_secret(address: str) -> str:
    """Return an address that may be shown: its password, if any, is left out."""
    parts = {key: str(value) for key, value in parse_dsn(address).items() if key != "password" and value}
    user, name = parts.pop("user", ""), parts.pop("dbname", "")
    return f"postgresql://{quote(user)}{'@' if user else ''}/{quote(name)}?{urlencode(parts, safe='/')}"


@lru_cache(maxsize=16)
def engine(address: str) -> Engine:
    """Return the engine for an address, a URL or "key=value" pairs as libpq reads them.

    libpq parses the address, so the engine's own URL and repr hold no password. Each transaction opens a connection of
    its own (NullPool): roles, settings and temporary tables end with it, and a restarted server needs no detection.
    """
    return create_engine(
        "postgresql+psycopg2://",
        creator=partial(_open, address),
        poolclass=NullPool,
        hide_parameters=True,
        use_native_hstore=False,  # saves a query per connection
        execution_options={"no_parameters": True},  # SQL without parameters may contain a plain %
    )


def _open(address: str) -> DriverConnection:
    connection: DriverConnection = psycopg2.connect(
        address, application_name="cchc", connect_timeout=10, client_encoding="utf8"
    )
    return connection


@contextmanager
def connect_url(address: str, *, autocommit: bool = False) -> Iterator[Connection]:
    """Open a connection in one transaction, with the login's own role: committed at the end, rolled back on an error.

    With `autocommit` every statement is a transaction (CREATE DATABASE, VACUUM).
    """
    with engine(address).connect() as connection:
        if autocommit:
            connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection
        connection.commit()


@contextmanager
def connect(settings: Settings, *, role: str | None = _LOADER) -> Iterator[Connection]:
    """Open a connection to the warehouse in one transaction: committed at the end, rolled back on an error.

    `role` is taken with SET ROLE, so that a step has no more privileges than it needs; None keeps the login's own.
    Raises DatabaseUnavailable if the server cannot be reached; the message holds no secret.
    """
    address = url(settings)
    try:
        connection = engine(address).connect()
    except OperationalError as error:
        if settings.database_url or f'database "{DATABASE_NAME}" does not exist' not in str(error):
            raise DatabaseUnavailable(
                f"The database at {without_secret(address)} cannot be reached",
                "Check CCHC_DATABASE_URL and that the server runs",
            ) from error
        # The process that started the embedded server was killed before it created the database.
        companion_url(settings, DATABASE_NAME)
        connection = engine(address).connect()
    with connection:
        if role:
            _take_role(connection, role)
        connection.exec_driver_sql("SET search_path = pg_catalog, pg_temp; SET timezone = 'Asia/Ho_Chi_Minh'")
        yield connection
        connection.commit()


def _take_role(connection: Connection, role: str) -> None:
    try:
        with driver_errors():
            execute_composed(connection, sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except (errors.InvalidParameterValue, errors.InsufficientPrivilege) as error:
        raise DatabaseUnavailable(
            f"The login cannot work as {role}: {error.diag.message_primary}", "Run python -m etl migrate"
        ) from error


@contextmanager
def connect_as_owner(settings: Settings) -> Iterator[Connection]:
    """Open a connection that may change the schema: for migrations, views and reference data."""
    with connect(settings, role=_OWNER) as connection:
        yield connection


@contextmanager
def driver_errors() -> Iterator[None]:
    """Raise psycopg2's own error in place of SQLAlchemy's wrapper: its classes say which SQLSTATE it is."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg2.Error):
            raise error.orig from error
        raise


def lock(connection: Connection, step: str) -> None:
    """Take the lock of a step, waiting for other transactions; it is held to the end of the transaction."""
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"cchc.{step}",))


def execute_composed(connection: Connection, statement: sql.Composable) -> Result:
    """Run a statement composed with psycopg2.sql, which quotes identifiers."""
    return connection.exec_driver_sql(compose(connection, statement))


def compose(connection: Connection, statement: sql.Composable) -> str:
    """Return the text of a statement composed with psycopg2.sql."""
    return statement.as_string(_driver_connection(connection))


def execute_file(connection: Connection, name: str, parameters: dict[str, Any] | None = None) -> int:
    """Run sql/`name`; with parameters it is one statement with %(name)s in it. Returns the number of rows changed."""
    return query_file(connection, name, parameters).rowcount


def query_file(connection: Connection, name: str, parameters: dict[str, Any] | None = None) -> Result:
    """Run sql/`name` as execute_file does; return the result of its last statement."""
    return connection.exec_driver_sql((SQL_ROOT / name).read_text(encoding="utf-8"), parameters)


def query_table(connection: Connection, name: str, parameters: dict[str, Any] | None = None) -> Table:
    """Run sql/`name` as execute_file does; return its rows with the names of their columns."""
    return to_table(query_file(connection, name, parameters))


def to_table(result: Result) -> Table:
    """Return the remaining rows of a result with the names of their columns."""
    return Table(tuple(result.keys()), [tuple(row) for row in result])


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY `rows` into `table` ("schema.name"); return how many. None is NULL, "" stays an empty text."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    stream = CopyStream(rows)
    try:
        copy(connection, statement, stream)
    except DBAPIError:
        if stream.error:
            raise stream.error from None  # the rows failed, not the database
        raise
    return stream.row_count


def copy(connection: Connection, statement: str | sql.Composable, file: Any) -> None:
    """Run COPY … FROM STDIN or TO STDOUT with a binary file; errors are wrapped as those of other statements are."""
    text = statement if isinstance(statement, str) else compose(connection, statement)
    try:
        with _driver_connection(connection).cursor() as cursor:
            cursor.copy_expert(text, file, size=_COPY_BLOCK)
    except psycopg2.Error as error:
        raise DBAPIError.instance(text, None, error, psycopg2.Error, hide_parameters=True) from error


def _driver_connection(connection: Connection) -> DriverConnection:
    driver_connection = connection.connection.driver_connection
    assert isinstance(driver_connection, DriverConnection), "the connection is open"
    return driver_connection


class CopyStream:
    """A binary file in COPY's text format, encoded row by row as it is read: memory does not grow with the rows."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self.row_count = 0
        self.error: Exception | None = None

    def read(self, _size: int = -1) -> bytes:
        try:
            lines = ["\t".join(map(_copy_text, row)) + "\n" for row in islice(self._rows, _ROWS_PER_READ)]
        except Exception as error:  # psycopg2 would report it as a cancelled query
            self.error = error
            raise
        self.row_count += len(lines)
        return "".join(lines).encode()


def _copy_text(value: Any) -> str:
    if value is None:
        return r"\N"
    text = _plain_text(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _plain_text(value: Any) -> str:
    """A value as PostgreSQL reads it from text. Raises TypeError for a type that has no text form here."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"{{{','.join(map(_array_element, value))}}}"
    if isinstance(value, bool | int | float | Decimal | date):  # a datetime is a date
        return str(value)
    raise TypeError(f"COPY cannot write a value of type {type(value).__name__}")


def _array_element(value: Any) -> str:
    if value is None:
        return "NULL"
    text = _plain_text(value)
    return text if isinstance(value, list) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
