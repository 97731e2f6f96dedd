"""From where to where a value would be usual against a district's own earlier reports: for a whole batch at once.

One array a period, a line a district and a column an indicator, so that twenty reports cost little more than two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from etl import periods
from etl.catalogue import Indicator
from etl.periods import Period
from etl.validation import limits
from etl.validation.history import NO_NUMBER, History
from etl.validation.model import Report

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

Bands = Mapping[str, tuple[float, float]]
_TO_DEVIATION = 1.4826  # of a normal distribution, from the median absolute deviation


def bands(histories: Sequence[History], period: Period, indicators: Iterable[Indicator]) -> list[Bands]:
    """For each history the usual values of its counts and rates, by indicator; none where it is too short to tell.

    Flows are compared quarter by quarter: what the earlier quarters of this period's window came to is added again.
    """
    import numpy as np

    known = limits.load()
    measured = [one for one in indicators if one.kind in ("count", "rate")]
    past = _Past(histories, [one.indicator_code for one in measured])
    if not past:
        return [{} for _ in histories]
    is_flow = np.array([one.kind == "count" and one.nature == "flow" for one in measured])
    base = np.where(is_flow, past.before(period), 0.0)
    series = past.series(is_flow)
    middle = _median(series)
    spread = np.maximum(
        known.mads * _TO_DEVIATION * _median(np.abs(series - middle[..., None])), _least(measured, middle)
    )
    ceiling = np.array([100.0 if one.kind == "rate" else np.inf for one in measured])
    low, high = base + np.maximum(0.0, middle - spread), np.minimum(base + middle + spread, ceiling)
    is_told = (np.count_nonzero(~np.isnan(series), axis=-1) >= known.fewest_values) & ~np.isnan(base)
    return [
        {one.indicator_code: (least, most) for one, least, most, told in zip(measured, *line, strict=True) if told}
        for line in zip(low.tolist(), high.tolist(), is_told.tolist(), strict=True)
    ]


def _least(measured: Sequence[Indicator], middle: Array) -> Array:
    """How far from the middle is usual however steady the history was."""
    import numpy as np

    known = limits.load()
    around = [
        known.rates if one.kind == "rate" else known.flows if one.nature == "flow" else known.stocks for one in measured
    ]
    roots, share, least = (np.array([getattr(one, name) for one in around]) for name in ("roots", "share", "least"))
    least_far: Array = roots * np.sqrt(middle) + share * middle + least
    return least_far


class _Past:
    """What the earlier reports say: for each period an array, empty (nan) where a report is silent."""

    def __init__(self, histories: Sequence[History], codes: Sequence[str]) -> None:
        import numpy as np

        self._nothing = np.full((len(histories), len(codes)), np.nan)
        number = _Numbers().__getitem__

        def said(report: Report) -> list[float]:
            return list(map(number, map(report.get, codes)))

        self._said: dict[Period, Array] = {
            period: np.array([said(one.reports.get(period, {})) for one in histories])
            for period in sorted({period for one in histories for period in one.reports})
        }

    def __bool__(self) -> bool:
        return bool(self._said)

    def series(self, is_flow: Array) -> Array:
        """The values, of flows the amounts of the single quarters, oldest first along the last axis."""
        import numpy as np

        parts = []
        for period, said in self._said.items():
            amount = said - self.before(period)
            parts.append(np.where(is_flow, np.where(amount < 0, np.nan, amount), said))
        return np.stack(parts, axis=-1)

    def before(self, period: Period) -> Array:
        """What the earlier quarters of a period's window came to."""
        import numpy as np

        if period.term in ("Q1", "Q3"):
            return np.zeros_like(self._nothing)
        if period.term == "H1":
            return self._of(period.year, "Q1")
        half = self._of(period.year, "H1")
        if period.term == "9M":
            return half
        both = half + self._of(period.year, "Q3")
        return np.where(np.isnan(both), self._of(period.year, "9M"), both)

    def _of(self, year: int, term: str) -> Array:
        return self._said.get(periods.parse(f"{year}-{term}"), self._nothing)


class _Numbers(dict[str | None, float]):
    """The number of each text that reports hold; nan where it is none. Most texts come many times."""

    def __missing__(self, text: str | None) -> float:
        self[text] = float("nan") if text is None or text in NO_NUMBER else float(text)
        return self[text]


def _median(values: Array) -> Array:
    """Along the last axis, over what is said; nan where nothing is. Numpy's own goes through masked arrays."""
    import numpy as np

    in_order = np.sort(values, axis=-1)  # what is not said comes last
    last = np.maximum(np.count_nonzero(~np.isnan(values), axis=-1) - 1, 0)
    middle = [np.take_along_axis(in_order, place[..., None], axis=-1)[..., 0] for place in (last // 2, (last + 1) // 2)]
    median: Array = (middle[0] + middle[1]) / 2
    return median
