"""Shapley values: the shares of several causes in one change, independent of the order in which the causes come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

Causes = frozenset[str]


def list_subsets(causes: tuple[str, ...]) -> Iterator[Causes]:
    """Yield all subsets of the causes, the empty one first."""
    for size in range(len(causes) + 1):
        yield from map(frozenset, combinations(causes, size))


def share_change(causes: tuple[str, ...], value: Callable[[Causes], Fraction]) -> dict[str, Fraction]:
    """Return what each cause adds, averaged over all orders of the causes; the sum is value(all) - value(none)."""
    count = len(causes)
    values = {subset: value(subset) for subset in list_subsets(causes)}

    def weight(before: Causes) -> Fraction:
        return Fraction(factorial(len(before)) * factorial(count - len(before) - 1), factorial(count))

    return {
        cause: sum(
            (weight(before) * (values[before | {cause}] - values[before]) for before in values if cause not in before),
            Fraction(0),
        )
        for cause in causes
    }


def round_shares(shares: Mapping[str, Fraction], decimals: int) -> dict[str, Decimal]:
    """Return the shares as decimals with the same sum: the rounding difference goes to the largest."""
    if not shares:
        return {}
    units = {cause: share * 10**decimals for cause, share in shares.items()}
    rounded = {cause: round(share) for cause, share in units.items()}
    largest = max(shares, key=lambda cause: (abs(shares[cause]), cause))
    rounded[largest] += int(sum(units.values()) - sum(rounded.values()))
    return {cause: Decimal(number).scaleb(-decimals).normalize() + 0 for cause, number in rounded.items()}
