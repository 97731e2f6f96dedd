"""mart.rank_with ranks by a method that is not stored: its result, its access rights, its errors for a wrong method."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from psycopg2 import errors

from etl import database
from etl.catalogue.document import read_document
from etl.ranking import load_methods, refresh_scores
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference
from tests import world
from tests.sql_errors import assert_denied, raises_sql

READERS = ("cchc_analyst", "cchc_bi")
METHOD = """
method_code: method-a
valid_from: 2020-01-01
is_default: true
areas:
  - area: I
    weight: 80
    criteria:
      - {criterion: tasks, weight: 80, rule: linear, numerator: done, denominator: assigned, empty_denominator: drop}
  - area: II
    weight: 20
    criteria:
      - {criterion: online, weight: 20, rule: code_list, value: is_online, points: {0: 0, 1: 100}}
"""
Definition = dict[str, Any]


@pytest.fixture
def filled(settings: Settings, tmp_path: Path) -> Settings:
    """A did 90 of 100 tasks and is not online; B did 50 and is. A leads because tasks weigh 80 of 100."""
    path = tmp_path / "method-a.yml"
    path.write_text(METHOD, encoding="utf-8")
    indicators = {"done": {}, "assigned": {}, "is_online": {"kind": "code_list", "area": "II"}}
    catalogue = world.catalogue(indicators=indicators, methods={"method-a": read_document(path)})
    with database.connect(settings) as connection:
        load_reference(connection, catalogue)
        load_methods(connection, catalogue)
        for district, done, online in (("A", 90, 0), ("B", 50, 1)):
            values = {"done": done, "assigned": 100, "is_online": online}
            load_accepted(connection, [world.submit(connection, district, values=values)])
        refresh_scores(connection)
    return settings


def definition(settings: Settings, role: str = "cchc_analyst") -> Definition:
    with database.connect(settings, role=role) as connection:
        ((method,),) = connection.exec_driver_sql("SELECT definition FROM mart.method").fetchall()
    result: Definition = method
    return result


def rank_with(
    settings: Settings, method: Any, role: str = "cchc_analyst", period: str | None = None
) -> list[tuple[Any, ...]]:
    with database.connect(settings, role=role) as connection:
        return connection.exec_driver_sql(
            "SELECT district_code, score, rank FROM mart.rank_with(%s, %s) ORDER BY rank",
            (json.dumps(method), period),
        ).fetchall()


@pytest.mark.parametrize("role", READERS)
def test_a_reader_changes_a_weight_in_sql_and_nothing_is_stored(filled: Settings, role: str) -> None:
    assert rank_with(filled, definition(filled, role), role) == [("A", 72, 1), ("B", 60, 2)]
    with database.connect(filled, role=role) as connection:
        changed = connection.exec_driver_sql(
            "SELECT r.district_code, r.score, r.rank FROM mart.method AS m"
            " CROSS JOIN LATERAL mart.rank_with(jsonb_set(jsonb_set(jsonb_set(jsonb_set(m.definition,"
            " '{areas,0,weight}', '20'), '{areas,0,criteria,0,weight}', '20'),"
            " '{areas,1,weight}', '80'), '{areas,1,criteria,0,weight}', '80'), '2021-Q1') AS r ORDER BY r.rank"
        ).fetchall()
        stored = connection.exec_driver_sql(
            "SELECT district_code, score FROM mart.district_ranking ORDER BY rank"
        ).fetchall()
    assert changed == [("B", 90, 1), ("A", 18, 2)]
    assert stored == [("A", 72), ("B", 60)]


def change(*path: str | int, to: Any) -> Callable[[Definition], None]:
    def apply(method: Definition) -> None:
        node: Any = method
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = to

    return apply


TASKS = ("areas", 0, "criteria", 0)
ONLINE = ("areas", 1, "criteria", 0)


@pytest.mark.parametrize(
    ("apply", "message"),
    [
        (change("areas", to=[]), "method has no areas"),
        (change("areas", to="I"), "areas is not a list"),
        (change("areas", 0, to=7), r"areas\[1\] is not an object"),
        (change("areas", 0, "criteria", to={}), r"areas\[1\].criteria is not a list"),
        (change("areas", 0, "criteria", to=[]), r"areas\[1\] has no criteria"),
        (change(*TASKS, to={"weight": 80}), r"areas\[1\].criteria\[1\] has neither area, group nor criterion"),
        (change(*TASKS, "weight", to="much"), r'areas\[1\].criteria\[1\].weight is "much", not a number'),
        (change(*TASKS, "weight", to=None), r"areas\[1\].criteria\[1\].weight is null, not a number"),
        (change(*TASKS, "weight", to=70), "the weights below I sum to 70, not to 80"),
        (change(*TASKS, "weight", to=-80), "tasks has the weight -80, which is not above 0"),
        (change(*TASKS, "rule", to="magic"), "tasks has the unknown rule 'magic'"),
        (change(*TASKS, "rule", to="capped"), "tasks lacks what its rule capped needs"),
        (change(*TASKS, "numerator", to="undone"), "tasks names the unknown indicator 'undone'"),
        (change(*TASKS, "numerator", to=[1]), r"areas\[1\].criteria\[1\].numerator is \[1\], neither a name"),
        (change(*TASKS, "colour", to="red"), "tasks has the unknown key 'colour'"),
        (change(*TASKS, "empty_denominator", to="half"), r"empty_denominator is \"half\", not one of full, zero, drop"),
        (change(*ONLINE, "points", to={"0": "none"}), r'areas\[2\].criteria\[1\].points.0 is "none", not a number'),
        (change(*ONLINE, "points", to={"yes": 1}), r'points.code is "yes", not a number'),
        (change("statuses", "blank", to="full"), "statuses.blank is 'full', not one of zero, drop, lowest"),
        (change("statuses", "asleep", to="zero"), "statuses names the unknown status 'asleep'"),
        (change("minimum_coverage", to="half"), 'minimum_coverage is "half", not a number'),
        (change("bands", to=[{"from": "top"}]), r'bands\[1\].from is "top", not a number'),
        (change("valid_from", to="2021-02-30"), "valid_from or valid_to is not a date: .*2021-02-30"),
        (change("valid_to", to="2100-02-29"), "valid_from or valid_to is not a date: .*2100-02-29"),
        (change("tie_breaks", to=["colour"]), "the tie-break 'colour' is not a node of the method"),
        (change("colour", to="red"), "total has the unknown key 'colour'"),
    ],
)
def test_an_invalid_method_is_refused_with_the_location_of_the_error(
    filled: Settings, apply: Callable[[Definition], None], message: str
) -> None:
    method = deepcopy(definition(filled))
    apply(method)
    with raises_sql(errors.InvalidParameterValue, match=message):
        rank_with(filled, method)


@pytest.mark.parametrize("method", [None, [], 1, "method-a", {}])
def test_json_that_is_not_a_method_is_refused(filled: Settings, method: Any) -> None:
    with raises_sql(errors.InvalidParameterValue):
        rank_with(filled, method)


def test_a_tree_that_is_too_deep_is_refused(filled: Settings) -> None:
    node: Definition = definition(filled)["areas"][0]["criteria"][0]
    for number in range(60):
        node = {"group": f"g{number}", "weight": 80, "criteria": [node]}
    method = definition(filled)
    method["areas"][0]["criteria"] = [node]
    with raises_sql(errors.InvalidParameterValue, match="nested too deep"):
        rank_with(filled, method)


def test_an_unknown_period_is_refused_by_its_code(filled: Settings) -> None:
    with raises_sql(errors.InvalidParameterValue, match="unknown period 1999-Q1"):
        rank_with(filled, definition(filled), period="1999-Q1")


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE warehouse.score_due; --", "$$", "%s %1$s %%", "x' UNION SELECT 1, 1, 'a', 1, 'reported"]
)
def test_no_text_of_a_method_is_executed_as_sql(filled: Settings, text: str) -> None:
    """A name is only compared: as an indicator it is unknown, as a code it is accepted."""
    method = definition(filled)
    method["areas"][0]["criteria"][0]["numerator"] = text
    with raises_sql(errors.InvalidParameterValue, match="unknown indicator"):
        rank_with(filled, method)
    method = definition(filled)
    method["method_code"] = method["areas"][0]["criteria"][0]["criterion"] = text
    method["areas"][0]["criteria"][0]["external"] = text
    for key in ("numerator", "denominator", "empty_denominator"):
        del method["areas"][0]["criteria"][0][key]
    assert {score for _, score, _ in rank_with(filled, method)} == {0, 20}


@pytest.mark.parametrize("role", READERS)
def test_rank_with_writes_nothing_and_grants_no_other_access(filled: Settings, role: str) -> None:
    with database.connect(filled, role=role) as connection:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql("SELECT * FROM mart.method AS m, mart.rank_with(m.definition)")
    for statement in (
        "SELECT warehouse.score_units('{}', '{}', '{}')",
        "SELECT warehouse.ranking_of(1, '{}', NULL)",
        "SELECT warehouse.method_node('{}')",
    ):
        assert_denied(filled, role, statement, admin=filled)


def test_a_district_may_not_use_what_if_rankings(filled: Settings) -> None:
    method = json.dumps(definition(filled))
    for statement in (
        "SELECT * FROM mart.rank_with(%s, NULL)",
        "SELECT * FROM mart.rank_with_values('2021-Q1', 'method-a', %s)",
    ):
        assert_denied(filled, "cchc_district", statement, (method,), admin=filled)
