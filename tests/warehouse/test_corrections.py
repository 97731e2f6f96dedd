"""Corrections by the province: they check the expected value, survive resubmissions, and can be reversed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from etl.database import Connection
from etl.errors import UsageError
from etl.warehouse import (
    CellValue,
    Correction,
    LoadCounts,
    correct,
    load_accepted,
    load_reference,
    reconcile,
    stale_corrections,
)
from tests import world


@pytest.fixture
def report(connection: Connection) -> int:
    """An accepted report of A with done = 5 and assigned = 9."""
    load_reference(connection, world.catalogue())
    submission_id = world.submit(connection, values={"done": 5, "assigned": 9})
    load_accepted(connection, [submission_id])
    return submission_id


def number(value: int | str) -> CellValue:
    return CellValue(None, value) if isinstance(value, str) else CellValue(Decimal(value), "reported")


def corrected(connection: Connection, expect: int | str, to: int | str, reason: str = "Nhầm") -> int:
    return correct(connection, Correction("A", "2021-Q1", "done", number(expect), number(to), reason, "sở nội vụ"))


def versions(connection: Connection) -> list[tuple[Any, ...]]:
    """Every version of `done`: value, whether it is current, whether it is corrected."""
    return connection.exec_driver_sql(
        "SELECT coalesce(value::text, value_status), known_to IS NULL, correction_id IS NOT NULL"
        " FROM mart.observation_history WHERE indicator_code = 'done' ORDER BY known_from"
    ).fetchall()


def test_a_correction_opens_a_new_version_of_one_cell_only(connection: Connection, report: int) -> None:
    corrected(connection, 5, 6)
    assert versions(connection) == [("5", False, False), ("6", True, True)]
    assert connection.exec_driver_sql("SELECT count(*) FROM warehouse.fact_observation").fetchone() == (3,)


@pytest.mark.parametrize(
    ("expect", "to", "message"), [(4, 6, "is 5, not 4"), ("blank", 6, "is 5, not blank"), (5, 5, "already")]
)
def test_a_value_that_differs_from_the_expected_one_is_not_corrected(
    connection: Connection, report: int, expect: int | str, to: int, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        corrected(connection, expect, to)
    assert versions(connection) == [("5", True, False)]


def test_a_cell_without_an_accepted_value_is_not_corrected(connection: Connection, report: int) -> None:
    with pytest.raises(UsageError, match="nothing is accepted"):
        correct(connection, Correction("B", "2021-Q1", "done", number(5), number(6), "Nhầm", "sở nội vụ"))


def test_a_number_may_be_corrected_to_not_applicable(connection: Connection, report: int) -> None:
    corrected(connection, 5, "not_applicable")
    assert versions(connection)[-1] == ("not_applicable", True, True)


def test_reconciling_again_changes_nothing(connection: Connection, report: int) -> None:
    corrected(connection, 5, 6)
    before = versions(connection)
    assert reconcile(connection, [report]) == LoadCounts()
    assert versions(connection) == before


def test_a_later_report_with_the_same_wrong_value_is_corrected_as_well(connection: Connection, report: int) -> None:
    corrected(connection, 5, 6)
    again = world.submit(connection, values={"done": 5, "assigned": 10}, signed_on=date(2021, 3, 17))
    load_accepted(connection, [again])
    assert versions(connection) == [("5", False, False), ("6", True, True)]
    assert stale_corrections(connection, again) == []


def test_a_later_report_with_another_value_wins_and_the_correction_is_stale(
    connection: Connection, report: int
) -> None:
    corrected(connection, 5, 6)
    later = world.submit(connection, values={"done": 7, "assigned": 9}, signed_on=date(2021, 3, 17))
    load_accepted(connection, [later])
    assert versions(connection)[-1] == ("7", True, False)
    ((location, code, found, expected),) = stale_corrections(connection, later)
    assert (code, found, expected) == ("done", "7", "5")
    assert location


def test_a_correction_is_reversed_by_another_one(connection: Connection, report: int) -> None:
    corrected(connection, 5, 6)
    corrected(connection, 6, 5, "Báo cáo đúng")
    assert [value for value, _, _ in versions(connection)] == ["5", "6", "5"]
    again = world.submit(connection, values={"done": 5, "assigned": 10}, signed_on=date(2021, 3, 17))
    load_accepted(connection, [again])
    assert versions(connection)[-1][:2] == ("5", True)


def test_a_correction_makes_the_scores_of_its_period_due(connection: Connection, report: int) -> None:
    connection.exec_driver_sql("DELETE FROM warehouse.score_due")
    corrected(connection, 5, 6)
    assert connection.exec_driver_sql("SELECT DISTINCT period_code FROM warehouse.score_due").fetchall() == [
        ("2021-Q1",)
    ]
