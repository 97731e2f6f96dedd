"""Sums and inequalities: what they accept, what they leave alone, what they cannot read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import CatalogueError
from etl.validation import comparisons


@dataclass
class Known:
    """Numbers by name; a name that is missing is not reported."""

    values: Mapping[str, str]

    def number(self, name: str) -> Decimal | None:
        return Decimal(self.values[name]) if name in self.values else None

    def decimals(self, name: str) -> int:
        return len(self.values[name].partition(".")[2])


def excess(expression: str, **values: str) -> Decimal | None:
    outcome = comparisons.parse(expression).evaluate(Known(values))
    return None if outcome is None else outcome.excess


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("a = b + c", {"a": "5", "b": "2", "c": "3"}, 0),
        ("a = b + c", {"a": "5", "b": "2", "c": "4"}, -1),
        ("a = b - c", {"a": "1", "b": "4", "c": "3"}, 0),
        ("a <= 100 * b", {"a": "95", "b": "1"}, 0),
        ("a <= 100 * b", {"a": "95", "b": "0"}, 95),
        ("a + b <= 100", {"a": "62.15", "b": "37.86"}, Decimal("0.01")),
        ("a >= b", {"a": "1", "b": "3"}, -2),
        ("a >= b", {"a": "3", "b": "1"}, 0),
        ("a|b = c", {"b": "2", "c": "2"}, 0),
        ("a|b = c", {"a": "1", "b": "2", "c": "2"}, -1),
    ],
)
def test_a_comparison_fails_by_its_difference(
    expression: str, values: Mapping[str, str], expected: int | Decimal
) -> None:
    assert excess(expression, **values) == expected


@pytest.mark.parametrize("missing", ["a", "b", "c"])
def test_a_blank_is_not_a_zero(missing: str) -> None:
    values = {name: "1" for name in "abc" if name != missing}
    assert excess("a = b + c", **values) is None


def test_an_optional_part_may_be_left_out_but_not_all_of_them() -> None:
    assert excess("a? + b? <= c", a="4", c="3") == 1
    assert excess("a? + b? <= c", b="2", c="3") == 0
    assert excess("a? + b? <= c", c="3") is None
    assert excess("a? + b? <= c", a="4") is None


@pytest.mark.parametrize(
    ("rate", "holds"), [("99", True), ("99.1", True), ("99.13", True), ("99.14", False), ("99.12", False)]
)
def test_a_rate_is_compared_within_half_a_unit_of_its_last_digit(rate: str, holds: bool) -> None:
    assert (excess("rate ~ 100 * top / bottom", rate=rate, top="1366", bottom="1378") == 0) is holds


def test_half_a_unit_itself_still_holds() -> None:
    assert excess("rate ~ 100 * top / bottom", rate="13", top="1", bottom="8") == 0
    assert excess("rate ~ 100 * top / bottom", rate="12", top="1", bottom="8") == 0


def test_nothing_is_divided_by_nothing() -> None:
    assert excess("rate ~ 100 * top / bottom", rate="0", top="0", bottom="0") is None


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_sum_holds_exactly_when_it_adds_up(first: int, second: int) -> None:
    values = {"a": str(first + second), "b": str(first), "c": str(second)}
    assert excess("a = b + c", **values) == 0
    assert excess("a = b + c", **{**values, "a": str(first + second + 1)}) == 1


@pytest.mark.parametrize(
    "expression", ["", "a", "a = ", "a == b", "a = b c", "a = b +", "a = 2 b", "A = b", "a + b ~ c", "a < b"]
)
def test_an_expression_that_cannot_be_read_is_an_error(expression: str) -> None:
    with pytest.raises(CatalogueError, match=r"rules\.csv"):
        comparisons.parse(expression)
