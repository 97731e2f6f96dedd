"""Whether a method compares districts with each other follows from its rules and statuses, not from its texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.database import Connection, query_table
from tests.ranking import province

COMPARED_MISSING = province.PLAIN.replace("value: s}", "value: s, statuses: {blank: lowest}}")


@pytest.mark.parametrize(
    ("method", "compares_districts"),
    [
        (province.PLAIN, False),
        (province.PLAIN + 'name_en: "lowest"\nnote_en: min_max\n', False),
        (province.PLAIN.replace("rule: linear, value: s", "rule: min_max, value: s"), True),
        (COMPARED_MISSING, True),
        (province.RICH, True),
    ],
    ids=["linear rules", "a name that says lowest", "min_max", "lowest for one criterion", "lowest for all criteria"],
)
def test_a_relative_rule_or_lowest_points_make_a_method_compare_districts(
    connection: Connection, tmp_path: Path, method: str, compares_districts: bool
) -> None:
    province.prepare(connection, tmp_path, method, {"A": {}}, province.RICH_INDICATORS)
    answer = query_table(connection, "queries/explain_method.sql", {"method_code": "method-a"})
    assert answer.rows == [(compares_districts,)]
