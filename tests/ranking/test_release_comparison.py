"""Why a rank changed: a single cause gets the whole change, and several causes sum to it exactly."""

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
    """Sign a ranking in which A has 60 points, B 50, C 40, and D no report."""
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
    return {change.district_code: change for change in changes}


def assert_shares_sum(change: DistrictChange) -> None:
    """The shares sum to the change exactly, and the change is that between the signed scores."""
    assert sum(change.score_shares.values(), Decimal(0)) == change.score_change
    assert sum(change.places_shares.values(), Decimal(0)) == change.places_gained
    assert (change.after.score or 0) - (change.before.score or 0) == change.score_change


def test_a_correction_moves_the_score_of_its_district_and_the_ranks_of_others(
    connection: Connection, tmp_path: Path
) -> None:
    first = start(connection, tmp_path)
    province.report(connection, "C", {"r": 80, "s": 60}, day=20)
    changes = by_code(compare_releases(connection, first, signed(connection)))
    assert (changes["C"].score_change, changes["C"].places_gained) == (30, 2)
    assert changes["C"].score_shares == {OWN: 30}
    assert changes["C"].places_shares == {OWN: 2}
    assert (changes["A"].score_shares, changes["A"].places_shares) == ({OTHERS: 0}, {OTHERS: -1})
    assert changes["D"].places_gained == 0 and changes["D"].before.rank is None


def test_a_late_report_is_attributed_to_late_reports_for_every_district(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path)
    province.report(connection, "D", {"r": 55, "s": 55}, day=20)
    changes = by_code(compare_releases(connection, first, signed(connection)))
    assert (changes["D"].before.rank, changes["D"].after.rank, changes["D"].places_gained) == (None, 2, 2)
    assert (changes["D"].score_shares, changes["D"].places_shares) == ({LATE: 55}, {LATE: 2})
    assert (changes["B"].score_shares, changes["B"].places_shares) == ({LATE: 0}, {LATE: -1})


def test_a_new_version_of_the_method_is_attributed_to_the_method(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path)
    build(connection, tmp_path, OTHER_WEIGHTS)
    changes = by_code(compare_releases(connection, first, signed(connection)))
    assert changes["A"].score_shares == {METHOD: -6}
    assert (changes["A"].places_shares, changes["B"].places_shares) == ({METHOD: -1}, {METHOD: 1})


def test_a_new_number_of_communes_is_attributed_to_the_units(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path, PER_COMMUNE)
    build(connection, tmp_path, PER_COMMUNE, A={"commune_count": 200})
    changes = by_code(compare_releases(connection, first, signed(connection)))
    assert set(changes["A"].score_shares) == {UNITS}
    assert changes["A"].score_change < 0
    assert changes["B"].score_shares == {UNITS: 0}
    assert_shares_sum(changes["A"])


def test_with_a_relative_rule_the_corrections_of_others_change_a_score(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path, RELATIVE)
    province.report(connection, "C", {"r": 99, "s": 50}, day=20)
    changes = by_code(compare_releases(connection, first, signed(connection)))
    assert changes["A"].score_shares == {OTHERS: -25}
    assert set(changes["C"].score_shares) == {OWN}


@pytest.mark.parametrize("method", [province.PLAIN, RELATIVE, PER_COMMUNE])
def test_all_causes_together_sum_exactly(connection: Connection, tmp_path: Path, method: str) -> None:
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
        assert_shares_sum(change)
    assert set(by_code(changes)["A"].score_shares) == set(CAUSES)
    back = by_code(compare_releases(connection, second, first))
    for change in changes:
        assert back[change.district_code].score_shares == {
            cause: -share for cause, share in change.score_shares.items()
        }, "the reverse comparison has the opposite signs"


def test_shares_of_random_corrections_sum_for_a_method_with_every_feature(
    connection: Connection, tmp_path: Path
) -> None:
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
    new_method = province.RICH.replace("weight: 3\n", "weight: 5\n")
    province.prepare(connection, tmp_path, new_method, names, province.RICH_INDICATORS)
    changes = compare_releases(connection, first, signed(connection))
    for change in changes:
        assert_shares_sum(change)
    own = {change.district_code: change.score_shares.get(OWN) for change in changes}
    assert {code for code, share in own.items() if share is not None} == {"D2", "D3", "D5"}
    assert all(METHOD in change.score_shares and LATE in change.score_shares for change in changes)


def test_releases_that_are_unknown_or_not_reproduced_are_not_compared(connection: Connection, tmp_path: Path) -> None:
    first = start(connection, tmp_path)
    with pytest.raises(UsageError, match="no release 99"):
        compare_releases(connection, first, 99)
    connection.exec_driver_sql("RESET ROLE")
    connection.exec_driver_sql("UPDATE warehouse.ranking_release SET ranking_sha256 = ''")
    with pytest.raises(CchcError, match="cannot be reproduced"):
        compare_releases(connection, first, first)


def test_a_share_is_the_mean_contribution_over_all_orders() -> None:
    source = random.Random(1)
    causes = ("a", "b", "c", "d")
    values: dict[frozenset[str], Fraction] = {}

    def value(subset: frozenset[str]) -> Fraction:
        return values.setdefault(subset, Fraction(source.randint(-1000, 1000), source.randint(1, 99)))

    shares = share_change(causes, value)
    orders = list(permutations(causes))
    for cause in causes:
        added = sum(
            (
                value(frozenset(order[: order.index(cause) + 1])) - value(frozenset(order[: order.index(cause)]))
                for order in orders
            ),
            Fraction(0),
        )
        assert shares[cause] == added / factorial(len(causes))
    assert sum(shares.values()) == value(frozenset(causes)) - value(frozenset())


def test_rounding_keeps_the_sum() -> None:
    third = {"a": Fraction(1, 3), "b": Fraction(1, 3), "c": Fraction(1, 3)}
    rounded = round_shares(third, 6)
    assert sum(rounded.values()) == 1
    assert sorted(rounded.values()) == [Decimal("0.333333"), Decimal("0.333333"), Decimal("0.333334")]
    assert round_shares({}, 6) == {}
