"""Rankings over stated units and facts of two moments, any number at once: the engine, asked what would have been."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from etl.database import Connection, copy_rows, execute_file, query_table

Mixed = tuple[int, int, str, int, bool, bool]  # slice, unit, district_code, commune_count, has_report, is_later


def mixed_rankings(
    connection: Connection,
    definition: str,
    period_key: int,
    moments: tuple[datetime, datetime],
    mixture: Iterable[Mixed],
) -> list[dict[str, Any]]:
    """The rankings of the slices of `mixture` by a method: rows of load/mixture_scores.sql.

    A unit's facts are those known at the first of the two moments or, where `mixture` says is_later, at the second.
    """
    connection.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.mixture")
    execute_file(connection, "load/mixture_table.sql")
    columns = ("slice", "unit", "district_code", "commune_count", "has_report", "is_later")
    copy_rows(connection, "pg_temp.mixture", columns, mixture)
    connection.exec_driver_sql("ANALYZE pg_temp.mixture")
    connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")  # a ranking is held in memory while it is computed
    earlier, later = moments
    given = {"definition": definition, "period_key": period_key, "earlier": earlier, "later": later}
    scores = query_table(connection, "load/mixture_scores.sql", given)
    return [dict(zip(scores.columns, row, strict=True)) for row in scores.rows]
