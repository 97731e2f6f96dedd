"""Great Expectations as it is run: nothing cut off, nothing that broke taken for a pass, no chatter."""

from __future__ import annotations

import logging

import pandas as pd
import pytest
from great_expectations import ExpectationSuite

from etl.errors import CchcError
from etl.validation import engine

OFFENDERS = 5_000


def suite_on(column: str) -> ExpectationSuite:
    expectation = {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": column, "min_value": 0.0, "max_value": 0.0},
        "meta": {"rule_code": "sum"},
        "severity": "critical",
    }
    return ExpectationSuite(name="one", expectations=[expectation])


def test_five_thousand_offenders_are_all_listed() -> None:
    frame = pd.DataFrame({"submission_id": range(2 * OFFENDERS), "sum": [0.0, 1.0] * OFFENDERS})
    with engine.session() as run:
        assert run(frame, suite_on("sum")) == {("sum", "sum"): tuple(range(1, 2 * OFFENDERS, 2))}


def test_a_check_that_breaks_is_an_error_and_no_pass() -> None:
    frame = pd.DataFrame({"submission_id": [1], "sum": [0.0]})
    with engine.session() as run, pytest.raises(CchcError, match="broke"):
        run(frame, suite_on("not_there"))


def test_its_news_of_temporary_folders_stay_out_of_our_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with engine.session() as run:
        run(pd.DataFrame({"submission_id": [1], "sum": [0.0]}), suite_on("sum"))
    assert [record for record in caplog.records if record.levelno < logging.WARNING] == []
