"""The calendar of reporting periods (581/BNV-CCHC, NĐ 09/2019/NĐ-CP). No other module computes dates of periods.

A year has four reports: Q1, H1, Q3 and FY, and in some provinces 9M. Q2 and Q4 are only derived.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from etl.errors import UsageError

PROVINCE_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
REPORTED_TERMS = ("Q1", "H1", "Q3", "FY")


class _Term(NamedTuple):
    name_vi: str
    name_en: str
    opens: tuple[int, int, int]  # first day of the data window: offset of the year, month, day
    closes: tuple[int, int]  # last day: month, day


_TERMS = {
    "Q1": _Term("Quý I năm {}", "First quarter of {}", (-1, 12, 15), (3, 14)),
    "Q2": _Term("Quý II năm {}", "Second quarter of {}", (0, 3, 15), (6, 14)),
    "H1": _Term("6 tháng đầu năm {}", "First half of {}", (-1, 12, 15), (6, 14)),
    "Q3": _Term("Quý III năm {}", "Third quarter of {}", (0, 6, 15), (9, 14)),
    "9M": _Term("9 tháng đầu năm {}", "First nine months of {}", (-1, 12, 15), (9, 14)),
    "Q4": _Term("Quý IV năm {}", "Fourth quarter of {}", (0, 9, 15), (12, 14)),
    "FY": _Term("Năm {}", "Year {}", (-1, 12, 15), (12, 14)),
}
_CODE = re.compile(rf"^([12][0-9]{{3}})-({'|'.join(_TERMS)})$")
# The ways to derive the flows of a period from those of others, as signed terms.
_DERIVATIONS: dict[str, tuple[tuple[tuple[int, str], ...], ...]] = {
    "Q2": (((1, "H1"), (-1, "Q1")),),
    "Q3": (((1, "9M"), (-1, "H1")),),
    "9M": (((1, "H1"), (1, "Q3")),),
    "Q4": (((1, "FY"), (-1, "H1"), (-1, "Q3")), ((1, "FY"), (-1, "9M"))),
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The period of a report. The data window is from `starts_on` to `ends_on`, both days included."""

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
        """Whether the window starts with the reporting year, so that flows are counted since then."""
        return self.starts_on.month == 12

    @property
    def is_reported(self) -> bool:
        """Whether districts send a report for it; Q2 and Q4 are derived."""
        return self.term not in ("Q2", "Q4")

    @property
    def name_vi(self) -> str:
        return _TERMS[self.term].name_vi.format(self.year)

    @property
    def name_en(self) -> str:
        return _TERMS[self.term].name_en.format(self.year)


def parse(code: str) -> Period:
    """The period of a code such as "2021-Q1". Raises UsageError for anything else."""
    match = _CODE.match(code.strip().upper())
    if not match:
        raise UsageError(f"unknown period {code!r}", "Use a year and Q1, H1, Q3, 9M or FY, such as 2021-Q1")
    year, term = int(match[1]), match[2]
    offset, *first_day = _TERMS[term].opens
    return Period(date(year, *_TERMS[term].closes), date(year + offset, *first_day), f"{year}-{term}")


def derivations(year: int) -> dict[str, tuple[tuple[tuple[int, str], ...], ...]]:
    """The ways to derive each derivable period of a year, each as (sign, period code) of its parts."""
    return {
        f"{year}-{term}": tuple(tuple((sign, f"{year}-{part}") for sign, part in way) for way in ways)
        for term, ways in _DERIVATIONS.items()
    }


def closing_on(day: date) -> Period:
    """The reported period whose data window closed most recently before `day`, a date in the province."""
    candidates = (parse(f"{year}-{term}") for year in (day.year - 1, day.year) for term in REPORTED_TERMS)
    return max(period for period in candidates if period.ends_on < day)


def end_of_day(day: date) -> datetime:
    """When a deadline on `day` has passed: the following midnight in the province."""
    return datetime.combine(day + timedelta(days=1), time(), PROVINCE_TIME)


def parse_timestamp(text: str) -> datetime:
    """A timestamp such as 2021-04-01T09:30 or 2021-04-01; without a time zone it is the province's time.

    Raises UsageError for anything else.
    """
    try:
        timestamp = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a valid timestamp", "Use one such as 2021-04-01T09:30:00+07:00") from None
    return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=PROVINCE_TIME)
