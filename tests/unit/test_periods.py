"""The calendar of reporting periods: windows, neighbours, deadlines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import periods
from etl.errors import UsageError

YEARS = st.integers(2000, 2100)


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on"),
    [
        ("2021-Q1", date(2020, 12, 15), date(2021, 3, 14)),
        ("2021-Q2", date(2021, 3, 15), date(2021, 6, 14)),
        ("2021-H1", date(2020, 12, 15), date(2021, 6, 14)),
        ("2021-Q3", date(2021, 6, 15), date(2021, 9, 14)),
        ("2021-9M", date(2020, 12, 15), date(2021, 9, 14)),
        ("2021-Q4", date(2021, 9, 15), date(2021, 12, 14)),
        ("2021-FY", date(2020, 12, 15), date(2021, 12, 14)),
    ],
)
def test_a_window_is_from_the_15th_to_the_14th(code: str, starts_on: date, ends_on: date) -> None:
    period = periods.parse(code)
    assert (period.starts_on, period.ends_on, period.code) == (starts_on, ends_on, code)


@given(YEARS)
def test_the_quarters_cover_the_year_without_gaps(year: int) -> None:
    quarters = [periods.parse(f"{year}-{term}") for term in ("Q1", "Q2", "Q3", "Q4")]
    whole = periods.parse(f"{year}-FY")
    assert (quarters[0].starts_on, quarters[-1].ends_on) == (whole.starts_on, whole.ends_on)
    for before, after in pairwise(quarters):
        assert after.starts_on == before.ends_on + timedelta(days=1)
    assert periods.parse(f"{year + 1}-Q1").starts_on == whole.ends_on + timedelta(days=1)


@given(YEARS, st.sampled_from(["Q1", "Q2", "H1", "Q3", "9M", "Q4", "FY"]))
def test_period_codes_are_parsed_in_any_case(year: int, term: str) -> None:
    period = periods.parse(f" {year}-{term.lower()} ")
    assert (period.year, period.term) == (year, term)
    assert period.is_reported == (term not in ("Q2", "Q4"))
    assert period.is_cumulative == (term in ("Q1", "H1", "9M", "FY"))
    assert str(year) in period.name_vi
    assert str(year) in period.name_en


@pytest.mark.parametrize(
    "code", ["", "2021", "2021-Q5", "Q1-2021", "21-Q1", "2021Q1", "2021-H2", "0000-Q1", "2021-Q1\n2"]
)
def test_other_text_is_not_a_period(code: str) -> None:
    with pytest.raises(UsageError):
        periods.parse(code)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2021, 3, 14), "2020-FY"),
        (date(2021, 3, 15), "2021-Q1"),
        (date(2021, 6, 15), "2021-H1"),
        (date(2021, 9, 14), "2021-H1"),
        (date(2021, 12, 14), "2021-Q3"),
        (date(2021, 12, 15), "2021-FY"),
        (date(2022, 1, 1), "2021-FY"),
    ],
)
def test_the_period_that_closed_last_is_the_one_to_report(day: date, code: str) -> None:
    assert periods.closing_on(day).code == code


def test_a_deadline_passes_at_midnight_in_the_province() -> None:
    deadline = periods.end_of_day(date(2021, 3, 18))
    assert deadline == datetime(2021, 3, 18, 17, 0, tzinfo=ZoneInfo("UTC"))
