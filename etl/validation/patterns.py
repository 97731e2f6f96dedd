"""Signs that a report as a whole is not this district's for this period: facts to which rules.csv sets limits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from etl.catalogue import Catalogue, Indicator
from etl.decimals import format_decimal
from etl.observations import Observation
from etl.validation import limits
from etl.validation.facts import Fact
from etl.validation.history import History
from etl.validation.limits import Group
from etl.validation.model import Candidate, Report

_MOST_ROWS_TOLD = 8


def values_of(rows: Sequence[Observation]) -> dict[str, str]:
    """The reported values of a candidate by indicator; of a row that stands twice the first."""
    values: dict[str, str] = {}
    for row in rows:
        if row.indicator_code and row.status == "reported":
            values.setdefault(row.indicator_code, format_decimal(row.value))
    return values


def _counts(values: Report, catalogue: Catalogue, group: Group, *, nature: str = "") -> dict[str, int]:
    """The counts of a group's size among the values."""

    def is_wanted(indicator: Indicator | None) -> bool:
        return indicator is not None and indicator.kind == "count" and nature in ("", indicator.nature)

    counts = {
        code: int(value)
        for code, value in values.items()
        if value.isdigit() and len(value) < 16 and is_wanted(catalogue.indicators.get(code))
    }
    return {code: count for code, count in counts.items() if count >= group.count_from}


def history_facts(candidate: Candidate, history: History, catalogue: Catalogue) -> dict[str, Fact]:
    """How the report stands to the district's own earlier ones."""
    values = values_of(candidate.rows)
    return {
        "history.stocks_far_pct": _stocks_far(values, history, catalogue),
        "history.same_share_pct": _same_as_last(values, history, catalogue),
        "history.rows_newly_zero": _newly_zero(candidate.rows, history, catalogue),
    }


def _stocks_far(values: Report, history: History, catalogue: Catalogue) -> Fact:
    near = limits.load().near
    pairs = []
    for code, text in values.items():
        indicator = catalogue.indicators.get(code)
        last = history.number("last", code) if indicator and indicator.nature == "stock" else None
        if last is not None and last >= near.stock_from and indicator and indicator.kind == "count" and text.isdigit():
            pairs.append((Decimal(text), last))
    if len(pairs) < near.fewest:
        return Fact(None)
    far = sum(abs(now - last) > Decimal(str(near.within)) * last for now, last in pairs)
    return Fact(Decimal(100 * far) / len(pairs), f"{far}/{len(pairs)}", history.last_name)


def _same_as_last(values: Report, history: History, catalogue: Catalogue) -> Fact:
    group = limits.load().copied
    counts = _counts(values, catalogue, group, nature="flow")
    pairs = [(count, history.number("last", code)) for code, count in counts.items()]
    known = [(count, last) for count, last in pairs if last is not None]
    if len(known) < group.fewest:
        return Fact(None)
    same = sum(count == last for count, last in known)
    return Fact(Decimal(100 * same) / len(known), f"{same}/{len(known)}", history.last_name)


def _newly_zero(rows: Sequence[Observation], history: History, catalogue: Catalogue) -> Fact:
    """Rows that were always left open and now say 0 without a word: is it nothing, or not known?"""
    if history.count < limits.load().fewest_values:
        return Fact(None)
    names = [
        catalogue.indicators[row.indicator_code].name_vi
        for row in rows
        if row.value == 0 and not row.note and row.indicator_code in catalogue.indicators
        if history.was_always_blank(row.indicator_code)
    ]
    told = "; ".join(f"“{name}”" for name in names[:_MOST_ROWS_TOLD]) + ("; …" if len(names) > _MOST_ROWS_TOLD else "")
    return Fact(Decimal(len(names)), told, str(len(names)))


class Peers:
    """The large flow counts of all districts of a period: those judged together, and those accepted before."""

    def __init__(self, candidates: Sequence[Candidate], accepted: Mapping[str, Report], catalogue: Catalogue) -> None:
        self._catalogue, self._group = catalogue, limits.load().from_another
        self._owners: dict[tuple[str, int], set[str]] = defaultdict(set)
        reports = [(one.head.district_code, values_of(one.rows)) for one in candidates]
        for district_code, values in [*accepted.items(), *reports]:
            for item in self._large(values).items():
                self._owners[item].add(district_code)

    def _large(self, values: Report) -> dict[str, int]:
        return _counts(values, self._catalogue, self._group, nature="flow")

    def facts(self, candidate: Candidate) -> dict[str, Fact]:
        """How the report's figures stand to those of other districts, and whether they look rounded."""
        values = values_of(candidate.rows)
        return {
            "districts.shared_pct": self._shared(candidate.head.district_code, self._large(values)),
            "districts.round_share_pct": _round_digits(values, self._catalogue),
        }

    def _shared(self, district_code: str, large: Mapping[str, int]) -> Fact:
        if len(large) < self._group.fewest:
            return Fact(None)
        others = Counter(
            owner for item in large.items() for owner in self._owners.get(item, ()) if owner != district_code
        )
        if not others:
            return Fact(Decimal())
        other, shared = min(others.items(), key=lambda item: (-item[1], item[0]))
        district = self._catalogue.districts.get(other)
        return Fact(
            Decimal(100 * shared) / len(large), f"{shared}/{len(large)}", district.name_vi if district else other
        )


def _round_digits(values: Report, catalogue: Catalogue) -> Fact:
    group = limits.load().round_digits
    counts = _counts(values, catalogue, group).values()
    if len(counts) < group.fewest:
        return Fact(None)
    heaped = sum(count % 10 == 0 for count in counts)
    return Fact(Decimal(100 * heaped) / len(counts), f"{heaped}/{len(counts)}")
