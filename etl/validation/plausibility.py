"""Signs that a report is not this district's for this period: copied, rounded, or another district's figures.

They are facts about the whole report (`history.…` and `districts.…` in rules.csv), to which the rules set limits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue
from etl.validation.facts import Fact
from etl.validation.history import History
from etl.validation.limits import Group, load_limits
from etl.validation.model import Candidate, Report

if TYPE_CHECKING:
    import numpy as np

    from etl.validation.history import Array

_MOST_ROWS_LISTED = 8


class Plausibility:
    """Compares the numbers of a batch (a line for each report, a column for each indicator) with history and peers."""

    def __init__(
        self, candidates: Sequence[Candidate], numbers: Array, history: History, accepted: Mapping[str, Report],
        catalogue: Catalogue,
    ) -> None:  # fmt: skip
        import numpy as np

        self._candidates, self._numbers, self._history, self._catalogue = candidates, numbers, history, catalogue
        self._codes = [indicator.indicator_code for indicator in history.indicators]
        is_count = np.array([indicator.kind == "count" for indicator in history.indicators])
        nature = np.array([indicator.nature for indicator in history.indicators])
        self._is_stock, self._is_flow, self._is_count = (
            is_count & (nature == "stock"),
            is_count & (nature == "flow"),
            is_count,
        )
        self._is_whole = (numbers >= 0) & (numbers == np.floor(numbers))
        self._owners = self._owners_of_large_counts(accepted)

    def facts(self, line: int) -> dict[str, Fact]:
        """The facts of one report."""
        return {
            "history.stocks_far_pct": self._stocks_far(line),
            "history.same_share_pct": self._same_as_last(line),
            "history.rows_newly_zero": self._newly_zero(line),
            "districts.shared_pct": self._shared(line),
            "districts.round_share_pct": self._round_numbers(line),
        }

    def _counts(self, line: int, is_wanted: np.ndarray, group: Group) -> np.ndarray:
        """Which of the wanted indicators hold a whole number of the size that a group asks for."""
        counts: np.ndarray = is_wanted & self._is_whole[line] & (self._numbers[line] >= group.count_from)
        return counts

    def _stocks_far(self, line: int) -> Fact:
        near, last = load_limits().near, self._history.last[line]
        compared = self._is_stock & self._is_whole[line] & (last >= near.stock_from)
        far = abs(self._numbers[line] - last) > near.within * last + 1e-9
        return self._share(compared & far, compared, near.fewest, self._last_period(line))

    def _same_as_last(self, line: int) -> Fact:
        group, last = load_limits().copied, self._history.last[line]
        compared = self._counts(line, self._is_flow, group) & (last == last)  # noqa: PLR0124 - NaN is not itself
        return self._share(compared & (self._numbers[line] == last), compared, group.fewest, self._last_period(line))

    def _round_numbers(self, line: int) -> Fact:
        group = load_limits().round_digits
        compared = self._counts(line, self._is_count, group)
        return self._share(compared & (self._numbers[line] % 10 == 0), compared, group.fewest, "")

    @staticmethod
    def _share(counted: np.ndarray, compared: np.ndarray, fewest: int, expected: str) -> Fact:
        """The percentage of those compared; not a fact if they are too few."""
        part, whole = int(counted.sum()), int(compared.sum())
        return Fact(100 * part / whole, f"{part}/{whole}", expected) if whole >= fewest else Fact(None)

    def _last_period(self, line: int) -> str:
        last = self._history.last_period(line)
        return last.name_vi if last else ""

    def _newly_zero(self, line: int) -> Fact:
        """Rows that were always blank and now hold 0 without a note: nothing to report, or not known?"""
        if len(self._history.reports[line]) < load_limits().fewest_values:
            return Fact(None)
        names = [
            self._catalogue.indicators[row.indicator_code].name_vi
            for row in self._candidates[line].rows
            if row.value == 0 and not row.note and row.indicator_code in self._catalogue.indicators
            if self._history.was_always_blank(line, row.indicator_code)
        ]
        more = "; …" if len(names) > _MOST_ROWS_LISTED else ""
        listed = "; ".join(f"“{name}”" for name in names[:_MOST_ROWS_LISTED])
        return Fact(len(names), listed + more, str(len(names)))

    def _shared(self, line: int) -> Fact:
        """How many of the large flow counts are those of one other district."""
        large = self._large_counts(line)
        if len(large) < load_limits().from_another.fewest:
            return Fact(None)
        own = self._candidates[line].head.district_code
        others = Counter(owner for item in large for owner in self._owners.get(item, ()) if owner != own)
        if not others:
            return Fact(0.0)
        other, shared = min(others.items(), key=lambda item: (-item[1], item[0]))
        district = self._catalogue.districts.get(other)
        return Fact(100 * shared / len(large), f"{shared}/{len(large)}", district.name_vi if district else other)

    def _large_counts(self, line: int) -> list[tuple[str, float]]:
        large = self._counts(line, self._is_flow, load_limits().from_another)
        return [(self._codes[column], float(self._numbers[line, column])) for column in large.nonzero()[0]]

    def _owners_of_large_counts(self, accepted: Mapping[str, Report]) -> Mapping[tuple[str, float], set[str]]:
        """Which districts report a count, among those of the batch and those accepted before."""
        owners: dict[tuple[str, float], set[str]] = defaultdict(set)
        flows = {code for code, is_flow in zip(self._codes, self._is_flow, strict=True) if is_flow}
        smallest = load_limits().from_another.count_from
        for district_code, report in accepted.items():
            for code, value in report.items():
                if code in flows and value.isdigit() and int(value) >= smallest:
                    owners[code, float(value)].add(district_code)
        for line, candidate in enumerate(self._candidates):
            for item in self._large_counts(line):
                owners[item].add(candidate.head.district_code)
        return owners
