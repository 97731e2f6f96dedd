"""Why a district has the score and the rank it has: criteria, inputs with their cells, and what would gain a place.

Reads mart alone; what would gain a place is tried with the engine itself (mart.rank_with_values).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from etl.database import Connection, query_table
from etl.errors import UsageError
from etl.ranking.scoring.gains import Gain, Room, Standing, smallest_gains
from etl.tables import Table


@dataclass(frozen=True, slots=True)
class Explanation:
    """`district` is its row of the ranking with the next place above; `criteria` sum to the score exactly; `inputs` has
    a row for each value with its cell; `gains` are single changes that gain a place, the smallest first.
    """

    district: Mapping[str, Any]
    criteria: Table
    inputs: Table
    gains: list[Gain]
    has_been_searched: bool


Rooms = Callable[[str, str], Mapping[str, Room]]


def explain(
    connection: Connection, period_code: str, district_code: str, method_code: str, rooms: Rooms
) -> Explanation:
    """Explains a district's score by a method.

    `rooms` gives, for period and district, between which values each reported value may move. Raises UsageError for an
    unknown period, district or method.
    """
    codes = {"period_code": period_code, "district_code": district_code, "method_code": method_code}
    found = _read(connection, "explain_district", codes)
    if not found.rows:
        raise UsageError(
            f"{method_code} does not rank {district_code} in {period_code}",
            "mart.district_ranking lists periods, methods and districts",
        )
    district = dict(zip(found.columns, found.rows[0], strict=True))
    criteria = _read(connection, "explain_criteria", codes)
    inputs = _read(connection, "explain_inputs", codes)
    standing = _standing(connection, district)
    gains = smallest_gains(connection, standing, inputs, rooms(period_code, district_code)) if standing else []
    return Explanation(district, criteria, inputs, gains, standing is not None)


def _standing(connection: Connection, district: Mapping[str, Any]) -> Standing | None:
    """Where the search starts; None where there is no place to gain: no score at all, or the first place."""
    if district["score"] is None or district["rank"] == 1:
        return None
    codes = {"method_code": district["method_code"]}
    (compares,) = _read(connection, "explain_method", codes).rows[0]
    rivals = None
    if not compares:
        rivals = [code for code in (district["district_code"], district["next_district_code"]) if code]
    return Standing(
        district["period_code"],
        district["method_code"],
        district["district_code"],
        rivals,
        district["rank"] if compares else (2 if district["rank"] else None),
    )


def _read(connection: Connection, name: str, codes: Mapping[str, Any]) -> Table:
    return query_table(connection, f"queries/{name}.sql", dict(codes))
