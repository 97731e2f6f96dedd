"""`explain`: contributions sum to the score to the last digit; what gains a place is the smallest change that does."""

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
    """A warehouse where districts reported these values, scored by the plain method with some of its keys changed."""
    base = yaml.safe_load((Path(__file__).parents[1] / "sql" / "method.yml").read_text(encoding="utf-8"))
    path = folder / "method.yml"
    path.write_text(yaml.safe_dump({**base, "areas": TREE, **method}, allow_unicode=True), encoding="utf-8")
    known = world.catalogue({code: {} for code in reports}, INDICATORS, methods={"method-a": read_document(path)})
    load_reference(connection, known)
    load_methods(connection, known)
    for district, values in reports.items():
        load_accepted(connection, [world.submit(connection, district, values={**VALUES, **values})])
    refresh_scores(connection)
    return known


def explained(connection: Connection, catalogue: Catalogue, district: str) -> Explanation:
    method = default_method(connection, "2021-Q1")
    return ranking.explain(
        connection, "2021-Q1", district, method, lambda: find_ranges(connection, catalogue, "2021-Q1", district)
    )


def gains(explanation: Explanation) -> dict[str, RankGain]:
    return {gain.indicator_code: gain for gain in explanation.gains}


def ranks(connection: Connection, district: str, code: str, values: list[Decimal]) -> dict[Decimal, int]:
    """The district's rank for each value of an indicator, one scenario each, all districts scored."""
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
    """Every value that is allowed is tried, one by one, and the ranks agree with what was searched."""
    known = warehouse(connection, tmp_path, REPORTS, **method)
    explanation = explained(connection, known, "B")
    found, rank = gains(explanation), explanation.district["rank"]
    assert found
    for code, limits in find_ranges(connection, known, "2021-Q1", "B").items():
        highest = limits.highest if limits.highest is not None else Decimal(200)
        step = max(limits.step, Decimal("0.25"))
        allowed = list(limits.codes) or [
            limits.lowest + number * step for number in range(int((highest - limits.lowest) / step) + 1)
        ]
        before = Decimal(str(VALUES[code]))
        better = {value for value, other in ranks(connection, "B", code, allowed).items() if other < rank}
        if code not in found:
            assert not better, code
            continue
        smallest = min(abs(value - before) for value in better)
        assert abs(found[code].change) <= smallest, code
        assert abs(found[code].change) > smallest - step, code


def test_what_is_found_is_the_rank_and_score_that_the_engine_gives(connection: Connection, tmp_path: Path) -> None:
    known = warehouse(connection, tmp_path, REPORTS)
    for code, gain in gains(explained(connection, known, "D")).items():
        assert ranks(connection, "D", code, [gain.after]) == {gain.after: gain.rank}


def test_a_scenario_may_blank_a_value_and_names_no_other_district(connection: Connection, tmp_path: Path) -> None:
    warehouse(connection, tmp_path, {"A": {}, "B": {}})
    change = [{"scenario": 7, "district_code": "B", "indicator_code": "plan_tasks_completed", "value": None}]
    rows = connection.exec_driver_sql(
        "SELECT scenario, district_code, rank, coverage, is_tied FROM"
        " mart.rank_with_values('2021-Q1', 'method-a', %s::jsonb)",
        (json.dumps(change),),
    ).fetchall()
    assert rows == [(7, "A", 1, 1, False), (7, "B", 2, Decimal("0.6"), False)]


def test_a_part_never_exceeds_its_whole(connection: Connection, tmp_path: Path) -> None:
    """Only a fifth completed task of four assigned would gain the place: there is none."""
    reports = {"A": {"plan_tasks_completed": 24, "dialogue_held": 1, "feedback_resolved": 9}}
    reports["B"] = {"plan_tasks_completed": 4, "plan_tasks_assigned": 4, "feedback_received": 3}
    known = warehouse(connection, tmp_path, reports)
    limits = find_ranges(connection, known, "2021-Q1", "B")["plan_tasks_completed"]
    assert (limits.highest, limits.ruled_by) == (4, ("plan_tasks_completed_within_assigned",))
    explanation = explained(connection, known, "B")
    assert "plan_tasks_completed" not in gains(explanation)
    assert explanation.is_searched


def test_a_missing_value_may_be_what_is_missing(connection: Connection, tmp_path: Path) -> None:
    known = warehouse(connection, tmp_path, {"A": {}, "B": {"plan_tasks_completed": "blank"}})
    gain = gains(explained(connection, known, "B"))["plan_tasks_completed"]
    assert (gain.before, gain.after, gain.rank) == (None, 11, 1)


