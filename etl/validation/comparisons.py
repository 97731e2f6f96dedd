"""Sums and inequalities of rules.csv: `procedures_in_force = procedures_in_force_district + …`, parsed and evaluated.

A side is a sum of operands with whole coefficients (`100 * survey_forms`) and whole numbers; `=`, `<=` and `>=` stand
between the sides. An operand is an indicator, `<indicator>.<figure>` for a figure in the note of its row
(expectations/note_figures.csv), `district.<fact>` or `head.<fact>`; `a|b` is the first of the two that is reported.

A blank is not a zero: a comparison with an operand that is not reported is not evaluated. `operand?` may be left out
of a sum, as long as one operand of its side is reported: parts that are known must not exceed the whole.

`rate ~ 100 * a / b` compares a rate with a fraction, within half a unit of the last digit that the rate shows;
`rate ~ share of b` asks whether any whole number of `b` gives the rate. `a != b` fails where the two are equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from etl.errors import CatalogueError

# More digits than anyone prints; a spreadsheet's own rate carries the noise of binary fractions beyond them.
_MOST_DECIMALS = 6
_COMPARISON = re.compile(r"^(?P<left>[^=~<>!]+?)\s*(?P<operator><=|>=|!=|=|~)\s*(?P<right>[^=~<>!]+)$")
_SHARE = "share of "
_TERM = re.compile(r"\s*(?P<sign>[+-])?\s*(?:(?P<factor>\d+)\s*\*\s*)?(?:(?P<operand>[a-z][\w.|]*\??)|(?P<number>\d+))")
_DIVISION = re.compile(r"^(?P<dividend>.+?)\s*/\s*(?P<divisor>[a-z][\w.]*)$")


# By how much a comparison fails, from the difference of its sides.
_EXCESS: dict[str, Callable[[Decimal], Decimal]] = {
    "=": lambda difference: difference,
    "<=": lambda difference: max(difference, Decimal()),
    ">=": lambda difference: min(difference, Decimal()),
    "!=": lambda difference: Decimal(difference == 0),
}


class Numbers(Protocol):
    """Where a comparison looks up its operands."""

    def number(self, name: str) -> Decimal | None:
        """The value of an operand; None where it is not reported."""

    def decimals(self, name: str) -> int:
        """How many decimals the value was printed with."""


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient` times the first reported of `names`; without names the coefficient alone."""

    coefficient: int
    names: tuple[str, ...]
    is_optional: bool

    def value(self, numbers: Numbers) -> Decimal | None:
        if not self.names:
            return Decimal(self.coefficient)
        for name in self.names:
            number = numbers.number(name)
            if number is not None:
                return self.coefficient * number
        return None


@dataclass(frozen=True, slots=True)
class Side:
    terms: tuple[Term, ...]
    divisor: str
    is_share: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for term in self.terms for name in term.names) + ((self.divisor,) if self.divisor else ())

    def value(self, numbers: Numbers) -> Decimal | None:
        if len(self.terms) == 1 and not self.divisor:
            return self.terms[0].value(numbers)
        values = [(term, term.value(numbers)) for term in self.terms]
        known = [value for _, value in values if value is not None]
        if not known or any(value is None and not term.is_optional for term, value in values):
            return None
        if not self.divisor:
            return sum(known, Decimal())
        divisor = numbers.number(self.divisor)
        return sum(known, Decimal()) / divisor if divisor else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both sides of a comparison that could be evaluated. `excess` is 0 where it holds, else how far it fails."""

    left: Decimal
    right: Decimal
    excess: Decimal


@dataclass(frozen=True)
class Comparison:
    left: Side
    operator: str
    right: Side

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.left.names + self.right.names

    def evaluate(self, numbers: Numbers) -> Outcome | None:
        """None where an operand that is needed is not reported."""
        left = self.left.value(numbers)
        right = None if left is None else self._right(left, numbers)
        if left is None or right is None:
            return None
        if self.operator == "~":
            return self._near(left, right, numbers)
        return Outcome(left, right, _EXCESS[self.operator](left - right))

    def _right(self, left: Decimal, numbers: Numbers) -> Decimal | None:
        if not self.right.is_share:
            return self.right.value(numbers)
        base = numbers.number(self.right.divisor)
        return round(left * base / 100) * Decimal(100) / base if base else None

    def _near(self, left: Decimal, right: Decimal, numbers: Numbers) -> Outcome:
        decimals = min(numbers.decimals(self.left.names[0]), _MOST_DECIMALS)
        half_a_unit = Decimal(5).scaleb(-decimals - 1)
        shown = right.quantize(Decimal(1).scaleb(-decimals - 2)).normalize()
        return Outcome(left, shown, Decimal() if abs(left - right) <= half_a_unit else left - shown)


def parse(expression: str, rename: Callable[[str], str] = str) -> Comparison:
    """The comparison of an expression, its operands renamed. Raises CatalogueError where it cannot be read."""
    match = _COMPARISON.match(expression.strip())
    if not match:
        raise CatalogueError("rules.csv", f"the expression {expression!r} has no =, <=, >= or ~")
    left, right = (_side(match[name], rename) for name in ("left", "right"))
    if match["operator"] == "~" and len(left.names) != 1:
        raise CatalogueError("rules.csv", f"the expression {expression!r} must have one rate before ~")
    return Comparison(left, match["operator"], right)


def _side(text: str, rename: Callable[[str], str]) -> Side:
    if text.strip().startswith(_SHARE):
        return Side((), rename(text.strip().removeprefix(_SHARE)), is_share=True)
    division = _DIVISION.match(text.strip())
    rest = division["dividend"] if division else text.strip()
    terms: list[Term] = []
    position = 0
    while position < len(rest):
        match = _TERM.match(rest, position)
        if not match or bool(terms) != bool(match["sign"]):
            raise CatalogueError("rules.csv", f"the sum {text.strip()!r} cannot be read at {rest[position:]!r}")
        sign = -1 if match["sign"] == "-" else 1
        operand = match["operand"] or ""
        names = tuple(rename(name) for name in operand.rstrip("?").split("|")) if operand else ()
        coefficient = int(match["factor"] or match["number"] or 1)
        terms.append(Term(sign * coefficient, names, operand.endswith("?")))
        position = match.end()
    return Side(tuple(terms), rename(division["divisor"]) if division else "")
