"""Finds the smallest change of one reported value that improves the rank of a district, by scoring trial values.

Offsets of one, two, four … steps from the current value are tried in both directions, up to the limit of the value;
then the interval between the last offset that fails and the first that gains is divided until the two are neighbours.
Nothing is assumed about rules, weights or rounding, except that a gain is not lost again within such an interval.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from etl.database import Connection
from etl.tables import Table

TRIALS_PER_QUERY = 400  # bounds the memory of one query
_VERIFIED = 10  # the smallest gains, scored again among all districts for the resulting score and rank
_SINGLE_STEPS = 4  # offsets next to the current value that are all tried
_SECTIONS = 8  # an interval is divided into this many at once: fewer queries with more trials each


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The values that an indicator may take, both ends included, in steps of `step`; `codes` are all of them, if few.

    `highest` is None without a known limit. `ruled_by` are the rules that set the limits, `moves_with` the rules by
    which another value would have to change too.
    """

    lowest: Decimal
    highest: Decimal | None
    step: Decimal
    codes: tuple[Decimal, ...] = ()
    ruled_by: tuple[str, ...] = ()
    moves_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedDistrict:
    """A district whose rank is to be improved: its `rank` among the `rivals` that are scored with it (None: all)."""

    period_code: str
    method_code: str
    district_code: str
    rivals: list[str] | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class RankGain:
    """A change of one value that improves the rank, with the resulting score and rank.

    `share` is the change relative to what the value may be: 100 for a rate, its limit or itself for a count; 1 for a
    code.
    """

    indicator_code: str
    before: Decimal | None
    after: Decimal
    share: Decimal
    limits: ValueRange
    score: Decimal | None = None
    rank: int | None = None

    @property
    def change(self) -> Decimal:
        return self.after - (self.before or Decimal(0))