def test_what_does_not_apply_is_left_alone(connection: Connection, tmp_path: Path) -> None:
    reports = {"A": {}, "B": {"survey_satisfaction_pct": "not_applicable", "plan_tasks_completed": 2}}
    found = gains(explained(connection, warehouse(connection, tmp_path, reports), "B"))
    assert "survey_satisfaction_pct" not in found
    assert "plan_tasks_completed" in found


def test_the_first_and_one_without_a_score_are_not_searched(connection: Connection, tmp_path: Path) -> None:
    known = warehouse(connection, tmp_path, REPORTS)
    assert not explained(connection, known, "A").is_searched
    load_reference(connection, world.catalogue({code: {} for code in (*REPORTS, "E")}, INDICATORS))
    refresh_scores(connection)
    late = explained(connection, known, "E")
    assert (late.district["score"], late.is_searched, late.gains) == (None, False, [])


def test_one_below_the_least_coverage_is_told_what_would_rank_it(connection: Connection, tmp_path: Path) -> None:
    reports = {"A": {}, "B": {"plan_tasks_completed": "blank"}}
    known = warehouse(connection, tmp_path, reports, minimum_coverage=0.8)
    explanation = explained(connection, known, "B")
    assert explanation.district["rank"] is None
    assert gains(explanation)["plan_tasks_completed"].after == 0


def random_method(chance: random.Random, number: int) -> dict[str, Any]:
    def below(depth: int) -> dict[str, Any]:
        weight = chance.choice([1, 2, 3, 7, 0.3])
        if depth == 3 or chance.random() < 0.4:
            code = f"c{next(count)}"
            points: dict[str, Any] = {
                "criterion": code,
                "weight": weight,
                "rule": "linear",
                "value": f"v{number_of(code)}",
            }
            return points | ({"rule": "min_max"} if chance.random() < 0.3 else {})
        return {
            "group": f"g{next(count)}",
            "weight": weight,
            "aggregation": chance.choice(["arithmetic", "arithmetic", "geometric", "sum"]),
            "criteria": [below(depth + 1) for _ in range(chance.randint(1, 3))],
        }

    count = iter(range(1000))
    rounding = {"criteria": 1, "groups": 2, "score": 2} if chance.random() < 0.3 else {}
    method = {
        "method_code": f"m{number}",
        "weights": "parts",
        "aggregation": chance.choice(["arithmetic", "sum"]),
        "areas": [below(1) for _ in range(3)],
        "rounding": rounding,
        "statuses": {
            "blank": chance.choice(["zero", "drop", "lowest"]),
            "not_done": "zero",
            "undecidable": "zero",
            "not_applicable": "drop",
        },
    }
    if chance.random() < 0.5:
        method["bonus"] = [{"criterion": "plus", "weight": 4, "rule": "linear", "value": "v1"}]
        method["penalties"] = [{"criterion": "minus", "weight": 3, "rule": "linear", "value": "v2"}]
    return method


def number_of(code: str) -> int:
    return int(code[1:]) % 8


def test_the_contributions_of_any_method_sum_to_the_score_exactly(connection: Connection, tmp_path: Path) -> None:
    for seed in range(40):
        assert_contributions_sum(connection, tmp_path, random.Random(seed), seed)


def assert_contributions_sum(connection: Connection, tmp_path: Path, chance: random.Random, seed: int) -> None:
    path = tmp_path / "method.yml"
    path.write_text(yaml.safe_dump(random_method(chance, seed)), encoding="utf-8")
    method = parse_method(read_document(path), Vocabulary.from_table(f"v{number}" for number in range(8)))
    values = [
        UnitValue(f"u{unit}", f"v{number}", Decimal(chance.randint(0, 1000)) / 10, "reported")
        if chance.random() < 0.85
        else UnitValue(f"u{unit}", f"v{number}", None, chance.choice(["blank", "not_applicable"]))
        for unit in range(6)
        for number in range(8)
    ]
    scores = dict(row[:2] for row in score_table(connection, method, values).rows)
    sums: dict[str, Decimal] = {}
    for unit, _, _, _, contribution in score_table(connection, method, values, "effective-weights").rows:
        sums[unit] = sums.get(unit, Decimal(0)) + contribution
    assert sums == {unit: score for unit, score in scores.items() if score is not None}, seed
