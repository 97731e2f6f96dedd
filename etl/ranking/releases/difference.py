"""Why two signed rankings differ: each district's change of score and place taken apart into its causes, exactly.

Every cause is switched on or off and the ranking made anew by the engine: the district's own corrections, those of the
others, reports that came later (or were taken back), the method, the units. A cause's share is its Shapley value: what
it adds, averaged over all orders in which the causes can come. So no order is privileged, and the shares sum to the
change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from etl.database import Connection
from etl.errors import CchcError, UsageError
from etl.ranking.releases.release import Basis, Unit, compute
from etl.ranking.releases.shapley import exact, shapley
from etl.ranking.releases.signing import Signed, read_signed
from etl.ranking.scoring.mixture import MixedUnit, mixed_rankings

OWN, OTHERS, LATE, METHOD, UNITS = "own_corrections", "others_corrections", "late_arrivals", "method", "units"
CAUSES = (OWN, OTHERS, LATE, METHOD, UNITS)
_DECIMALS = {"score": 20, "places": 6}
_ROWS_AT_ONCE = 5_000  # units × slices in one statement: each has some hundred values in memory

Causes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Score and rank as signed; None without."""

    score: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A district's change from one release to the next; `shares` of score points and of places gained, by cause.

    For the sums a district without a score counts as 0, one without a rank as standing behind all that have one.
    """

    district_code: str
    district_name: str
    before: Standing
    after: Standing
    score_change: Decimal
    score_shares: Mapping[str, Decimal]
    places_gained: int
    places_shares: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class _World:
    """One answer of the engine: score by unit, rank by unit, and the rank of those that have none."""

    scores: Mapping[int, Decimal]
    ranks: Mapping[int, int]
    behind: int

    def score(self, unit: int) -> Fraction:
        return Fraction(self.scores.get(unit, Decimal(0)))

    def rank(self, unit: int) -> int:
        return self.ranks.get(unit, self.behind)


def difference(connection: Connection, earlier_id: int, later_id: int) -> list[Change]:
    """Each district's change between two releases of a period, in the order of the later ranking.

    Raises UsageError where a release is unknown or they are of different periods, CchcError where one of them does not
    come to what was signed any more: its change cannot be taken apart then.
    """
    earlier, later = read_signed(connection, earlier_id), read_signed(connection, later_id)
    if earlier.basis.period_key != later.basis.period_key:
        raise UsageError(
            "the two releases are of different periods", "Name two of one period, see `python -m etl release list`"
        )
    for one in (earlier, later):
        if compute(connection, one.basis).hashes["ranking"] != one.hashes["ranking"]:
            raise CchcError(f"release {one.release_id} does not come to what was signed", "See release verify")
    return _Comparison(connection, earlier, later).changes()


class _Comparison:
    def __init__(self, connection: Connection, earlier: Signed, later: Signed) -> None:
        self._connection, self._earlier, self._later = connection, earlier.basis, later.basis
        self._units = {
            is_later: {unit.district_key: unit for unit in basis.units}
            for is_later, basis in ((False, earlier.basis), (True, later.basis))
        }
        self._every = self._units[False] | self._units[True]
        self._reported = {
            is_later: self._with_report(basis) for is_later, basis in ((False, self._earlier), (True, self._later))
        }
        moved = self._moved()
        self._late = {unit for unit in self._every if (unit in self._reported[False]) != (unit in self._reported[True])}
        self._corrected = {key for key, unit in self._every.items() if unit.district_code in moved} - self._late
        self._shared = frozenset(
            cause
            for cause, is_there in (
                (LATE, bool(self._late)),
                (METHOD, earlier.hashes["method"] != later.hashes["method"]),
                (UNITS, earlier.hashes["units"] != later.hashes["units"]),
            )
            if is_there
        )
        self._worlds: dict[tuple[Causes, frozenset[int]], _World] = {}

    def changes(self) -> list[Change]:
        """Every district of either release."""
        self._compute(self._needed())
        result = [self._change(unit) for unit in self._every.values()]
        return sorted(result, key=lambda one: (one.after.rank is None, one.after.rank, one.district_code))

    def _with_report(self, basis: Basis) -> set[int]:
        found = self._connection.exec_driver_sql(
            "SELECT DISTINCT o.district_key FROM warehouse.fact_observation AS o"
            " WHERE o.period_key = %s AND o.known_from <= %s AND o.known_to > %s",
            (basis.period_key, basis.known_at, basis.known_at),
        )
        return {key for (key,) in found}

    def _moved(self) -> set[str]:
        """Codes of the districts of which a figure that one of the methods reads was another one."""
        codes: set[str] = set()
        for definition in {self._earlier.definition, self._later.definition}:
            lines = [
                set(
                    self._connection.exec_driver_sql(
                        "SELECT district_code, line FROM warehouse.data_line(%s, %s::jsonb, %s)",
                        (basis.period_key, definition, basis.known_at),
                    ).fetchall()
                )
                for basis in (self._earlier, self._later)
            ]
            codes |= {code for code, _ in lines[0] ^ lines[1]}
        return codes

    def _causes_of(self, unit: int) -> tuple[str, ...]:
        own = {OWN} if unit in self._corrected else set()
        others = {OTHERS} if self._corrected - {unit} else set()
        return tuple(cause for cause in CAUSES if cause in own | others | self._shared)

    def _world_of(self, unit: int, causes: Iterable[str]) -> tuple[Causes, frozenset[int]]:
        """Which ranking shows these causes at work for a unit: the shared ones, and whose corrections are in."""
        at_work = frozenset(causes)
        own = {unit} & self._corrected if OWN in at_work else set()
        others = self._corrected - {unit} if OTHERS in at_work else set()
        return at_work & self._shared, frozenset(own | others)

    def _needed(self) -> set[tuple[Causes, frozenset[int]]]:
        return {
            self._world_of(unit, subset)
            for unit in self._every
            for causes in (self._causes_of(unit),)
            for size in range(len(causes) + 1)
            for subset in combinations(causes, size)
        }

    def _compute(self, needed: set[tuple[Causes, frozenset[int]]]) -> None:
        """All rankings, many in one statement: each is a slice of its own."""
        for basis, is_later in ((self._earlier, False), (self._later, True)):
            wanted = [one for one in needed if (METHOD in one[0]) == is_later]
            step = max(_ROWS_AT_ONCE // max(len(self._every), 1), 1)
            for start in range(0, len(wanted), step):
                self._compute_some(basis, wanted[start : start + step])

    def _compute_some(self, basis: Basis, wanted: list[tuple[Causes, frozenset[int]]]) -> None:
        mixture = [row for number, one in enumerate(wanted) for row in self._slice(number, *one)]
        rows: dict[int, list[dict[str, Any]]] = {}
        for row in mixed_rankings(self._connection, basis.definition, basis.period_key, mixture):
            rows.setdefault(row["slice"], []).append(row)
        for number, one in enumerate(wanted):
            of_slice = rows.get(number, [])
            ranked = {row["unit"]: int(row["rank"]) for row in of_slice if row["rank"] is not None}
            scores = {row["unit"]: row["score"] for row in of_slice if row["score"] is not None}
            self._worlds[one] = _World(scores, ranked, len(ranked) + 1)

    def _slice(self, number: int, shared: Causes, corrected: frozenset[int]) -> Iterable[MixedUnit]:
        for key, unit in self._units[UNITS in shared].items():
            is_later = (key in self._late and LATE in shared) or key in corrected
            has_report = key in self._reported[is_later]
            known_at = (self._later if is_later else self._earlier).known_at
            yield MixedUnit(number, key, unit.district_code, unit.commune_count, has_report, known_at)

    def _change(self, unit: Unit) -> Change:
        key, causes = unit.district_key, self._causes_of(unit.district_key)
        first, last = self._worlds[self._world_of(key, ())], self._worlds[self._world_of(key, causes)]

        def shares(value: Callable[[_World], Fraction], decimals: int) -> dict[str, Decimal]:
            return exact(shapley(causes, lambda subset: value(self._worlds[self._world_of(key, subset)])), decimals)

        return Change(
            unit.district_code,
            unit.district_name,
            Standing(first.scores.get(key), first.ranks.get(key)),
            Standing(last.scores.get(key), last.ranks.get(key)),
            last.scores.get(key, Decimal(0)) - first.scores.get(key, Decimal(0)),
            shares(lambda world: world.score(key), _DECIMALS["score"]),
            first.rank(key) - last.rank(key),
            shares(lambda world: Fraction(-world.rank(key)), _DECIMALS["places"]),
        )
