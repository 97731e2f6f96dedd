"""Shares of several causes in one change, none privileged by the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial


def shapley(causes: tuple[str, ...], value: Callable[[frozenset[str]], Fraction]) -> dict[str, Fraction]:
    """Of each cause what it adds, averaged over all orders of the causes; the sum is value(all) − value(none)."""
    count = len(causes)
    subsets = [frozenset(subset) for size in range(count + 1) for subset in combinations(causes, size)]
    known = {subset: value(subset) for subset in subsets}
    return {
        cause: sum(
            (
                Fraction(factorial(len(before)) * factorial(count - len(before) - 1), factorial(count))
                * (known[before | {cause}] - known[before])
                for before in known
                if cause not in before
            ),
            Fraction(0),
        )
        for cause in causes
    }


def exact(shares: Mapping[str, Fraction], decimals: int) -> dict[str, Decimal]:
    """The shares as decimals that sum to the same exactly: what rounding leaves goes to the largest."""
    if not shares:
        return {}
    unit = Fraction(1, 10**decimals)
    whole = {cause: round(share / unit) for cause, share in shares.items()}
    largest = max(shares, key=lambda cause: (abs(shares[cause]), cause))
    left = sum(shares.values(), Fraction(0)) / unit - sum(whole.values())
    whole[largest] += int(left)
    return {cause: Decimal(number).scaleb(-decimals).normalize() + 0 for cause, number in whole.items()}
