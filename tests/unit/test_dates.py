"""Days that do not exist, such as 29 February 2100, are refused as input and ignored in reports."""

from __future__ import annotations

from datetime import date

import pytest

from etl.__main__ import main
from etl.errors import UsageError
from etl.parsing.layout.head import _find_day
from etl.parsing.layout.reporting_window import _date
from etl.periods import parse_timestamp

NO_DAYS = ["2100-02-29", "2021-02-29", "2021-04-31", "2021-13-01", "2021-00-10"]


@pytest.mark.parametrize("day", NO_DAYS)
def test_a_day_that_does_not_exist_is_a_usage_error(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["waive", "procedures_in_force_sum", "--until", day, "--reason", "Lý do"]) == 2
    message = capsys.readouterr().err.strip()
    assert day in message
    assert len(message.splitlines()) == 1
    with pytest.raises(UsageError, match=day):
        parse_timestamp(day)


def test_a_leap_day_is_accepted() -> None:
    assert parse_timestamp("2024-02-29").date() == date(2024, 2, 29)


@pytest.mark.parametrize("day", NO_DAYS)
def test_a_day_that_does_not_exist_is_not_read_from_a_report(day: str) -> None:
    year, month, number = day.split("-")
    assert _find_day(f"ngày {number} tháng {month} năm {year}") is None
    assert _date(year, month, number) is None
