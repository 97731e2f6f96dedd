"""Single values: where they come from and which versions they had."""

from __future__ import annotations

from datetime import datetime

from etl.errors import UsageError
from etl.operations.connections import mart_reader
from etl.tables import Table


def lineage(district_code: str, period_code: str, indicator_code: str) -> Table:
    """The file, its sha256, the cell and the raw text of a value.

    Raises UsageError for an unknown code, and if no value is accepted.
    """
    from etl import warehouse

    with mart_reader() as connection:
        table = warehouse.lineage(connection, district_code, period_code, indicator_code)
    if not table.rows:
        message = f"No value of {indicator_code} is accepted for district {district_code} in {period_code}"
        raise UsageError(message, "`cchc status` shows why")
    return table


def history(
    district_code: str, period_code: str, indicator_code: str | None = None, known_at: datetime | None = None
) -> Table:
    """Every version of a district's values and when it was current; with `known_at` only the version current then.

    Raises UsageError for an unknown code.
    """
    from etl import warehouse

    with mart_reader() as connection:
        return warehouse.history(connection, district_code, period_code, indicator_code, known_at)
