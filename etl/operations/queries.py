"""What people ask of the warehouse: the ranking, who has reported, where a value comes from. Reads the mart alone."""

from __future__ import annotations

from datetime import datetime

from etl import database
from etl.errors import UsageError
from etl.settings import load_settings
from etl.tables import Table

_READER = "cchc_analyst"


def ranking(period_code: str, method_code: str | None = None, known_at: datetime | None = None) -> Table:
    """Every expected district of a period, ranked; those without accepted data come last with the reason.

    With `known_at` as it was known at that moment.
    Raises UsageError for an unknown period or method.
    """
    from etl import warehouse

    with database.connect(load_settings(), role=_READER) as connection:
        return warehouse.ranking(connection, period_code, method_code, known_at)


def status(period_code: str | None = None) -> Table:
    """Who is expected, received, timely, late, missing or held; without a period also the files that fit none.

    Raises UsageError for an unknown period.
    """
    from etl import warehouse

    with database.connect(load_settings(), role=_READER) as connection:
        return warehouse.reporting_status(connection, period_code)


def lineage(district_code: str, period_code: str, indicator_code: str) -> Table:
    """The file, its sha256, the cell and the raw text of one value.

    Raises UsageError for an unknown code, and where nothing was accepted for it.
    """
    from etl import warehouse

    with database.connect(load_settings(), role=_READER) as connection:
        table = warehouse.lineage(connection, district_code, period_code, indicator_code)
    if not table.rows:
        raise UsageError(
            f"no accepted value of {indicator_code} for district {district_code} in {period_code}",
            "See `python -m etl status` for why",
        )
    return table


def history(
    district_code: str, period_code: str, indicator_code: str | None = None, known_at: datetime | None = None
) -> Table:
    """Every value known of a district and period and until when; with `known_at` only what was known then.

    Raises UsageError for an unknown code.
    """
    from etl import warehouse

    with database.connect(load_settings(), role=_READER) as connection:
        return warehouse.history(connection, district_code, period_code, indicator_code, known_at)


def original(sha256: str) -> bytes:
    """The bytes of a file as it came. Raises UsageError where the store does not hold it."""
    from etl.submissions import file_store

    return file_store(load_settings()).get(sha256.strip().lower())
