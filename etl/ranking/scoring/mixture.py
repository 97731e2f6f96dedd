"""Rankings of given units over facts of given times, many at once: what a ranking would have been."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from etl.database import Connection, query_table


class MixedUnit(NamedTuple):
    """A unit of one slice of a mixed ranking; its facts are those known at `known_at`."""

    slice: int
    unit: int
    district_code: str
    commune_count: int
    has_report: bool
    known_at: datetime


_PARAMETERS = ("slices", "units", "district_codes", "commune_counts", "have_report", "known_at")  # columns as arrays


def mixed_rankings(
    connection: Connection, definition: str, period_key: int, units: Iterable[MixedUnit]
) -> list[dict[str, Any]]:
    """Rank the units of each slice with each other by a method; return rows of queries/mixed_ranking.sql."""
    columns = list(zip(*units, strict=True)) or [()] * len(_PARAMETERS)
    arrays = {name: list(column) for name, column in zip(_PARAMETERS, columns, strict=True)}
    parameters = {"definition": definition, "period_key": period_key, **arrays}
    scores = query_table(connection, "queries/mixed_ranking.sql", parameters)
    return [dict(zip(scores.columns, row, strict=True)) for row in scores.rows]
