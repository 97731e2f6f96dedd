"""What a district's own earlier reports say of a row (`history.…` in rules.csv): pure arithmetic over accepted values.

A figure that an earlier report left open is not guessed: what needs it is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

from etl import periods
from etl.periods import Period
from etl.validation import limits
from etl.validation.model import Report

# Figures of one row, and of the report as a whole.
ROW_FIGURES = (
    "last",
    "last_this_year",
    "first_quarter",
    "half_year",
    "half_and_third",
    "at_opening",
    "departure",
    "newly_blank",
    "exchanged",
)
NO_NUMBER = frozenset(("blank", "not_applicable", "not_done", "undecidable", ""))


def periods_needed(period: Period, known: Iterable[str]) -> list[str]:
    """Which of the known periods' reports are looked at when `period` is judged, oldest first."""
    before = sorted(one for one in map(periods.parse, known) if _is_before(one, period))
    return [one.code for one in before[-limits.load().most_reports :]]


def _is_before(one: Period, period: Period) -> bool:
    """Closed no later: third quarter and nine months see each other."""
    return one.ends_on <= period.ends_on and one != period


class History:
    """The earlier accepted reports of one district, seen from the period that is judged."""

    def __init__(self, earlier: Mapping[str, Report], period: Period) -> None:
        known = ((_period(code), report) for code, report in earlier.items())
        before = sorted(((one, report) for one, report in known if _is_before(one, period)), key=lambda item: item[0])
        self.reports = dict(before[-limits.load().most_reports :])
        self._by_code = {one.code: report for one, report in self.reports.items()}
        self._year = period.year
        last = max(self.reports, default=None)
        this_year = max((one for one in self.reports if one.year == period.year), default=None)
        closing = [one for one in self.reports if (period.starts_on - one.ends_on).days == 1]
        opening = max(closing, key=_length, default=None)
        self.last_name = last.name_vi if last else ""
        self._single: dict[str, Report | None] = {
            figure: self.reports[one] if one else None
            for figure, one in (("last", last), ("last_this_year", this_year), ("at_opening", opening))
        }

    def __bool__(self) -> bool:
        return bool(self.reports)

    @property
    def count(self) -> int:
        return len(self.reports)

    def was_always_blank(self, code: str) -> bool:
        """Whether every earlier report left the row open, enough of them to tell."""
        is_long = len(self.reports) >= limits.load().fewest_values
        return is_long and all(report.get(code) in ("", "blank") for report in self.reports.values())

    def number(self, figure: str, code: str) -> Decimal | None:
        """A figure of one row that is a number of earlier reports; None where they do not say it."""
        if figure in self._single:
            return _value(self._single[figure], code)
        if figure == "half_and_third":
            half, third = self._of_term("H1", code), self._of_term("Q3", code)
            return half + third if half is not None and third is not None else self._of_term("9M", code)
        return self._of_term({"first_quarter": "Q1", "half_year": "H1"}[figure], code)

    def _of_term(self, term: str, code: str) -> Decimal | None:
        return _value(self._by_code.get(f"{self._year}-{term}"), code)


# The same few codes stand in the history of every district.
_period = lru_cache(maxsize=256)(periods.parse)


def _length(period: Period) -> int:
    return (period.ends_on - period.starts_on).days


def _value(report: Report | None, code: str) -> Decimal | None:
    return _decimal(report.get(code, "")) if report else None


@lru_cache(maxsize=65_536)
def _decimal(text: str) -> Decimal | None:
    return None if text in NO_NUMBER else Decimal(text)
