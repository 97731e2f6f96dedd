"""Expected errors of PostgreSQL, by psycopg2's class for their SQLSTATE."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from psycopg2 import errors

from etl import database
from etl.settings import Settings

_MISSING = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.UndefinedObject,
    errors.InvalidSchemaName,
)


@contextmanager
def raises_sql(error: type[psycopg2.Error], match: str | None = None) -> Iterator[None]:
    with pytest.raises(error, match=match), database.driver_errors():
        yield


def assert_denied(
    settings: Settings, role: str | None, statement: str, parameters: tuple[Any, ...] = (), *, admin: Settings
) -> None:
    """The role lacks the privilege for a statement. `admin` are settings of a superuser's login.

    PostgreSQL checks the privilege on a schema before it looks for a table, so a statement about a table that does not
    exist would be denied as well. Therefore a superuser must find everything that it names.
    """
    with database.connect(admin, role=None) as connection:
        try:
            with database.driver_errors():
                connection.exec_driver_sql(statement, parameters)
        except _MISSING as error:
            pytest.fail(f"{statement}: {error}")
        except psycopg2.Error:
            pass  # such as an object that others depend on
        connection.rollback()
    with database.connect(settings, role=role) as connection, raises_sql(errors.InsufficientPrivilege):
        connection.exec_driver_sql(statement, parameters)
