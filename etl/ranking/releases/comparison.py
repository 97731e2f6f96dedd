"""Why two releases differ: the change of each district's score and rank, attributed exactly to its causes.

The causes are a district's own corrections, those of others, reports that arrived (or were withdrawn) in between, the
method and the units. The engine ranks every combination of them; the share of a cause is its Shapley value. So no order
of the causes is preferred, and the shares sum to the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from etl.database import Connection
from etl.errors import CchcError, UsageError
from etl.ranking.releases.content import ReleaseBasis, ReleaseUnit, compute_content
from etl.ranking.releases.shapley import Causes, list_subsets, round_shares, share_change
from etl.ranking.releases.signing import Release, read_release
from etl.ranking.scoring.mixture import MixedUnit, mixed_rankings

OWN, OTHERS, LATE, METHOD, UNITS = CAUSES = (
    *("own_corrections", "others_corrections", "late_arrivals", "method", "units"),
)
_SCORE_DECIMALS, _RANK_DECIMALS = 20, 6
_UNITS_PER_QUERY = 5_000  # units × rankings in one statement: each holds about a hundred values in memory


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Score and rank as signed; None if there is none."""

    score: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class DistrictChange:
    """A district's change from one release to the next, with the shares of its causes in score points and in places.

    In the sums a missing score counts as 0, a missing rank as the one after all ranked districts.
    """

    district_code: str
    district_name: str
    before: SignedRank
    after: SignedRank
    score_change: Decimal
    score_shares: Mapping[str, Decimal]
    places_gained: int
    places_shares: Mapping[str, Decimal]


