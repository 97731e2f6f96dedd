"""What the earlier accepted reports of each district contain, computed for a whole batch of reports at once.

For each earlier period there is one array with a line for each report of the batch and a column for each indicator, NaN
where the report gives no number. Twenty earlier reports so cost little more than two. A figure that an earlier report
left blank is not guessed: what needs it is NaN, and rules about it are not evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from etl import periods
from etl.catalogue import Indicator
from etl.periods import Period
from etl.validation.limits import load_limits
from etl.validation.model import Report

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

# Figures of one row that rules may use.
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
_TO_STANDARD_DEVIATION = 1.4826  # from the median absolute deviation of a normal distribution


def periods_needed(period: Period, reported: Iterable[str]) -> list[str]:
    """Which of the reported periods are looked at when `period` is validated, oldest first."""
    before = sorted(one for one in map(periods.parse, reported) if _is_before(one, period))
    return [one.code for one in before[-load_limits().most_reports :]]


def _is_before(other: Period, period: Period) -> bool:
    """Closed no later: third quarter and nine months see each other."""
    return other.ends_on <= period.ends_on and other != period


class History:
    """The earlier reports of the districts of a batch, in the order of the batch."""

    def __init__(
        self, earlier: Sequence[Mapping[str, Report]], period: Period, indicators: Sequence[Indicator]
    ) -> None:
        import numpy as np

        self.period, self.indicators = period, indicators
        parsed = {code: periods.parse(code) for reports in earlier for code in reports}
        used = {code: one for code, one in sorted(parsed.items(), key=lambda item: item[1]) if _is_before(one, period)}
        most = load_limits().most_reports
        self.reports = [
            {used[code]: reports[code] for code in [code for code in used if code in reports][-most:]}
            for reports in earlier
        ]
        codes = [indicator.indicator_code for indicator in indicators]
        number = _Numbers().__getitem__
        self._nothing: Array = np.full((len(earlier), len(codes)), np.nan)
        self._values: dict[Period, Array] = {
            one: np.array([list(map(number, map(reports.get(one, {}).get, codes))) for reports in self.reports])
            for one in used.values()
            if any(one in reports for reports in self.reports)
        }

    def last_period(self, line: int) -> Period | None:
        """The period of the last report of one district."""
        return max(self.reports[line], default=None)

    def was_always_blank(self, line: int, code: str) -> bool:
        """Whether every earlier report of a district left the row blank, and there are enough of them to tell."""
        reports = self.reports[line]
        is_long = len(reports) >= load_limits().fewest_values
        return is_long and all(report.get(code) in ("", "blank") for report in reports.values())

    def figure(self, name: str) -> Array:
        """A figure that is a number of earlier reports, for all reports and indicators."""
        terms = {"first_quarter": "Q1", "half_year": "H1"}
        match name:
            case "last":
                return self.last
            case "last_this_year":
                return self._last_of(lambda one: one.year == self.period.year)
            case "at_opening":
                return self._last_of(lambda one: (self.period.starts_on - one.ends_on).days == 1, _length)
            case "half_and_third":
                return self._half_and_third(self.period.year)
            case _:
                return self._of(self.period.year, terms[name])

    @cached_property
    def last(self) -> Array:
        return self._last_of(lambda _: True)

    def _last_of(self, is_wanted: Callable[[Period], bool], order: Callable[[Period], object] | None = None) -> Array:
        """The values of each district's last report among the wanted ones."""
        values = self._nothing.copy()
        for one in sorted(filter(is_wanted, self._values), key=order):  # type: ignore[arg-type]
            has_report = [one in reports for reports in self.reports]
            values[has_report] = self._values[one][has_report]
        return values

    def _of(self, year: int, term: str) -> Array:
        return self._values.get(periods.parse(f"{year}-{term}"), self._nothing)

    def _half_and_third(self, year: int) -> Array:
        import numpy as np

        both = self._of(year, "H1") + self._of(year, "Q3")
        return np.where(np.isnan(both), self._of(year, "9M"), both)

    @cached_property
    def usual(self) -> tuple[Array, Array]:
        """The lowest and the highest usual value; NaN where the history is too short to tell.

        Flows are compared quarter by quarter: what the earlier quarters of the period's window came to is added again.
        """
        import numpy as np

        limits = load_limits()
        if not self._values:
            return self._nothing, self._nothing
        is_flow = np.array([one.kind == "count" and one.nature == "flow" for one in self.indicators])
        base = np.where(is_flow, self._before(self.period), 0.0)
        series = self._series(is_flow)
        middle = _median(series)
        deviation = _TO_STANDARD_DEVIATION * _median(np.abs(series - middle[..., None]))
        spread = np.maximum(limits.mads * deviation, self._least_spread(middle))
        highest = np.array([100.0 if one.kind == "rate" else np.inf for one in self.indicators])
        low, high = base + np.maximum(0.0, middle - spread), np.minimum(base + middle + spread, highest)
        is_long = np.count_nonzero(~np.isnan(series), axis=-1) >= limits.fewest_values
        is_measured = np.array([one.kind in ("count", "rate") for one in self.indicators])
        return np.where(is_long & is_measured, low, np.nan), np.where(is_long & is_measured, high, np.nan)

    def _series(self, is_flow: Array) -> Array:
        """All earlier values, of flows the amounts of the single quarters, oldest first along the last axis."""
        import numpy as np

        parts = []
        for one, values in self._values.items():
            amount = values - self._before(one)
            parts.append(np.where(is_flow, np.where(amount < 0, np.nan, amount), values))
        return np.stack(parts, axis=-1)

    def _before(self, period: Period) -> Array:
        """What the earlier quarters of a period's window came to."""
        match period.term:
            case "Q1" | "Q3":
                return _zeros(self._nothing)
            case "H1":
                return self._of(period.year, "Q1")
            case "9M":
                return self._of(period.year, "H1")
            case _:
                return self._half_and_third(period.year)

    def _least_spread(self, middle: Array) -> Array:
        """How far from the median is usual, however steady the history was."""
        import numpy as np

        limits = load_limits()
        around = [
            limits.rates if one.kind == "rate" else limits.flows if one.nature == "flow" else limits.stocks
            for one in self.indicators
        ]
        roots, share, least = (np.array([getattr(one, name) for one in around]) for name in ("roots", "share", "least"))
        spread: Array = roots * np.sqrt(middle) + share * middle + least
        return spread


class _Numbers(dict[str | None, float]):
    """The number of each text in earlier reports; NaN if it is none. Most texts occur many times."""

    def __missing__(self, text: str | None) -> float:
        self[text] = float("nan") if text is None or text in NO_NUMBER else float(text)
        return self[text]


def _length(period: Period) -> int:
    return (period.ends_on - period.starts_on).days


def _zeros(like: Array) -> Array:
    import numpy as np

    return np.zeros_like(like)


def _median(values: Array) -> Array:
    """Along the last axis over what is not NaN. np.nanmedian does the same ten times slower."""
    import numpy as np

    in_order = np.sort(values, axis=-1)  # NaN comes last
    last = np.maximum(np.count_nonzero(~np.isnan(values), axis=-1) - 1, 0)
    middle = [np.take_along_axis(in_order, place[..., None], axis=-1)[..., 0] for place in (last // 2, (last + 1) // 2)]
    median: Array = (middle[0] + middle[1]) / 2
    return median
