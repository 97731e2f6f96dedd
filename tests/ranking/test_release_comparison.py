"""Why did the rank change: each cause alone shows as itself, all together sum to the change to the last decimal."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import factorial
from pathlib import Path
from typing import Any

import pytest

from etl.database import Connection
from etl.errors import CchcError, UsageError
from etl.ranking import refresh_rankings
from etl.ranking.releases.comparison import CAUSES, LATE, METHOD, OTHERS, OWN, UNITS, DistrictChange, compare_releases
from etl.ranking.releases.content import compute_content, read_basis
from etl.ranking.releases.shapley import round_shares, share_change
from etl.ranking.releases.signing import sign
from tests.ranking import province

OTHER_WEIGHTS = (
    province.HEAD
    + """
areas:
  - {area: I, weight: 20, criteria: [{criterion: r1, weight: 20, rule: linear, value: r}]}
  - {area: II, weight: 80, criteria: [{criterion: s1, weight: 80, rule: linear, value: s}]}
"""
)
RELATIVE = province.PLAIN.replace("rule: linear, value: r", "rule: percentile_rank, value: r")
PER_COMMUNE = province.PLAIN.replace(
    "rule: linear, value: r",
    "rule: linear, numerator: r, denominator: district.commune_count, empty_denominator: drop",
)


def build(connection: Connection, folder: Path, method: str = province.PLAIN, **districts: dict[str, Any]) -> None:
    names: dict[str, dict[str, Any]] = {code: {} for code in "ABCD"}
    province.prepare(connection, folder, method, names | districts, province.PLAIN_INDICATORS)


def start(connection: Connection, folder: Path, method: str = province.PLAIN) -> int:
    """A 60, B 50, C 40 points, D sent nothing; signed."""
    build(connection, folder, method)
    for code, r, s in (("A", 70, 50), ("B", 40, 60), ("C", 30, 50)):
        province.report(connection, code, {"r": r, "s": s})
    return signed(connection)


def signed(connection: Connection) -> int:
    refresh_rankings(connection)
    return sign(
        connection, compute_content(connection, read_basis(connection, "2021-Q1", "method-a", None)), "lan", "trình ký"
    )


def by_code(changes: list[DistrictChange]) -> dict[str, DistrictChange]:
    return {one.district_code: one for one in changes}


def summed(change: DistrictChange) -> None:
    """The parts are the change, to the last decimal, and the change is what was signed."""
    assert sum(change.score_shares.values(), Decimal(0)) == change.score_change
    assert sum(change.places_shares.values(), Decimal(0)) == change.places_gained
    assert (change.after.score or 0) - (change.before.score or 0) == change.score_change


def test_a_correction_moves_the_score_of_its_district_and_the_ranks_of_others(
    connection: Connection, tmp_path: Path
) -> None:
    first = start(connection, tmp_path)
    province.report(connection, "C", {"r": 80, "s": 60}, day=20)
    found = by_code(compare_releases(connection, first, signed(connection)))
    assert (found["C"].score_change, found["C"].places_gained) == (30, 2)
    assert found["C"].score_shares == {OWN: 30}
    assert found["C"].places_shares == {OWN: 2}
    assert (found["A"].score_shares, found["A"].places_shares) == ({OTHERS: 0}, {OTHERS: -1})
    assert found["D"].places_gained == 0 and found["D"].before.rank is None


def test_a_late_report_is_a_late_arrival_for_all(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path)
    province.report(connection, "D", {"r": 55, "s": 55}, day=20)
    found = by_code(compare_releases(connection, first, signed(connection)))
    assert (found["D"].before.rank, found["D"].after.rank, found["D"].places_gained) == (None, 2, 2)
    assert (found["D"].score_shares, found["D"].places_shares) == ({LATE: 55}, {LATE: 2})
    assert (found["B"].score_shares, found["B"].places_shares) == ({LATE: 0}, {LATE: -1})


def test_another_version_of_the_method_is_the_method(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path)
    build(connection, tmp_path, OTHER_WEIGHTS)
    found = by_code(compare_releases(connection, first, signed(connection)))
    assert found["A"].score_shares == {METHOD: -6}
    assert (found["A"].places_shares, found["B"].places_shares) == ({METHOD: -1}, {METHOD: 1})


def test_another_number_of_communes_is_the_units(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path, PER_COMMUNE)
    build(connection, tmp_path, PER_COMMUNE, A={"commune_count": 200})
    found = by_code(compare_releases(connection, first, signed(connection)))
    assert set(found["A"].score_shares) == {UNITS}
    assert found["A"].score_change < 0
    assert found["B"].score_shares == {UNITS: 0}
    summed(found["A"])


def test_where_districts_are_compared_the_others_corrections_move_a_score(
    connection: Connection, tmp_path: Path
) -> None:
    first = start(connection, tmp_path, RELATIVE)
    province.report(connection, "C", {"r": 99, "s": 50}, day=20)
    found = by_code(compare_releases(connection, first, signed(connection)))
    assert found["A"].score_shares == {OTHERS: -25}
    assert set(found["C"].score_shares) == {OWN}


@pytest.mark.parametrize("method", [province.PLAIN, RELATIVE, PER_COMMUNE])
def test_everything_at_once_sums_exactly(connection: Connection, tmp_path: Path, method: str) -> None:
    first = start(connection, tmp_path, method)
    province.report(connection, "A", {"r": 10, "s": 37}, day=20)
    province.report(connection, "C", {"r": 77, "s": 91}, day=20)
    province.report(connection, "D", {"r": 33, "s": 66}, day=20)
    heavier = method.replace("50", "30", 2).replace("area: II, weight: 50", "area: II, weight: 70")
    build(connection, tmp_path, heavier.replace("s1, weight: 50", "s1, weight: 70"), B={"commune_count": 7})
    second = signed(connection)
    changes = compare_releases(connection, first, second)
    assert len(changes) == 4
    for change in changes:
        summed(change)
    assert set(by_code(changes)["A"].score_shares) == set(CAUSES)
    back = by_code(compare_releases(connection, second, first))
    for change in changes:
        assert back[change.district_code].score_shares == {
            cause: -share for cause, share in change.score_shares.items()
        }, "told backwards it is the same with the other sign"


def test_over_random_corrections_by_a_method_with_everything_in_it(connection: Connection, tmp_path: Path) -> None:
    source = random.Random(6)
    names: dict[str, dict[str, Any]] = {f"D{number}": {} for number in range(8)}
    province.prepare(connection, tmp_path, province.RICH, names, province.RICH_INDICATORS)

    def values() -> dict[str, Any]:
        return {name: source.randint(0, 100) for name in "rst"} | {"d": 100, "code": source.randint(0, 1)}

    for code in list(names)[1:]:
        province.report(connection, code, values())
    first = signed(connection)
    for code in ("D0", "D2", "D3", "D5"):
        province.report(connection, code, values(), day=20)
    moved = province.RICH.replace("weight: 3\n", "weight: 5\n")
    province.prepare(connection, tmp_path, moved, names, province.RICH_INDICATORS)
    changes = compare_releases(connection, first, signed(connection))
    for change in changes:
        summed(change)
    own = {one.district_code: one.score_shares.get(OWN) for one in changes}
    assert {code for code, share in own.items() if share is not None} == {"D2", "D3", "D5"}
    assert all(METHOD in one.score_shares and LATE in one.score_shares for one in changes)


def test_releases_of_other_periods_or_that_come_to_something_else_are_not_compared(
    connection: Connection, tmp_path: Path
) -> None:
    first = start(connection, tmp_path)
    with pytest.raises(UsageError, match="no release 99"):
        compare_releases(connection, first, 99)
    connection.exec_driver_sql("RESET ROLE")
    connection.exec_driver_sql("UPDATE warehouse.ranking_release SET ranking_sha256 = ''")
    with pytest.raises(CchcError, match="cannot be reproduced"):
        compare_releases(connection, first, first)


def test_shares_are_what_a_cause_adds_over_all_orders() -> None:
    source = random.Random(1)
    causes = ("a", "b", "c", "d")
    values: dict[frozenset[str], Fraction] = {}

    def value(subset: frozenset[str]) -> Fraction:
        return values.setdefault(subset, Fraction(source.randint(-1000, 1000), source.randint(1, 99)))

    found = share_change(causes, value)
    orders = list(permutations(causes))
    for cause in causes:
        added = sum(
            (
                value(frozenset(order[: order.index(cause) + 1])) - value(frozenset(order[: order.index(cause)]))
                for order in orders
            ),
            Fraction(0),
        )
        assert found[cause] == added / factorial(len(causes))
    assert sum(found.values()) == value(frozenset(causes)) - value(frozenset())


def test_rounding_keeps_the_sum() -> None:
    third = {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)}
    found = round_shares(third, 6)
    assert sum(found.values()) == 1
    assert sorted(found.values()) == [Decimal("0.333333"), Decimal("0.333333"), Decimal("0.333334")]
    assert round_shares({}, 6) == {}
