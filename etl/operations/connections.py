"""The two kinds of connection that operations need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from etl import database
from etl.database import Connection
from etl.settings import load_settings


@contextmanager
def mart_reader() -> Iterator[Connection]:
    """A connection that can only read the marts, as an analyst."""
    with database.connect(load_settings(), role="cchc_analyst") as connection:
        yield connection


@contextmanager
def warehouse_writer() -> Iterator[Connection]:
    """A connection to the warehouse after migrating it; commits at the end."""
    from etl.pipeline import prepare

    prepare()
    with database.connect(load_settings()) as connection:
        yield connection
