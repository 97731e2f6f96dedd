"""The shipped methods over random reports: the SQL engine compared with a computation in exact fractions."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from etl import periods
from etl.catalogue import District, load_catalogue
from etl.database import Connection
from etl.ranking import Method, load_methods, parse_methods, refresh_scores
from etl.warehouse import load_accepted, load_reference
from tests import world

Cells = Mapping[str, Any]
_ABSENT = ("blank", "not_done", "not_applicable", "undecidable")


def names_of(content: Mapping[str, Any], key: str) -> list[str]:
    """The inputs under a key, which may be a single name or a list."""
    names = content.get(key, [])
    return [names] if isinstance(names, str) else list(names)


def random_report(source: random.Random, method: Method) -> dict[str, Any]:
    """A value for every indicator of the method, often small so that ties and empty denominators occur."""
    catalogue = load_catalogue().indicators
    inputs = {code for criterion in method.criteria() for codes in criterion.inputs.values() for code in codes}
    return {
        name: source.choice(_ABSENT)
        if source.random() < 0.15
        else source.randint(0, 1 if catalogue[name].kind == "code_list" else source.choice((3, 100)))
        for name in sorted(inputs & set(catalogue))
    }


def part(names: list[str], cells: Cells, district: District) -> Fraction | str:
    """The sum of a part, or "missing", or "dropped"."""
    values = [district.commune_count if name == "district.commune_count" else cells[name] for name in names]
    if all(value == "not_applicable" for value in values):
        return "dropped"
    if any(value in ("blank", "not_done", "undecidable") for value in values):
        return "missing"
    return sum((Fraction(value) for value in values if value != "not_applicable"), Fraction(0))


def criterion_score(content: Mapping[str, Any], cells: Cells, district: District) -> Fraction | None:
    """Score from 0 to 100, or None if the criterion is dropped."""
    numerator = part(
        [name for key in ("value", "sum", "numerator") for name in names_of(content, key)], cells, district
    )
    denominator = part(names_of(content, "denominator"), cells, district) if "denominator" in content else Fraction(100)
    if "dropped" in (numerator, denominator):
        return None
    if denominator == 0:
        full: dict[str, Fraction | None] = {"drop": None, "full": Fraction(100), "zero": Fraction(0)}
        return full[content["empty_denominator"]]
    if isinstance(numerator, str) or isinstance(denominator, str):
        return Fraction(0)
    if content["rule"] == "code_list":
        return Fraction(content["points"].get(str(numerator), 0))
    measure = numerator / denominator * 100
    if content["rule"] == "steps":
        reached = [Fraction(step["points"]) for step in content["steps"] if measure >= Fraction(step["from"])]
        return reached[-1] if reached else Fraction(0)
    zero_at = Fraction(content.get("zero_at", 0))
    full_at = Fraction(content.get("full_at", content.get("threshold", 100)))
    if content.get("direction") == "lower":
        zero_at, full_at = full_at, zero_at
    return 100 * min(Fraction(1), max(Fraction(0), (measure - zero_at) / (full_at - zero_at)))


def node_score(node: Mapping[str, Any], cells: Cells, district: District) -> Fraction | None:
    """Weighted mean of the children that are not dropped."""
    if "criterion" in node:
        return criterion_score(node, cells, district)
    children = [(Fraction(child["weight"]), node_score(child, cells, district)) for child in node["criteria"]]
    kept = [(weight, score) for weight, score in children if score is not None]
    return sum(w * s for w, s in kept) / sum(w for w, _ in kept) if kept else None


def district_score(method: Method, cells: Cells, district: District) -> Fraction:
    score = node_score({"criteria": json.loads(method.definition())["areas"]}, cells, district)
    assert score is not None
    return score


def test_sql_and_exact_fractions_agree(connection: Connection) -> None:
    catalogue = load_catalogue()
    load_reference(connection, catalogue)
    load_methods(connection, catalogue)
    # Methods with several stages need external scores; tests/ranking covers them.
    methods = [method for method in parse_methods(catalogue).values() if len(method.stages) == 1]
    source = random.Random(2021)
    expected: dict[tuple[str, str, str], Fraction] = {}
    ids, previous = [], {}
    for period_code in catalogue.periods:
        last_day = periods.parse(period_code).ends_on
        in_force = [method for method in methods if method.valid_from <= last_day <= (method.valid_to or date.max)]
        for district in catalogue.expected_districts(periods.parse(period_code)):
            cells = random_report(source, in_force[0])
            if district.district_code in ("944", "945"):  # repeat the previous report, so that there are ties
                cells = previous
            previous = cells
            form = catalogue.form_for(periods.parse(period_code)).form_code
            ids.append(world.submit(connection, district.district_code, period_code, values=cells, form_code=form))
            for method in in_force:
                key = (method.method_code, period_code, district.district_code)
                expected[key] = district_score(method, cells, district)
    load_accepted(connection, ids)
    refresh_scores(connection)
    rows = connection.exec_driver_sql(
        "SELECT method_code, period_code, district_code, score, rank FROM mart.district_ranking"
        " WHERE method_code = ANY(%s)",
        ([method.method_code for method in methods],),
    ).fetchall()
    assert len(rows) == len(expected) > 150
    for method_code, period_code, district_code, score, rank in rows:
        exact = expected[method_code, period_code, district_code]
        assert abs(Fraction(score) - exact) < Fraction(1, 10**19)
        rivals = [other for key, other in expected.items() if key[:2] == (method_code, period_code)]
        better = sum(1 for other in rivals if other > exact)
        assert rank == better + 1
