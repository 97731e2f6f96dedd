from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from psycopg2 import errors
from psycopg2.extensions import make_dsn
from sqlalchemy.exc import DBAPIError, IntegrityError

from etl import database
from etl.database import Connection, copy_rows
from etl.errors import DatabaseUnavailable, UsageError
from etl.settings import Settings
from tests.sql_errors import raises_sql

VIETNAM = dt.timezone(dt.timedelta(hours=7))


@pytest.mark.parametrize(
    ("sql_type", "value"),
    [
        ("text", None),
        ("text", ""),
        ("text", r"\N"),
        ("text", "back\\slash\ttab\nline\rreturn \\n \\t"),
        ("text", "Cải cách hành chính “quý I”"),
        ("boolean", True),
        ("bigint", -(2**62)),
        ("numeric", Decimal("12345678901234567890.0123456789")),
        ("float8", 0.1),
        ("date", dt.date(2021, 3, 31)),
        ("timestamptz", dt.datetime(2021, 3, 31, 23, 59, 59, 123456, VIETNAM)),
        ("text[]", []),
        ("text[]", ["", "NULL", 'quo"te', "back\\slash", "com,ma", "{brace}", "line\nbreak", None]),
        ("text[]", [["a", "b"], ["c", "d"]]),
        ("numeric[]", [Decimal("1.50"), None]),
        ("boolean[]", [True, False]),
        ("date[]", [dt.date(2021, 1, 1)]),
    ],
)
def test_copied_values_are_read_back_unchanged(connection: Connection, sql_type: str, value: Any) -> None:
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE copied (row_number integer, value {sql_type})")
    assert copy_rows(connection, "pg_temp.copied", ("row_number", "value"), [(1, value), (2, None)]) == 2
    rows = connection.exec_driver_sql("SELECT value FROM copied ORDER BY row_number").fetchall()
    assert rows == [(value,), (None,)]


def test_rows_are_copied_while_they_are_generated(connection: Connection) -> None:
    def generate() -> Iterator[tuple[str]]:
        for _ in range(2_000):
            yield ("x" * 1_000,)

    stream = database.CopyStream(generate())
    blocks = [len(block) for block in iter(stream.read, b"")]
    assert stream.row_count == 2_000
    assert max(blocks) < sum(blocks) / 5
    connection.exec_driver_sql("CREATE TEMPORARY TABLE copied (value text)")
    assert copy_rows(connection, "pg_temp.copied", ("value",), generate()) == 2_000


def test_a_failed_copy_raises_the_same_errors_as_a_statement(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TEMPORARY TABLE copied (value integer PRIMARY KEY)")
    with pytest.raises(IntegrityError) as caught:
        copy_rows(connection, "pg_temp.copied", ("value",), [(1,), (1,)])
    assert isinstance(caught.value.orig, errors.UniqueViolation)


def test_a_value_of_an_unknown_type_is_not_copied_as_its_repr(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TEMPORARY TABLE copied (value text)")
    with pytest.raises(TypeError, match="type dict"):
        copy_rows(connection, "pg_temp.copied", ("value",), [({"a": 1},)])


def test_names_of_tables_and_columns_are_quoted(connection: Connection) -> None:
    connection.exec_driver_sql('CREATE TEMPORARY TABLE "odd ""name" ("a;b" integer)')
    assert copy_rows(connection, 'pg_temp.odd "name', ("a;b",), [(1,)]) == 1


def test_a_percent_sign_needs_no_escape_without_parameters(connection: Connection) -> None:
    assert connection.exec_driver_sql("SELECT 7 % 4, '100%'").fetchall() == [(3, "100%")]


def test_a_transaction_is_rolled_back_on_an_error(settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), database.connect(settings) as connection:
        connection.exec_driver_sql("INSERT INTO raw.file (sha256, size_bytes) VALUES (repeat('a', 64), 1)")
        raise ZeroDivisionError
    with database.connect(settings) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM raw.file").scalar() == 0


def test_roles_and_temporary_tables_end_with_the_connection(settings: Settings) -> None:
    with database.connect_as_owner(settings) as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE left_over AS SELECT 1")
    with database.connect_url(settings.database_url) as connection:
        row = connection.exec_driver_sql("SELECT current_user = session_user, to_regclass('left_over')").first()
    assert row == (True, None)


def test_a_connection_ended_by_the_server_does_not_spoil_the_next_one(settings: Settings) -> None:
    with pytest.raises(DBAPIError), database.connect(settings) as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with database.connect_url(settings.database_url) as other:
            other.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        connection.exec_driver_sql("SELECT 1")
    with database.connect(settings) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_connections_name_their_application(connection: Connection) -> None:
    assert connection.exec_driver_sql("SELECT current_setting('application_name')").scalar() == "cchc"


def test_driver_errors_keep_their_class_and_message(connection: Connection) -> None:
    with raises_sql(errors.UndefinedTable, match="no_such_table"):
        connection.exec_driver_sql("SELECT * FROM pg_temp.no_such_table")


@pytest.mark.parametrize("as_url", [True, False])
def test_no_repr_and_no_error_shows_the_password(settings: Settings, as_url: bool) -> None:
    address = "postgresql://lan:geheim@127.0.0.1:1/cchc"
    if not as_url:
        address = make_dsn(host="127.0.0.1", port=1, user="lan", password="geheim", dbname="cchc")
    unreachable = replace(settings, database_url=address)
    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as caught, database.connect(unreachable):
        pass
    causes = [caught.value, caught.value.__cause__, getattr(caught.value.__cause__, "orig", None)]
    engine = database.engine(address)
    assert "geheim" not in "".join(map(repr, [*causes, *map(str, causes), engine, engine.url, engine.pool]))


def test_a_failed_statement_does_not_show_its_parameters(connection: Connection) -> None:
    with pytest.raises(DBAPIError) as caught:
        connection.exec_driver_sql("SELECT 1 / 0 WHERE %s <> ''", ("personal",))
    assert "personal" not in str(caught.value)


def test_an_error_of_the_rows_is_raised_as_it_is(connection: Connection) -> None:
    def generate() -> Iterator[tuple[int]]:
        yield (1,)
        raise UsageError("the second row is missing")

    connection.exec_driver_sql("CREATE TEMPORARY TABLE copied (value integer)")
    with pytest.raises(UsageError, match="second row"):
        copy_rows(connection, "pg_temp.copied", ("value",), generate())