class _Combination(NamedTuple):
    """Causes at work: those that concern all districts, and the keys of the districts whose corrections are in."""

    shared: Causes
    corrected: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Scores and ranks by district key."""

    scores: Mapping[int, Decimal]
    ranks: Mapping[int, int]

    def score(self, district_key: int) -> Decimal:
        return self.scores.get(district_key, Decimal(0))

    def rank(self, district_key: int) -> int:
        return self.ranks.get(district_key, len(self.ranks) + 1)


def compare_releases(connection: Connection, earlier_id: int, later_id: int) -> list[DistrictChange]:
    """Return each district's change between two releases of a period, in the order of the later ranking.

    Raises UsageError if a release is unknown or they are of different periods, CchcError if one of them can no longer
    be reproduced.
    """
    earlier, later = read_release(connection, earlier_id), read_release(connection, later_id)
    if earlier.basis.period_key != later.basis.period_key:
        hint = "Name two of one period, see `python -m etl release list`"
        raise UsageError("the two releases are of different periods", hint)
    for release in (earlier, later):
        if compute_content(connection, release.basis).hashes["ranking"] != release.hashes["ranking"]:
            raise CchcError(f"release {release.release_id} cannot be reproduced", "See `release verify`")
    return _Comparison(connection, earlier, later).list_changes()


class _Comparison:
    def __init__(self, connection: Connection, earlier: Release, later: Release) -> None:
        self._connection, self._bases = connection, (earlier.basis, later.basis)
        self._units = [{unit.district_key: unit for unit in basis.units} for basis in self._bases]
        self._all_units = self._units[0] | self._units[1]
        self._reported = [self._read_reported(basis) for basis in self._bases]
        self._late = self._reported[0] ^ self._reported[1]
        changed_codes = self._read_changed()
        self._corrected = {
            key
            for key, unit in self._all_units.items()
            if unit.district_code in changed_codes and key not in self._late
        }
        is_present = {
            LATE: bool(self._late & self._all_units.keys()),
            METHOD: earlier.hashes["method"] != later.hashes["method"],
            UNITS: earlier.hashes["units"] != later.hashes["units"],
        }
        self._shared = frozenset(cause for cause, present in is_present.items() if present)
        self._rankings: dict[_Combination, _Ranking] = {}

    def list_changes(self) -> list[DistrictChange]:
        """Return the change of every district of either release."""
        self._compute_rankings()
        changes = [self._attribute(unit) for unit in self._all_units.values()]
        return sorted(changes, key=lambda change: (change.after.rank is None, change.after.rank, change.district_code))

    def _read_reported(self, basis: ReleaseBasis) -> set[int]:
        """Return the keys of the districts of which facts were known."""
        keys = self._connection.exec_driver_sql(
            "SELECT DISTINCT o.district_key FROM warehouse.fact_observation AS o"
            " WHERE o.period_key = %s AND warehouse.is_known(o.known_from, o.known_to, %s)",
            (basis.period_key, basis.known_at),
        )
        return {key for (key,) in keys}

    def _read_changed(self) -> set[str]:
        """Return the codes of the districts of which a value differs that either method reads."""
        changed: set[str] = set()
        for definition in {basis.definition for basis in self._bases}:
            before, after = (
                set(
                    self._connection.exec_driver_sql(
                        "SELECT district_code, line FROM warehouse.data_line(%s, %s::jsonb, %s)",
                        (basis.period_key, definition, basis.known_at),
                    )
                )
                for basis in self._bases
            )
            changed |= {code for code, _ in before ^ after}
        return changed

    def _causes_of(self, district_key: int) -> tuple[str, ...]:
        causes = set(self._shared)
        if district_key in self._corrected:
            causes.add(OWN)
        if self._corrected - {district_key}:
            causes.add(OTHERS)
        return tuple(cause for cause in CAUSES if cause in causes)

    def _combine(self, district_key: int, causes: Causes) -> _Combination:
        """Return the combination that shows these causes at work for a district."""
        own = {district_key} & self._corrected if OWN in causes else set()
        others = self._corrected - {district_key} if OTHERS in causes else set()
        return _Combination(causes & self._shared, frozenset(own | others))

    def _compute_rankings(self) -> None:
        """Compute the rankings of all combinations, many in one statement: each is a slice of its own."""
        combinations = {
            self._combine(key, causes) for key in self._all_units for causes in list_subsets(self._causes_of(key))
        }
        step = max(_UNITS_PER_QUERY // max(len(self._all_units), 1), 1)
        for is_later, basis in enumerate(self._bases):
            of_method = [combination for combination in combinations if (METHOD in combination.shared) == is_later]
            for start in range(0, len(of_method), step):
                self._compute_slices(basis, of_method[start : start + step])

    def _compute_slices(self, basis: ReleaseBasis, combinations: list[_Combination]) -> None:
        units = (unit for number, combination in enumerate(combinations) for unit in self._mix(number, combination))
        slices: list[list[dict[str, Any]]] = [[] for _ in combinations]
        for row in mixed_rankings(self._connection, basis.definition, basis.period_key, units):
            slices[row["slice"]].append(row)
        for combination, rows in zip(combinations, slices, strict=True):
            scores = {row["unit"]: row["score"] for row in rows if row["score"] is not None}
            ranks = {row["unit"]: int(row["rank"]) for row in rows if row["rank"] is not None}
            self._rankings[combination] = _Ranking(scores, ranks)

    def _mix(self, number: int, combination: _Combination) -> Iterator[MixedUnit]:
        """Yield the units of a slice, each with the facts of the earlier or of the later release."""
        for key, unit in self._units[UNITS in combination.shared].items():
            is_later = (key in self._late and LATE in combination.shared) or key in combination.corrected
            has_report, known_at = key in self._reported[is_later], self._bases[is_later].known_at
            yield MixedUnit(number, key, unit.district_code, unit.commune_count, has_report, known_at)

    def _attribute(self, unit: ReleaseUnit) -> DistrictChange:
        key, causes = unit.district_key, self._causes_of(unit.district_key)

        def ranking(at_work: Iterable[str]) -> _Ranking:
            return self._rankings[self._combine(key, frozenset(at_work))]

        def shares(value: Callable[[_Ranking], Decimal | int], decimals: int) -> dict[str, Decimal]:
            return round_shares(share_change(causes, lambda subset: Fraction(value(ranking(subset)))), decimals)

        first, last = ranking(()), ranking(causes)
        return DistrictChange(
            unit.district_code,
            unit.district_name,
            SignedRank(first.scores.get(key), first.ranks.get(key)),
            SignedRank(last.scores.get(key), last.ranks.get(key)),
            last.score(key) - first.score(key),
            shares(lambda ranking: ranking.score(key), _SCORE_DECIMALS),
            first.rank(key) - last.rank(key),
            shares(lambda ranking: -ranking.rank(key), _RANK_DECIMALS),
        )
