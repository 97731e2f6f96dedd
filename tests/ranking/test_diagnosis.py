"""The diagnosis page of a method: criteria that separate nobody, that are redundant, or that dominate the score."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl.database import Connection, query_file
from etl.errors import UsageError
from etl.reports.diagnosis import diagnosis, tone, verdict
from tests.ranking.test_explain import warehouse

RATES = ("survey_satisfaction_pct", "communication_tasks_completed_pct", "internal_processes_electronic_pct")
CRITERIA = [
    {"criterion": "satisfaction", "weight": 50, "rule": "linear", "value": RATES[0]},
    {"criterion": "plan", "weight": 30, "rule": "capped", "value": "plan_tasks_completed", "threshold": 20},
    {"criterion": "done", "weight": 20, "rule": "capped", "value": "feedback_resolved", "threshold": 3},
]
TREE = [{"area": "I", "weight": 100, "criteria": CRITERIA}]
SATISFACTION = (90, 80, 70.5, 60, 50, 85)
TASKS = (12, 10, 8, 7, 5, 11)


def reports() -> dict[str, dict[str, Any]]:
    pairs = zip("ABCDEF", SATISFACTION, TASKS, strict=True)
    return {
        code: {RATES[0]: satisfaction, "plan_tasks_completed": tasks, "feedback_resolved": 9}
        for code, satisfaction, tasks in pairs
    }


def rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    parameters = {"period_code": "2021-Q1", "method_code": "method-a"}
    return [dict(row) for row in query_file(connection, f"queries/reports/{name}.sql", parameters).mappings()]


def test_the_figures_agree_with_an_independent_computation(connection: Connection, tmp_path: Path) -> None:
    warehouse(connection, tmp_path, reports(), areas=TREE)
    points = np.array(
        [[float(satisfaction), 5.0 * tasks, 100.0] for satisfaction, tasks in zip(SATISFACTION, TASKS, strict=True)]
    )
    contributions = points * np.array([0.5, 0.3, 0.2])
    scores = contributions.sum(axis=1)
    criteria = {row["criterion_code"]: row for row in rows(connection, "diagnosis_criteria")}
    for column, code in enumerate(("satisfaction", "plan", "done")):
        share = np.cov(contributions[:, column], scores, bias=True)[0, 1] / scores.var()
        assert float(criteria[code]["variance_share"]) == pytest.approx(share, abs=1e-9)
    assert sum(row["variance_share"] for row in criteria.values()) == pytest.approx(1, abs=1e-9)
    pairs = {(pair["one_code"], pair["other_code"]): pair for pair in rows(connection, "diagnosis_pairs")}
    expected = np.corrcoef(points[:, 0], points[:, 1])[0, 1]
    assert pairs["satisfaction", "plan"]["correlation"] == pytest.approx(expected, abs=1e-9)
    assert pairs["satisfaction", "done"]["correlation"] is None


def test_the_page_names_the_criteria_to_review(connection: Connection, tmp_path: Path) -> None:
    warehouse(connection, tmp_path, reports(), areas=TREE)
    text, method = diagnosis(connection, "2021-Q1", None)
    assert method == "method-a"
    assert "6 đơn vị có điểm đều đủ 100 điểm" in text
    assert re.search(r"riêng tiêu chí này tạo ra \d+ % chênh lệch", text)
    assert "có thể đo cùng một việc (tương quan 0,9" in text
    assert "http" not in text.replace('http-equiv="Content-Security-Policy"', ""), (
        "the page loads nothing from the internet"
    )


def test_a_period_without_a_ranking_cannot_be_diagnosed(connection: Connection, tmp_path: Path) -> None:
    warehouse(connection, tmp_path, {"A": {}}, minimum_coverage=1, areas=TREE, valid_from=date(2022, 1, 1))
    with pytest.raises(UsageError, match="No scoring method is in force"):
        diagnosis(connection, "2021-Q1", None)
    with pytest.raises(UsageError, match="ranks no district"):
        diagnosis(connection, "2021-Q1", "method-a")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"scored_count": 0}, "no_points"),
        ({"scored_count": 2, "full_count": 2}, "too_few"),
        ({"full_count": 10}, "all_full"),
        ({"distinct_count": 1}, "all_same"),
        ({"variance_share": Decimal("0.3")}, "dominant"),
        ({"full_count": 9}, "nearly_full"),
    ],
)
def test_the_verdict_on_a_criterion(changes: dict[str, Any], expected: str) -> None:
    row = {"scored_count": 10, "ranked_count": 10, "full_count": 3, "distinct_count": 6, "variance_share": Decimal(0)}
    assert verdict({**row, **changes}) == expected


@pytest.mark.parametrize(
    ("correlation", "districts", "expected"),
    [
        (0.95, 10, "alike"),
        (0.6, 10, "near"),
        (0.0, 10, "apart"),
        (-0.6, 10, "against"),
        (-0.8, 10, "opposed"),
        (None, 10, "unknown"),
        (0.95, 4, "unknown"),
    ],
)
def test_the_tone_of_a_correlation(correlation: float | None, districts: int, expected: str) -> None:
    assert tone({"correlation": correlation, "district_count": districts}) == expected
