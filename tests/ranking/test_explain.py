"""`explain`: contributions sum exactly to the score, and each proposed change is the smallest that gains a place."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl import ranking
from etl.catalogue import Catalogue
from etl.catalogue.document import read_document
from etl.database import Connection
from etl.operations.value_limits import find_ranges
from etl.ranking import Explanation, RankGain, Vocabulary, load_methods, parse_method, refresh_scores
from etl.ranking.scoring.score_table import UnitValue, score_table
from etl.warehouse import default_method, load_accepted, load_reference
from tests import world

INDICATORS: Mapping[str, Mapping[str, Any]] = {
    "plan_tasks_completed": {},
    "plan_tasks_assigned": {},
    "feedback_resolved": {},
    "feedback_received": {},
    "survey_satisfaction_pct": {"kind": "rate"},
    "dialogue_held": {"kind": "code_list"},
    "legal_documents_issued": {},
}
PLAN = {
    "rule": "linear",
    "numerator": "plan_tasks_completed",
    "denominator": "plan_tasks_assigned",
    "empty_denominator": "drop",
}
FEEDBACK = {
    "rule": "linear",
    "numerator": "feedback_resolved",
    "denominator": "feedback_received",
    "empty_denominator": "full",
}
TREE: list[dict[str, Any]] = [
    {
        "area": "I",
        "weight": 100,
        "criteria": [
            {"criterion": "plan", "weight": 40, **PLAN},
            {"criterion": "feedback", "weight": 25, **FEEDBACK},
            {"criterion": "satisfaction", "weight": 25, "rule": "linear", "value": "survey_satisfaction_pct"},
            {
                "criterion": "dialogue",
                "weight": 10,
                "rule": "code_list",
                "value": "dialogue_held",
                "points": {0: 0, 1: 100},
            },
        ],
    }
]
VALUES = {
    "plan_tasks_completed": 11,
    "plan_tasks_assigned": 24,
    "feedback_resolved": 3,
    "feedback_received": 9,
    "survey_satisfaction_pct": 88.5,
    "dialogue_held": 0,
    "legal_documents_issued": 2,
}


def warehouse(
    connection: Connection, folder: Path, reports: Mapping[str, Mapping[str, Any]], **method: Any
) -> Catalogue:
    """Load reports of districts and score them by tests/sql/method.yml with some keys replaced."""
    base = yaml.safe_load((Path(__file__).parents[1] / "sql" / "method.yml").read_text(encoding="utf-8"))
    path = folder / "method.yml"
    path.write_text(yaml.safe_dump({**base, "areas": TREE, **method}, allow_unicode=True), encoding="utf-8")
    catalogue = world.catalogue({code: {} for code in reports}, INDICATORS, methods={"method-a": read_document(path)})
    load_reference(connection, catalogue)
    load_methods(connection, catalogue)
    for district, values in reports.items():
        load_accepted(connection, [world.submit(connection, district, values={**VALUES, **values})])
    refresh_scores(connection)
    return catalogue


def explained(connection: Connection, catalogue: Catalogue, district: str) -> Explanation:
    method = default_method(connection, "2021-Q1")
    return ranking.explain(
        connection, "2021-Q1", district, method, lambda: find_ranges(connection, catalogue, "2021-Q1", district)
    )


def gains(explanation: Explanation) -> dict[str, RankGain]:
    return {gain.indicator_code: gain for gain in explanation.gains}


def ranks(connection: Connection, district: str, code: str, values: list[Decimal]) -> dict[Decimal, int]:
    """The rank of a district for each value of an indicator, with one scenario per value."""
    changes = [
        {"scenario": number, "district_code": district, "indicator_code": code, "value": str(value)}
        for number, value in enumerate(values)
    ]
    rows = connection.exec_driver_sql(
        "SELECT scenario, rank FROM mart.rank_with_values('2021-Q1', 'method-a', %s::jsonb) WHERE district_code = %s",
        (json.dumps(changes), district),
    ).fetchall()
    return {values[scenario]: rank for scenario, rank in rows}


REPORTS: dict[str, dict[str, Any]] = {
    "A": {"plan_tasks_completed": 20, "feedback_resolved": 8},
    "B": {},
    "C": {"plan_tasks_completed": 16, "survey_satisfaction_pct": 91.25},
    "D": {"plan_tasks_completed": 2},
}
RELATIVE = [
    {
        "area": "I",
        "weight": 100,
        "criteria": [
            {"criterion": "plan", "weight": 50, "rule": "percentile_rank", "value": "plan_tasks_completed"},
            {"criterion": "satisfaction", "weight": 30, "rule": "min_max", "value": "survey_satisfaction_pct"},
            {
                "criterion": "documents",
                "weight": 20,
                "rule": "distance_to_best",
                "value": "legal_documents_issued",
                "statuses": {"blank": "lowest"},
            },
        ],
    }
]
GEOMETRIC = [{**TREE[0], "aggregation": "geometric", "weights": "parts", "criteria": TREE[0]["criteria"][:3]}]


@pytest.mark.parametrize(
    "method",
    [
        {},
        {"areas": RELATIVE},
        {"areas": GEOMETRIC},
        {"rounding": {"criteria": 0, "score": 0}},
        {"tie_breaks": ["plan"]},
    ],
    ids=["plain", "compared", "geometric", "rounded", "tie-breaks"],
)
def test_no_smaller_change_of_any_value_gains_a_place(
    connection: Connection, tmp_path: Path, method: dict[str, Any]
) -> None:
    """Compare the search with the ranks of every allowed value."""
    catalogue = warehouse(connection, tmp_path, REPORTS, **method)
    explanation = explained(connection, catalogue, "B")
    gains_by_indicator, rank = gains(explanation), explanation.district["rank"]
    assert gains_by_indicator
    for code, limits in find_ranges(connection, catalogue, "2021-Q1", "B").items():
        highest = limits.highest if limits.highest is not None else Decimal(200)
        step = max(limits.step, Decimal("0.25"))
        allowed = list(limits.codes) or [
            limits.lowest + number * step for number in range(int((highest - limits.lowest) / step) + 1)
        ]
        before = Decimal(str(VALUES[code]))
        better = {value for value, other in ranks(connection, "B", code, allowed).items() if other < rank}
        if code not in gains_by_indicator:
            assert not better, code
            continue
        smallest = min(abs(value - before) for value in better)
        assert abs(gains_by_indicator[code].change) <= smallest, code
        assert abs(gains_by_indicator[code].change) > smallest - step, code


def test_the_rank_of_a_proposed_change_is_the_rank_of_the_engine(connection: Connection, tmp_path: Path) -> None:
    catalogue = warehouse(connection, tmp_path, REPORTS)
    for code, gain in gains(explained(connection, catalogue, "D")).items():
        assert ranks(connection, "D", code, [gain.after]) == {gain.after: gain.rank}


def test_a_scenario_may_blank_a_value_and_leaves_other_districts_unchanged(
    connection: Connection, tmp_path: Path
) -> None:
    warehouse(connection, tmp_path, {"A": {}, "B": {}})
    change = [{"scenario": 7, "district_code": "B", "indicator_code": "plan_tasks_completed", "value": None}]
    rows = connection.exec_driver_sql(
        "SELECT scenario, district_code, rank, coverage, is_tied FROM"
        " mart.rank_with_values('2021-Q1', 'method-a', %s::jsonb)",
        (json.dumps(change),),
    ).fetchall()
    assert rows == [(7, "A", 1, 1, False), (7, "B", 2, Decimal("0.6"), False)]


def test_a_proposed_part_never_exceeds_its_total(connection: Connection, tmp_path: Path) -> None:
    """Only a fifth completed task would gain a place, but only four are assigned."""
    reports = {"A": {"plan_tasks_completed": 24, "dialogue_held": 1, "feedback_resolved": 9}}
    reports["B"] = {"plan_tasks_completed": 4, "plan_tasks_assigned": 4, "feedback_received": 3}
    catalogue = warehouse(connection, tmp_path, reports)
    limits = find_ranges(connection, catalogue, "2021-Q1", "B")["plan_tasks_completed"]
    assert (limits.highest, limits.ruled_by) == (4, ("plan_tasks_completed_within_assigned",))
    explanation = explained(connection, catalogue, "B")
    assert "plan_tasks_completed" not in gains(explanation)
    assert explanation.is_searched


def test_filling_a_missing_value_may_gain_a_place(connection: Connection, tmp_path: Path) -> None:
    catalogue = warehouse(connection, tmp_path, {"A": {}, "B": {"plan_tasks_completed": "blank"}})
    gain = gains(explained(connection, catalogue, "B"))["plan_tasks_completed"]
    assert (gain.before, gain.after, gain.rank) == (None, 11, 1)


def test_no_change_is_proposed_for_an_indicator_that_does_not_apply(connection: Connection, tmp_path: Path) -> None:
    reports = {"A": {}, "B": {"survey_satisfaction_pct": "not_applicable", "plan_tasks_completed": 2}}
    proposed = gains(explained(connection, warehouse(connection, tmp_path, reports), "B"))
    assert "survey_satisfaction_pct" not in proposed
    assert "plan_tasks_completed" in proposed


def test_no_changes_are_searched_for_the_first_and_for_a_district_without_a_score(
    connection: Connection, tmp_path: Path
) -> None:
    catalogue = warehouse(connection, tmp_path, REPORTS)
    assert not explained(connection, catalogue, "A").is_searched
    load_reference(connection, world.catalogue({code: {} for code in (*REPORTS, "E")}, INDICATORS))
    refresh_scores(connection)
    unscored = explained(connection, catalogue, "E")
    assert (unscored.district["score"], unscored.is_searched, unscored.gains) == (None, False, [])


def test_a_district_below_the_minimum_coverage_gets_the_changes_that_would_rank_it(
    connection: Connection, tmp_path: Path
) -> None:
    reports = {"A": {}, "B": {"plan_tasks_completed": "blank"}}
    catalogue = warehouse(connection, tmp_path, reports, minimum_coverage=0.8)
    explanation = explained(connection, catalogue, "B")
    assert explanation.district["rank"] is None
    assert gains(explanation)["plan_tasks_completed"].after == 0


def random_method(source: random.Random, number: int) -> dict[str, Any]:
    def random_node(depth: int) -> dict[str, Any]:
        weight = source.choice([1, 2, 3, 7, 0.3])
        if depth == 3 or source.random() < 0.4:
            code = f"c{next(count)}"
            points: dict[str, Any] = {
                "criterion": code,
                "weight": weight,
                "rule": "linear",
                "value": f"v{number_of(code)}",
            }
            return points | ({"rule": "min_max"} if source.random() < 0.3 else {})
        return {
            "group": f"g{next(count)}",
            "weight": weight,
            "aggregation": source.choice(["arithmetic", "arithmetic", "geometric", "sum"]),
            "criteria": [random_node(depth + 1) for _ in range(source.randint(1, 3))],
        }

    count = iter(range(1000))
    rounding = {"criteria": 1, "groups": 2, "score": 2} if source.random() < 0.3 else {}
    method = {
        "method_code": f"m{number}",
        "weights": "parts",
        "aggregation": source.choice(["arithmetic", "sum"]),
        "areas": [random_node(1) for _ in range(3)],
        "rounding": rounding,
        "statuses": {
            "blank": source.choice(["zero", "drop", "lowest"]),
            "not_done": "zero",
            "undecidable": "zero",
            "not_applicable": "drop",
        },
    }
    if source.random() < 0.5:
        method["bonus"] = [{"criterion": "plus", "weight": 4, "rule": "linear", "value": "v1"}]
        method["penalties"] = [{"criterion": "minus", "weight": 3, "rule": "linear", "value": "v2"}]
    return method


def number_of(code: str) -> int:
    return int(code[1:]) % 8


def test_the_contributions_of_any_method_sum_to_the_score_exactly(connection: Connection, tmp_path: Path) -> None:
    for seed in range(40):
        assert_contributions_sum(connection, tmp_path, random.Random(seed), seed)


def assert_contributions_sum(connection: Connection, tmp_path: Path, source: random.Random, seed: int) -> None:
    path = tmp_path / "method.yml"
    path.write_text(yaml.safe_dump(random_method(source, seed)), encoding="utf-8")
    method = parse_method(read_document(path), Vocabulary.from_table(f"v{number}" for number in range(8)))
    values = [
        UnitValue(f"u{unit}", f"v{number}", Decimal(source.randint(0, 1000)) / 10, "reported")
        if source.random() < 0.85
        else UnitValue(f"u{unit}", f"v{number}", None, source.choice(["blank", "not_applicable"]))
        for unit in range(6)
        for number in range(8)
    ]
    scores = dict(row[:2] for row in score_table(connection, method, values).rows)
    sums: dict[str, Decimal] = {}
    for unit, _, _, _, contribution in score_table(connection, method, values, "effective-weights").rows:
        sums[unit] = sums.get(unit, Decimal(0)) + contribution
    assert sums == {unit: score for unit, score in scores.items() if score is not None}, seed
