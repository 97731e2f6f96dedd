"""Comparisons of rules.csv: when they fail, when they are not evaluated, and which texts are not valid."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import CatalogueError
from etl.validation.expressions import evaluate_sides, fails, parse_comparison
from etl.validation.frames import half_a_unit

LONGEST = 999_999_999_999_999  # a value has at most 15 digits


def is_broken(expression: str, tolerance: str = "", **values: float) -> bool | None:
    """Whether a comparison fails for one row; None if it cannot be evaluated."""
    comparison = parse_comparison(expression)
    columns = {name: [values.get(name, float("nan"))] for name in (*comparison.names, *filter(None, [tolerance]))}
    sides = evaluate_sides(pd.DataFrame(columns, dtype="float64"), comparison, tolerance)
    if sides.isna().any(axis=None):
        return None
    return bool(fails(sides, comparison.operator).item())


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("a = b + c", {"a": 5, "b": 2, "c": 3}, False),
        ("a = b + c", {"a": 5, "b": 2, "c": 4}, True),
        ("a = b - c", {"a": 1, "b": 4, "c": 3}, False),
        ("a <= 100 * b", {"a": 95, "b": 1}, False),
        ("a <= 100 * b", {"a": 95, "b": 0}, True),
        ("a + b <= 100", {"a": 62.15, "b": 37.86}, True),
        ("a >= b", {"a": 1, "b": 3}, True),
        ("a >= b", {"a": 3, "b": 1}, False),
        ("a != b", {"a": 3, "b": 3}, True),
        ("a != b", {"a": 3, "b": 1}, False),
        ("first_reported(a, b) = c", {"b": 2, "c": 2}, False),
        ("first_reported(a, b) = c", {"a": 1, "b": 2, "c": 2}, True),
        ("sum_reported(first_reported(a, b), c) = d", {"b": 2, "c": 2, "d": 4}, False),
    ],
)
def test_a_comparison_fails_if_its_sides_do_not_agree(
    expression: str, values: Mapping[str, float], expected: bool
) -> None:
    assert is_broken(expression, **values) is expected


@pytest.mark.parametrize("missing", ["a", "b", "c"])
def test_a_blank_is_not_a_zero(missing: str) -> None:
    values = dict.fromkeys("abc", 1.0)
    del values[missing]
    assert is_broken("a = b + c", **values) is None


def test_a_sum_of_reported_operands_needs_at_least_one() -> None:
    assert is_broken("sum_reported(a, b) <= c", a=4, c=3) is True
    assert is_broken("sum_reported(a, b) <= c", b=2, c=3) is False
    assert is_broken("sum_reported(a, b) <= c", c=3) is None
    assert is_broken("sum_reported(a, b) <= c", a=4) is None


@pytest.mark.parametrize(
    ("rate", "holds"), [("99", True), ("99.1", True), ("99.13", True), ("99.14", False), ("99.12", False)]
)
def test_a_rate_may_differ_by_half_a_unit_of_its_last_digit(rate: str, holds: bool) -> None:
    values = {"rate": float(rate), "rate.rounding": half_a_unit(Decimal(rate)), "top": 1366.0, "bottom": 1378.0}
    assert is_broken("rate = 100 * top / bottom", "rate.rounding", **values) is not holds


@pytest.mark.parametrize("rate", ["12", "13"])
def test_a_difference_of_exactly_half_a_unit_is_allowed(rate: str) -> None:
    values = {"rate": float(rate), "rate.rounding": half_a_unit(Decimal(rate)), "top": 1.0, "bottom": 8.0}
    assert is_broken("rate = 100 * top / bottom", "rate.rounding", **values) is False


def test_a_division_by_zero_is_not_evaluated() -> None:
    assert is_broken("rate = 100 * top / bottom", rate=0, top=0, bottom=0) is None
    assert is_broken("rate = 100 * top / bottom", rate=0, top=3, bottom=0) is None
    assert is_broken("rate = nearest_share(rate, base)", rate=50, base=0) is None


def test_a_share_is_rounded_to_a_whole_number_of_its_base() -> None:
    assert is_broken("rate = nearest_share(rate, base)", rate=50, base=4) is False
    assert is_broken("rate = nearest_share(rate, base)", rate=60, base=4) is True


@settings(deadline=None)  # the first example imports pandas or numpy
@given(st.integers(0, LONGEST // 2), st.integers(0, LONGEST // 2))
def test_whole_numbers_are_compared_exactly(first: int, second: int) -> None:
    assert is_broken("a = b + c", a=first + second, b=first, c=second) is False
    assert is_broken("a = b + c", a=first + second + 1, b=first, c=second) is True
    assert is_broken("a <= b", a=first + 1, b=first) is True


@settings(deadline=None)  # the first example imports pandas or numpy
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_binary_fractions_never_break_a_sum_of_decimals(first: int, second: int, third: int) -> None:
    total = (first + second + third) / 100
    assert is_broken("a = b + c + d", a=total, b=first / 100, c=second / 100, d=third / 100) is False
    assert is_broken("a = b + c + d", a=total + 0.01, b=first / 100, c=second / 100, d=third / 100) is True


@pytest.mark.parametrize(
    "expression",
    ["", "a", "a = ", "a == b", "a = b c", "a = b +", "a = 2 b", "A = b", "a < b", "a ~ b", "a = __import__('os')",
     "a = b.c.d", "a = [b]"],
)  # fmt: skip
def test_an_invalid_expression_is_an_error(expression: str) -> None:
    with pytest.raises(CatalogueError, match=r"rules\.csv"):
        parse_comparison(expression)
