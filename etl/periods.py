"""Reporting periods: the only module that knows the calendar of the reports (581/BNV-CCHC, NĐ 09/2019/NĐ-CP).

A year has four reports, Q1, H1, Q3 and FY, and in some provinces 9M; Q2 and Q4 are only ever derived.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from etl.errors import UsageError

PROVINCE_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
REPORTED_TERMS = ("Q1", "H1", "Q3", "FY")
_CODE = re.compile(r"^([12][0-9]{3})-(Q1|H1|Q3|9M|FY|Q2|Q4)$")

# (month, day) at which the window opens, with the offset of the year, and at which it closes; both days included.
_WINDOWS = {
    "Q1": ((-1, 12, 15), (3, 14)),
    "Q2": ((0, 3, 15), (6, 14)),
    "H1": ((-1, 12, 15), (6, 14)),
    "Q3": ((0, 6, 15), (9, 14)),
    "9M": ((-1, 12, 15), (9, 14)),
    "Q4": ((0, 9, 15), (12, 14)),
    "FY": ((-1, 12, 15), (12, 14)),
}
# How a period's flows follow from others: for each way the signed terms. Q2 and Q4 are never reported.
_DERIVATIONS: dict[str, tuple[tuple[tuple[int, str], ...], ...]] = {
    "Q2": (((1, "H1"), (-1, "Q1")),),
    "Q3": (((1, "9M"), (-1, "H1")),),
    "9M": (((1, "H1"), (1, "Q3")),),
    "Q4": (((1, "FY"), (-1, "H1"), (-1, "Q3")), ((1, "FY"), (-1, "9M"))),
}
_NAMES_VI = {
    "Q1": "Quý I năm {}",
    "Q2": "Quý II năm {}",
    "H1": "6 tháng đầu năm {}",
    "Q3": "Quý III năm {}",
    "9M": "9 tháng đầu năm {}",
    "Q4": "Quý IV năm {}",
    "FY": "Năm {}",
}
_NAMES_EN = {
    "Q1": "First quarter of {}",
    "Q2": "Second quarter of {}",
    "H1": "First half of {}",
    "Q3": "Third quarter of {}",
    "9M": "First nine months of {}",
    "Q4": "Fourth quarter of {}",
    "FY": "Year {}",
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One report's period. `starts_on` and `ends_on` bound the data window, both days included."""

    ends_on: date
    starts_on: date
    code: str

    @property
    def year(self) -> int:
        return int(self.code[:4])

    @property
    def term(self) -> str:
        """Q1, Q2, H1, Q3, 9M, Q4 or FY."""
        return self.code[5:]

    @property
    def is_cumulative(self) -> bool:
        """Whether the window opens with the reporting year, so that flows add up since then."""
        return self.starts_on.month == 12

    @property
    def is_reported(self) -> bool:
        """Whether districts send a report for it; Q2 and Q4 are derived."""
        return self.term not in ("Q2", "Q4")

    @property
    def name_vi(self) -> str:
        return _NAMES_VI[self.term].format(self.year)

    @property
    def name_en(self) -> str:
        return _NAMES_EN[self.term].format(self.year)


def parse(code: str) -> Period:
    """The period of a code such as "2021-Q1".

    Raises UsageError for anything else.
    """
    match = _CODE.match(code.strip().upper())
    if not match:
        raise UsageError(f"unknown period {code!r}", "Give a year and Q1, H1, Q3, 9M or FY, such as 2021-Q1")
    year, term = int(match[1]), match[2]
    (offset, start_month, start_day), (end_month, end_day) = _WINDOWS[term]
    return Period(date(year, end_month, end_day), date(year + offset, start_month, start_day), f"{year}-{term}")


def derivations(year: int) -> dict[str, tuple[tuple[tuple[int, str], ...], ...]]:
    """For each period code that can be derived the ways to do so, each with its signed parts, by code."""
    return {
        f"{year}-{term}": tuple(tuple((sign, f"{year}-{part}") for sign, part in way) for way in ways)
        for term, ways in _DERIVATIONS.items()
    }


def closing_on(day: date) -> Period:
    """The reported period whose data window has closed most recently before `day`, a date in the province."""
    candidates = (parse(f"{year}-{term}") for year in (day.year - 1, day.year) for term in REPORTED_TERMS)
    return max(period for period in candidates if period.ends_on < day)


def end_of_day(day: date) -> datetime:
    """The moment at which a deadline on `day` has passed: the following midnight in the province."""
    return datetime.combine(day + timedelta(days=1), time(), PROVINCE_TIME)


def moment(text: str) -> datetime:
    """A moment such as 2021-04-01T09:30 or 2021-04-01; without a zone it is the province's time."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no moment", "Give one such as 2021-04-01T09:30:00+07:00") from None
    return given if given.tzinfo else given.replace(tzinfo=PROVINCE_TIME)
