"""Partial corrections and withdrawals: the current facts follow from all accepted reports."""

from __future__ import annotations

import itertools
from datetime import date
from random import Random
from typing import Any

import pytest

from etl.database import Connection
from etl.warehouse import LoadCounts, load_accepted, load_reference, reconcile
from tests import world

VALUES = {"done": 1, "assigned": 10}


@pytest.fixture
def warehouse(connection: Connection) -> Connection:
    load_reference(connection, world.catalogue())
    return connection


def submit(connection: Connection, day: int, values: dict[str, Any] = VALUES, *, is_partial: bool = False) -> int:
    return world.submit(connection, values=values, signed_on=date(2021, 3, day), is_partial=is_partial)


def send(connection: Connection, day: int, values: dict[str, Any] = VALUES, *, is_partial: bool = False) -> int:
    submission_id = submit(connection, day, values, is_partial=is_partial)
    load_accepted(connection, [submission_id])
    return submission_id


def withdraw(connection: Connection, submission_id: int, status: str = "withdrawn") -> None:
    connection.exec_driver_sql("SELECT raw.set_status(%s, %s, 'nhầm', 'clerk')", (submission_id, status))
    reconcile(connection, [submission_id])


def current_values(connection: Connection) -> dict[str, tuple[Any, int]]:
    """Current value, or status if there is none, and its submission, by indicator."""
    return {
        code: (status if value is None else int(value), submission_id)
        for code, value, status, submission_id in connection.exec_driver_sql(
            "SELECT indicator_code, value, value_status, submission_id FROM mart.observation"
        )
    }


def statuses(connection: Connection, *ids: int) -> list[str]:
    return [world.status_of(connection, submission_id) for submission_id in ids]


def test_a_partial_correction_closes_only_what_it_changes(warehouse: Connection) -> None:
    complete = send(warehouse, 15)
    partial = submit(warehouse, 16, {"done": 2, "assigned": "blank"}, is_partial=True)
    assert load_accepted(warehouse, [partial]) == LoadCounts(opened=1, closed=1)
    assert current_values(warehouse) == {"done": (2, partial), "assigned": (10, complete)}
    assert statuses(warehouse, complete, partial) == ["accepted", "accepted"]
    replaced = "SELECT replaces FROM raw.submission WHERE submission_id = %s"
    assert warehouse.exec_driver_sql(replaced, (partial,)).fetchone() == (complete,)


def test_a_complete_report_replaces_earlier_partial_ones(warehouse: Connection) -> None:
    ids = [send(warehouse, 15), send(warehouse, 16, {"done": 2}, is_partial=True), send(warehouse, 17)]
    assert current_values(warehouse) == {"done": (1, ids[2]), "assigned": (10, ids[0])}
    assert statuses(warehouse, *ids) == ["superseded", "superseded", "accepted"]


