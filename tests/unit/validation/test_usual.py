"""What is usual against the own earlier reports, computed for many districts at once."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import periods
from etl.validation import limits
from etl.validation.history import History
from etl.validation.usual import bands
from tests.unit.validation.factories import CATALOGUE

STOCK, FLOW, RATE = "procedures_in_force", "dossiers_received_district", "survey_satisfaction_pct"
NOW = periods.parse("2023-H1")
BEFORE = ("2021-Q1", "2021-H1", "2021-Q3", "2021-FY", "2022-Q1", "2022-H1", "2022-Q3", "2022-FY")


def usual(*districts: Mapping[str, Mapping[str, str]], period: periods.Period = NOW) -> list[Mapping[str, object]]:
    histories = [History(reports, period) for reports in districts]
    return list(bands(histories, period, CATALOGUE.indicators.values()))


def said(code: str, *values: str) -> dict[str, dict[str, str]]:
    """The value of one row in the latest reports before now, the rest of each report silent."""
    return {period: {code: value} for period, value in zip(BEFORE[-len(values) :], values, strict=True)}


@given(st.lists(st.integers(0, 5000), min_size=4, max_size=8))
def test_a_stock_is_usual_near_the_median_of_what_was_said(values: list[int]) -> None:
    (found,) = usual(said(STOCK, *map(str, values)))
    middle = median(values)
    deviation = 1.4826 * median(abs(one - middle) for one in values)
    spread = max(limits.load().mads * deviation, limits.load().stocks.of(middle))
    assert found[STOCK] == pytest.approx((max(0.0, middle - spread), middle + spread))


def test_a_flow_is_compared_quarter_by_quarter_on_top_of_what_the_year_came_to() -> None:
    year = {"Q1": "100", "H1": "200", "Q3": "100", "FY": "400"}
    reports = {f"{of}-{term}": {FLOW: value} for of in (2021, 2022) for term, value in year.items()}
    now = {"2023-Q1": {FLOW: "150"}}
    (found,) = usual(reports | now)
    spread = limits.load().flows.of(100)
    assert found[FLOW] == pytest.approx((150 + 100 - spread, 150 + 100 + spread)), "a hundred a quarter, 150 so far"


def test_without_the_quarters_before_it_a_flow_is_not_judged() -> None:
    year = {"Q1": "100", "H1": "200", "Q3": "100", "FY": "400"}
    reports = {f"{of}-{term}": {FLOW: value} for of in (2021, 2022) for term, value in year.items()}
    assert FLOW not in usual(reports)[0], "nothing is known of the first quarter"


def test_nine_months_stand_for_half_year_and_third_quarter() -> None:
    told = {"2021-Q1": "100", "2021-Q3": "100", "2022-Q1": "100", "2022-H1": "200", "2022-9M": "300"}
    (found,) = usual({code: {FLOW: value} for code, value in told.items()}, period=periods.parse("2022-FY"))
    spread = limits.load().flows.of(100)
    assert found[FLOW] == pytest.approx((400 - spread, 400 + spread))


@pytest.mark.parametrize("value", ["blank", "not_applicable", "not_done", ""])
def test_an_absence_is_no_value(value: str) -> None:
    assert STOCK not in usual(said(STOCK, "400", "400", "400", value))[0]


def test_a_rate_is_never_usual_above_a_hundred() -> None:
    assert usual(said(RATE, "99", "99.5", "100", "98"))[0][RATE][1] == 100.0  # type: ignore[index]


def test_districts_do_not_mix_and_may_have_histories_of_different_lengths() -> None:
    long, short, none = said(STOCK, *["400"] * 8), said(STOCK, *["50"] * 4), said(STOCK, "7")
    alone = [usual(one)[0] for one in (long, short, none, {})]
    assert usual(long, short, none, {}) == alone
    assert [STOCK in one for one in alone] == [True, True, False, False]
