"""What a district's own earlier reports say of a row (`history.…` in rules.csv): pure arithmetic over accepted values.

Flows are compared quarter by quarter: the half year adds its second quarter to the first, the year its fourth to half
year and third quarter. A figure that an earlier report left open is not guessed: what needs it is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from math import inf
from statistics import median

from etl import periods
from etl.catalogue import Indicator
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
)
_NO_NUMBER = ("blank", "not_applicable", "not_done", "undecidable", "")
_TO_DEVIATION = 1.4826  # of a normal distribution, from the median absolute deviation


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
        known = ((periods.parse(code), report) for code, report in earlier.items())
        before = sorted(((one, report) for one, report in known if _is_before(one, period)), key=lambda item: item[0])
        self._reports = dict(before[-limits.load().most_reports :])
        self._period = period
        self._usual: dict[str, tuple[float, float] | None] = {}

    def __bool__(self) -> bool:
        return bool(self._reports)

    @cached_property
    def _last(self) -> Period | None:
        return max(self._reports, default=None)

    @property
    def last_report(self) -> Report:
        """What the report before this one said; nothing where there is none."""
        return self._reports[self._last] if self._last else {}

    @property
    def last_name(self) -> str:
        return self._last.name_vi if self._last else ""

    @property
    def count(self) -> int:
        return len(self._reports)

    def was_always_blank(self, code: str) -> bool:
        """Whether every earlier report left the row open, enough of them to tell."""
        said = [report.get(code) for report in self._reports.values()]
        return len(said) >= limits.load().fewest_values and all(one in ("", "blank") for one in said)

    def number(self, figure: str, code: str) -> Decimal | None:
        """A figure of one row that is a number of earlier reports; None where they do not say it."""
        if figure == "last":
            return _value(self.last_report, code)
        if figure == "last_this_year":
            same_year = [one for one in self._reports if one.year == self._period.year]
            return _value(self._reports[max(same_year)], code) if same_year else None
        if figure == "at_opening":
            closing = [one for one in self._reports if (self._period.starts_on - one.ends_on).days == 1]
            return _value(self._reports[max(closing, key=_length)], code) if closing else None
        if figure == "half_and_third":
            half, third = self._of_term("H1", code), self._of_term("Q3", code)
            return half + third if half is not None and third is not None else self._of_term("9M", code)
        return self._of_term({"first_quarter": "Q1", "half_year": "H1"}[figure], code)

    def _of_term(self, term: str, code: str, year: int | None = None) -> Decimal | None:
        report = self._reports.get(periods.parse(f"{year or self._period.year}-{term}"))
        return None if report is None else _value(report, code)

    def usual(self, indicator: Indicator) -> tuple[float, float] | None:
        """From where to where the value of this report would be usual; None where the history is too short to tell."""
        code = indicator.indicator_code
        if code not in self._usual:
            self._usual[code] = self._band(indicator)
        return self._usual[code]

    def _band(self, indicator: Indicator) -> tuple[float, float] | None:
        code, known = indicator.indicator_code, limits.load()
        is_flow = indicator.kind == "count" and indicator.nature == "flow"
        base = self._before_this_part(code) if is_flow else 0.0
        series = self._quarters(code) if is_flow else self._values(code)
        if base is None or len(series) < known.fewest_values:
            return None
        middle = median(series)
        around = known.rates if indicator.kind == "rate" else known.flows if is_flow else known.stocks
        deviation = _TO_DEVIATION * median(abs(one - middle) for one in series)
        spread = max(known.mads * deviation, around.of(middle))
        most = 100.0 if indicator.kind == "rate" else inf
        return base + max(0.0, middle - spread), min(base + middle + spread, most)

    def _values(self, code: str) -> list[float]:
        values = (_value(report, code) for report in self._reports.values())
        return [float(value) for value in values if value is not None]

    def _quarters(self, code: str) -> list[float]:
        """The amounts of the single quarters that the earlier reports tell, oldest first."""
        parts = ((one, _value(report, code), self._before(one, code)) for one, report in self._reports.items())
        amounts = [float(value - base) for _, value, base in parts if value is not None and base is not None]
        return [amount for amount in amounts if amount >= 0]

    def _before(self, period: Period, code: str) -> Decimal | None:
        """What the earlier quarters of a period's window came to; None where that is not known."""
        if period.term in ("Q1", "Q3"):
            return Decimal()
        if period.term == "H1":
            return self._of_term("Q1", code, period.year)
        half = self._of_term("H1", code, period.year)
        if period.term == "9M":
            return half
        third = self._of_term("Q3", code, period.year)
        return half + third if half is not None and third is not None else self._of_term("9M", code, period.year)

    def _before_this_part(self, code: str) -> float | None:
        base = self._before(self._period, code)
        return None if base is None else float(base)


def _length(period: Period) -> int:
    return (period.ends_on - period.starts_on).days


def _value(report: Report, code: str) -> Decimal | None:
    text = report.get(code, "")
    return None if text in _NO_NUMBER else Decimal(text)
