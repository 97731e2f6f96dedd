"""A reporting period as a whole: who has reported."""

from __future__ import annotations

from etl.operations.connections import mart_reader
from etl.tables import Table


def status(period_code: str | None = None) -> Table:
    """Who is expected, received, timely, late, missing or held; without a period also the files that match none.

    Raises UsageError for an unknown period.
    """
    from etl import warehouse

    with mart_reader() as connection:
        return warehouse.reporting_status(connection, period_code)
