"""What the earlier reports of many districts contain, computed at once, and what is usual against them."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl import periods
from etl.validation.history import History
from etl.validation.limits import load_limits
from tests.unit.validation.factories import CATALOGUE

STOCK, FLOW, RATE = "procedures_in_force", "dossiers_received_district", "survey_satisfaction_pct"
NOW = periods.parse("2023-H1")
BEFORE = ("2021-Q1", "2021-H1", "2021-Q3", "2021-FY", "2022-Q1", "2022-H1", "2022-Q3", "2022-FY")


def usual(
    *districts: Mapping[str, Mapping[str, str]], period: periods.Period = NOW
) -> list[dict[str, tuple[float, float]]]:
    """The usual range of each indicator whose history is long enough, for each district."""
    measured = [one for one in CATALOGUE.indicators.values() if one.kind in ("count", "rate", "code_list")]
    low, high = History(districts, period, measured).usual
    return [
        {
            indicator.indicator_code: (lowest, highest)
            for indicator, lowest, highest in zip(measured, low[line].tolist(), high[line].tolist(), strict=True)
            if lowest == lowest  # noqa: PLR0124 - NaN is not itself
        }
        for line in range(len(districts))
    ]


def reported(code: str, *values: str) -> dict[str, dict[str, str]]:
    """The value of one row in the latest reports before now; the other rows of each report are missing."""
    return {period: {code: value} for period, value in zip(BEFORE[-len(values) :], values, strict=True)}


@settings(deadline=None)  # the first example imports pandas or numpy
@given(st.lists(st.integers(0, 5000), min_size=4, max_size=8))
def test_a_stock_is_usual_near_the_median_of_what_was_reported(values: list[int]) -> None:
    (found,) = usual(reported(STOCK, *map(str, values)))
    middle = median(values)
    deviation = 1.4826 * median(abs(one - middle) for one in values)
    limits = load_limits()
    spread = max(
        limits.mads * deviation, limits.stocks.roots * sqrt(middle) + limits.stocks.share * middle + limits.stocks.least
    )
    assert found[STOCK] == pytest.approx((max(0.0, middle - spread), middle + spread))


def flow_spread(middle: float) -> float:
    flows = load_limits().flows
    return flows.roots * sqrt(middle) + flows.share * middle + flows.least


def test_a_flow_is_compared_quarter_by_quarter_on_top_of_the_year_so_far() -> None:
    year = {"Q1": "100", "H1": "200", "Q3": "100", "FY": "400"}
    reports = {f"{of}-{term}": {FLOW: value} for of in (2021, 2022) for term, value in year.items()}
    now = {"2023-Q1": {FLOW: "150"}}
    (found,) = usual(reports | now)
    spread = flow_spread(100)
    assert found[FLOW] == pytest.approx((150 + 100 - spread, 150 + 100 + spread)), "a hundred a quarter, 150 so far"


def test_a_flow_is_not_compared_without_the_quarters_before_it() -> None:
    year = {"Q1": "100", "H1": "200", "Q3": "100", "FY": "400"}
    reports = {f"{of}-{term}": {FLOW: value} for of in (2021, 2022) for term, value in year.items()}
    assert FLOW not in usual(reports)[0], "the first quarter was not reported"


def test_nine_months_stand_for_half_year_and_third_quarter() -> None:
    reports = {"2021-Q1": "100", "2021-Q3": "100", "2022-Q1": "100", "2022-H1": "200", "2022-9M": "300"}
    (found,) = usual({code: {FLOW: value} for code, value in reports.items()}, period=periods.parse("2022-FY"))
    spread = flow_spread(100)
    assert found[FLOW] == pytest.approx((400 - spread, 400 + spread))


@pytest.mark.parametrize("value", ["blank", "not_applicable", "not_done", ""])
def test_a_missing_value_does_not_count(value: str) -> None:
    assert STOCK not in usual(reported(STOCK, "400", "400", "400", value))[0]


def test_a_rate_is_never_usual_above_a_hundred() -> None:
    assert usual(reported(RATE, "99", "99.5", "100", "98"))[0][RATE][1] == 100.0


def test_districts_do_not_mix_and_may_have_histories_of_different_lengths() -> None:
    long, short, none = reported(STOCK, *["400"] * 8), reported(STOCK, *["50"] * 4), reported(STOCK, "7")
    alone = [usual(one)[0] for one in (long, short, none, {})]
    assert usual(long, short, none, {}) == alone
    assert [STOCK in one for one in alone] == [True, True, False, False]
