"""Explains the score of a district: its criteria, their inputs with the cells, and what would improve its rank.

Reads mart alone; changes are tried with the scoring engine itself (mart.rank_with_values).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from etl.database import Connection, query_table
from etl.errors import UsageError
from etl.ranking.scoring.gains import RankedDistrict, RankGain, ValueRange, find_gains
from etl.tables import Table


@dataclass(frozen=True, slots=True)
class Explanation:
    """`district`: its row of the ranking with the next rank above. `criteria`: their contributions sum to the score.

    `inputs`: a row for each value with its cell. `gains`: single changes that improve the rank, the smallest first;
    `is_searched` is False where there is nothing to improve, for lack of a score or at the first rank.
    """

    district: Mapping[str, Any]
    criteria: Table
    inputs: Table
    gains: list[RankGain]
    is_searched: bool


def explain(
    connection: Connection,
    period_code: str,
    district_code: str,
    method_code: str,
    find_ranges: Callable[[], Mapping[str, ValueRange]],
) -> Explanation:
    """Return the explanation of a district's score by a method.

    `find_ranges` returns the range of each reported value. Raises UsageError for an unknown period, district or method.
    """
    codes = {"period_code": period_code, "district_code": district_code, "method_code": method_code}
    rows = query_table(connection, "queries/explain_district.sql", codes)
    if not rows.rows:
        raise UsageError(
            f"{method_code} does not rank {district_code} in {period_code}",
            "See mart.district_ranking for the periods, methods and districts",
        )
    district = dict(zip(rows.columns, rows.rows[0], strict=True))
    criteria = query_table(connection, "queries/explain_criteria.sql", codes)
    inputs = query_table(connection, "queries/explain_inputs.sql", codes)
    if district["score"] is None or district["rank"] == 1:
        return Explanation(district, criteria, inputs, [], is_searched=False)
    gains = find_gains(connection, _find_rivals(connection, district), inputs, find_ranges())
    return Explanation(district, criteria, inputs, gains, is_searched=True)


def _find_rivals(connection: Connection, district: Mapping[str, Any]) -> RankedDistrict:
    """Only the next district above matters, unless the method compares districts with each other: then all do."""
    codes = {"method_code": district["method_code"]}
    ((compares_districts,),) = query_table(connection, "queries/explain_method.sql", codes).rows
    rivals = [code for code in (district["district_code"], district["next_district_code"]) if code]
    among_rivals = 2 if district["rank"] else None
    return RankedDistrict(
        *(district["period_code"], district["method_code"], district["district_code"]),
        rivals=None if compares_districts else rivals,
        rank=district["rank"] if compares_districts else among_rivals,
    )