@dataclass(slots=True)
class _Search:
    """The search for one indicator in one direction. An offset is a number of steps, or of codes, nearest first."""

    indicator_code: str
    before: Decimal | None
    direction: int
    limits: ValueRange
    last: int
    results: dict[int, bool] = field(default_factory=dict)

    def value(self, offset: int) -> Decimal:
        limits = self.limits
        if limits.codes:
            return limits.codes[offset - 1]
        # The search for a missing value starts at the lowest value.
        start = limits.lowest - limits.step if self.before is None else self.before
        return start + self.direction * offset * limits.step

    @property
    def gain(self) -> int | None:
        """The smallest offset that improves the rank so far."""
        return min((offset for offset, is_gain in self.results.items() if is_gain), default=None)

    def first_offsets(self) -> list[int]:
        """The first and the last two offsets: at the end a denominator may become 0, which has rules of its own."""
        ends = range(1, self.last + 1) if self.limits.codes else (1, self.last - 1, self.last)
        return [offset for offset in ends if offset > 0]

    def doubling_offsets(self) -> list[int]:
        doubling = (2**power for power in range(2, self.last.bit_length()))
        return [offset for offset in (*range(1, _SINGLE_STEPS + 1), *doubling) if offset <= self.last]

    def dividing_offsets(self) -> list[int]:
        """Offsets between the smallest gain and the largest failure below it; none once they are neighbours."""
        high = self.gain or 0
        low = max((offset for offset in self.results if offset < high), default=0)
        return sorted({low + (high - low) * part // _SECTIONS for part in range(1, _SECTIONS)} - {low, high})


def find_gains(
    connection: Connection, district: RankedDistrict, inputs: Table, ranges: Mapping[str, ValueRange]
) -> list[RankGain]:
    """Return for each value that can improve the rank alone the smallest such change, the smallest share first.

    `inputs` are the rows of mart.score_input. Values that are not applicable are left alone.
    """
    values = _read_values(inputs, ranges)
    searches = list(_plan_searches(values, ranges))
    _run_searches(connection, district, searches)
    best: dict[str, _Search] = {}
    for search in sorted((search for search in searches if search.gain), key=lambda search: search.gain or 0):
        best.setdefault(search.indicator_code, search)
    gains = sorted(map(_make_gain, best.values()), key=lambda gain: (gain.share, gain.indicator_code))
    trials = [(gain.indicator_code, gain.after) for gain in gains[:_VERIFIED]]
    verified = _score_trials(connection, replace(district, rivals=None), trials)
    return [
        *(replace(gain, score=score, rank=rank) for gain, (score, rank) in zip(gains, verified, strict=False)),
        *gains[_VERIFIED:],
    ]


def _read_values(inputs: Table, ranges: Mapping[str, ValueRange]) -> dict[str, Decimal | None]:
    """Return the reported values that may change, by indicator; None for a missing value."""
    rows = (dict(zip(inputs.columns, row, strict=True)) for row in inputs.rows)
    return {
        row["input_code"]: row["value"]
        for row in rows
        if row["source"] == "report" and row["value_status"] != "not_applicable" and row["input_code"] in ranges
    }


def _plan_searches(values: Mapping[str, Decimal | None], ranges: Mapping[str, ValueRange]) -> Iterator[_Search]:
    largest = max((value for value in values.values() if value is not None), default=Decimal(0))
    for code, value in values.items():
        limits = ranges[code]
        if limits.codes:
            others = sorted(set(limits.codes) - {value}, key=lambda other: (abs(other - (value or 0)), other))
            yield _Search(code, value, 1, replace(limits, codes=tuple(others)), len(others))
            continue
        start = limits.lowest - limits.step if value is None else value
        far_beyond = 16 * max(largest, start, Decimal(1))
        highest = far_beyond if limits.highest is None else limits.highest
        yield _Search(code, value, 1, limits, max(0, int((highest - start) / limits.step)))
        if value is not None:
            yield _Search(code, value, -1, limits, max(0, int((start - limits.lowest) / limits.step)))


def _run_searches(connection: Connection, district: RankedDistrict, searches: Sequence[_Search]) -> None:
    """Where every trial scores all districts, only searches that gain at an end are followed up, to save time."""
    _try_offsets(connection, district, [(search, offset) for search in searches for offset in search.first_offsets()])
    followed = [search for search in searches if district.rivals is not None or search.gain]
    attempts = [(search, offset) for search in followed for offset in search.doubling_offsets()]
    while attempts:
        _try_offsets(connection, district, attempts)
        attempts = [(search, offset) for search in followed for offset in search.dividing_offsets()]


def _try_offsets(connection: Connection, district: RankedDistrict, attempts: Sequence[tuple[_Search, int]]) -> None:
    trials = [(search.indicator_code, search.value(offset)) for search, offset in attempts]
    for (search, offset), (_, rank) in zip(attempts, _score_trials(connection, district, trials), strict=True):
        search.results[offset] = rank is not None and (district.rank is None or rank < district.rank)


def _make_gain(search: _Search) -> RankGain:
    after, before = search.value(search.gain or 0), search.before or Decimal(0)
    whole = search.limits.highest or max(before, after, Decimal(1))
    share = Decimal(1) if search.limits.codes else abs(after - before) / whole
    return RankGain(search.indicator_code, search.before, after, share, search.limits)


def _score_trials(
    connection: Connection, district: RankedDistrict, trials: Sequence[tuple[str, Decimal]]
) -> list[tuple[Decimal | None, int | None]]:
    """Return score and rank of the district for each trial: an indicator with another value."""
    results: list[tuple[Decimal | None, int | None]] = []
    for start in range(0, len(trials), TRIALS_PER_QUERY):
        batch = trials[start : start + TRIALS_PER_QUERY]
        changes = [
            {"scenario": number, "district_code": district.district_code, "indicator_code": code, "value": str(value)}
            for number, (code, value) in enumerate(batch)
        ]
        rows = connection.exec_driver_sql(
            "SELECT scenario, score, rank FROM mart.rank_with_values(%s, %s, %s::jsonb, %s) WHERE district_code = %s",
            (
                *(district.period_code, district.method_code, json.dumps(changes), district.rivals),
                district.district_code,
            ),
        )
        by_scenario = {scenario: (score, rank) for scenario, score, rank in rows}
        results += [by_scenario.get(number, (None, None)) for number in range(len(batch))]
    return results