def test_an_older_partial_report_changes_only_values_not_corrected_since(warehouse: Connection) -> None:
    complete = send(warehouse, 15)
    newer = send(warehouse, 18, {"done": 3}, is_partial=True)
    older = send(warehouse, 17, {"done": 2, "assigned": 20}, is_partial=True)
    assert current_values(warehouse) == {"done": (3, newer), "assigned": (20, older)}
    replaced = send(warehouse, 14, {"done": 9}, is_partial=True)
    assert current_values(warehouse) == {"done": (3, newer), "assigned": (20, older)}
    assert statuses(warehouse, complete, newer, older, replaced) == ["accepted"] * 3 + ["superseded"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(warehouse: Connection, order: tuple[int, ...]) -> None:
    reports: list[tuple[int, dict[str, Any], bool]] = [
        (15, {"done": 1, "assigned": 10}, False),
        (16, {"done": 2}, True),
        (17, {"done": 3, "assigned": 30}, False),
        (18, {"assigned": 40}, True),
    ]
    ids = {n: send(warehouse, reports[n][0], reports[n][1], is_partial=reports[n][2]) for n in order}
    assert current_values(warehouse) == {"done": (3, ids[2]), "assigned": (40, ids[3])}
    assert statuses(warehouse, *(ids[n] for n in range(4))) == ["superseded", "superseded", "accepted", "accepted"]


def test_withdrawing_a_report_opens_new_versions_of_the_previous_values(warehouse: Connection) -> None:
    first = send(warehouse, 15)
    second = send(warehouse, 16, {"done": 2, "assigned": 10})
    withdraw(warehouse, second)
    assert current_values(warehouse) == {"done": (1, first), "assigned": (10, first)}
    assert statuses(warehouse, first, second) == ["accepted", "withdrawn"]
    rows = warehouse.exec_driver_sql(
        "SELECT value::int, submission_id, known_to IS NULL FROM mart.observation_history"
        " WHERE indicator_code = 'done' ORDER BY known_from"
    ).fetchall()
    assert rows == [(1, first, False), (2, second, False), (1, first, True)]


def test_withdrawing_the_only_report_closes_all_facts(warehouse: Connection) -> None:
    only = send(warehouse, 15)
    withdraw(warehouse, only)
    assert current_values(warehouse) == {}
    assert warehouse.exec_driver_sql("SELECT count(*) FROM mart.observation_history").fetchone() == (2,)


def test_values_of_a_withdrawn_report_are_attributed_to_the_current_one(warehouse: Connection) -> None:
    first = send(warehouse, 15)
    second = send(warehouse, 16, {"done": 2, "assigned": 10})
    withdraw(warehouse, first)
    assert current_values(warehouse) == {"done": (2, second), "assigned": (10, second)}


def test_rejecting_a_partial_correction_restores_the_values_it_changed(warehouse: Connection) -> None:
    complete = send(warehouse, 15)
    partial = send(warehouse, 16, {"done": 2}, is_partial=True)
    withdraw(warehouse, partial, "rejected")
    assert current_values(warehouse) == {"done": (1, complete), "assigned": (10, complete)}


def test_reconciling_again_changes_nothing(warehouse: Connection) -> None:
    ids = [send(warehouse, 15), send(warehouse, 16, {"done": 2}, is_partial=True)]
    facts = "SELECT o::text FROM warehouse.fact_observation AS o ORDER BY 1"
    before = warehouse.exec_driver_sql(facts).fetchall()
    assert reconcile(warehouse, ids) == LoadCounts()
    assert warehouse.exec_driver_sql(facts).fetchall() == before


def test_the_second_of_two_simultaneous_partial_corrections_is_held(warehouse: Connection) -> None:
    complete = send(warehouse, 15)
    first = send(warehouse, 16, {"done": 2}, is_partial=True)
    second = send(warehouse, 16, {"done": 3}, is_partial=True)
    assert current_values(warehouse)["done"] == (2, first)
    assert statuses(warehouse, complete, first, second) == ["accepted", "accepted", "held"]


def test_a_report_with_corrections_counts_once(warehouse: Connection) -> None:
    send(warehouse, 15)
    send(warehouse, 16, {"done": 2}, is_partial=True)
    assert warehouse.exec_driver_sql("SELECT count(*) FROM warehouse.current_submission").fetchone() == (1,)
    status = warehouse.exec_driver_sql(
        "SELECT status, coverage FROM mart.reporting_status WHERE district_code = 'A'"
    ).fetchall()
    assert status == [("accepted", 1)]


def test_versions_have_no_gaps_and_no_overlaps(warehouse: Connection) -> None:
    send(warehouse, 15)
    second = send(warehouse, 16, {"done": 2, "assigned": 11})
    send(warehouse, 17, {"done": 3}, is_partial=True)
    withdraw(warehouse, second)
    rows = warehouse.exec_driver_sql(
        "SELECT lag(known_to) OVER w = known_from FROM mart.observation_history"
        " WINDOW w AS (PARTITION BY indicator_code ORDER BY known_from)"
    ).fetchall()
    assert {row[0] for row in rows} == {None, True}


def reported(versions: list[tuple[int, bool, dict[str, Any]]]) -> dict[str, Any]:
    """What versions (day, is_partial, values) report together, worked out independently of the SQL."""
    values: dict[str, Any] = {}
    for _, is_partial, answers in sorted(versions, key=lambda version: version[0]):
        if not is_partial:
            values = {}
        values |= {code: answer for code, answer in answers.items() if not (is_partial and answer == "blank")}
    return values


@pytest.mark.parametrize("seed", range(8))
def test_facts_agree_with_the_accepted_reports_after_random_reports_and_withdrawals(
    warehouse: Connection, seed: int
) -> None:
    random = Random(seed)
    versions: dict[int, tuple[int, bool, dict[str, Any]]] = {}
    for day in random.sample(range(1, 31), 12):
        answers = {code: random.choice([1, 2, 3, "blank", "not_done"]) for code in VALUES}
        is_partial = random.random() < 0.5
        submission_id = send(warehouse, day, answers, is_partial=is_partial)
        if world.status_of(warehouse, submission_id) != "duplicate":
            versions[submission_id] = (day, is_partial, answers)
        if random.random() < 0.3:
            withdrawn = random.choice(list(versions))
            del versions[withdrawn]
            withdraw(warehouse, withdrawn)
        assert {code: value for code, (value, _) in current_values(warehouse).items()} == reported(
            list(versions.values())
        )
    assert reconcile(warehouse, list(versions)) == LoadCounts()
    overlaps = warehouse.exec_driver_sql(
        "SELECT count(*) FROM warehouse.fact_observation AS earlier JOIN warehouse.fact_observation AS later"
        " USING (period_key, district_key, indicator_key)"
        " WHERE earlier.known_from < later.known_from AND later.known_from < earlier.known_to"
    ).scalar()
    assert overlaps == 0


def test_a_report_that_repeats_the_current_version_is_its_duplicate(warehouse: Connection) -> None:
    first, repeated, changed, returned = [submit(warehouse, day) for day in (15, 16, 17, 18)]
    warehouse.exec_driver_sql(
        "UPDATE raw.submission SET facts_sha256 = CASE submission_id WHEN %s THEN 'other' ELSE 'same' END", (changed,)
    )
    assert load_accepted(warehouse, [first]) == LoadCounts(opened=2)
    assert load_accepted(warehouse, [repeated]) == LoadCounts()
    assert statuses(warehouse, first, repeated) == ["accepted", "duplicate"]
    row = warehouse.exec_driver_sql(
        "SELECT duplicate_of, status_reason FROM raw.submission WHERE submission_id = %s", (repeated,)
    ).one()
    assert row.duplicate_of == first
    assert str(first) in row.status_reason
    load_accepted(warehouse, [changed, returned])
    assert statuses(warehouse, first, changed, returned) == ["superseded", "superseded", "accepted"]
