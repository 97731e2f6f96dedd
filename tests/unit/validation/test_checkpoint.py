"""Great Expectations as the pipeline runs it: no failing row is cut off, and a broken expectation is not a pass."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from etl.errors import CchcError
from etl.validation.checkpoint import run_checkpoints
from etl.validation.evaluation import Failure, evaluate
from etl.validation.suite import COMPARISON, REPORTS, Expectation

FAILING = 5_000


def between(column: str) -> Expectation:
    kwargs = {"column": column, "min_value": 0.0, "max_value": 0.0}
    return _expectation("expect_column_values_to_be_between", kwargs)


def comparison(expression: str, *columns: str) -> Expectation:
    kwargs = {"expression": expression, "column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return _expectation(COMPARISON, kwargs | {"tolerance": ""})


def _expectation(kind: str, kwargs: Mapping[str, Any]) -> Expectation:
    return {"type": kind, "severity": "critical", "kwargs": kwargs, "meta": {"rule_code": "some_rule"}}


def frame(**columns: Any) -> Mapping[str, pd.DataFrame]:
    return {REPORTS: pd.DataFrame(columns)}


def test_five_thousand_failing_reports_are_all_listed() -> None:
    frames = frame(submission_id=range(2 * FAILING), total=[0.0, 1.0] * FAILING, part=0.0)
    expectations = [between("total"), comparison("total = part", "total", "part")]
    for outcome in run_checkpoints(frames, {REPORTS: expectations}):
        assert [failure.submission_id for failure in outcome.failures] == list(range(1, 2 * FAILING, 2))


def test_a_failure_carries_both_sides_of_a_comparison() -> None:
    frames = frame(submission_id=[7, 8, 9], total=[5.0, 4.0, None], part=[3.0, 4.0, 1.0])
    (outcome,) = run_checkpoints(frames, {REPORTS: [comparison("total = 2 * part", "total", "part")]})
    assert list(outcome.failures) == [Failure(7, "", 5.0, 6.0), Failure(8, "", 4.0, 8.0)]
    assert outcome.checked == {7: 1, 8: 1}


@pytest.mark.parametrize("expectation", [between("absent"), comparison("absent = total", "absent", "total")])
def test_an_expectation_that_cannot_be_evaluated_is_an_error(expectation: Expectation) -> None:
    frames = frame(submission_id=[1], total=[0.0])
    with pytest.raises((CchcError, KeyError), match=r"some_rule|absent"):
        run_checkpoints(frames, {REPORTS: [expectation]})


def test_a_suite_over_no_reports_has_no_failures() -> None:
    frames = frame(submission_id=[], total=[])
    assert list(run_checkpoints(frames, {REPORTS: [between("total")]})) == []
    assert all(not outcome.failures for outcome in evaluate(frames, {REPORTS: [between("total")]}))


def test_messages_about_temporary_folders_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    run_checkpoints(frame(submission_id=[1], total=[0.0]), {REPORTS: [between("total")]})
    assert [record for record in caplog.records if record.levelno < logging.WARNING] == []
