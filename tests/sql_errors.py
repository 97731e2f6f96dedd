"""An expected error of PostgreSQL, by psycopg2's class for its SQLSTATE."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from etl.database import driver_errors


@contextmanager
def raises_sql(error: type[psycopg2.Error], match: str | None = None) -> Iterator[None]:
    with pytest.raises(error, match=match), driver_errors():
        yield
