"""The expressions of rules.csv: a condition on one cell, or a comparison of two sides that pandas evaluates.

expectations/README.md describes the syntax. A side is arithmetic over the columns of a frame, handed to
`DataFrame.eval`. A blank is not a zero: a side without one of its operands is NaN, and its comparison is not evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from etl.errors import CatalogueError

if TYPE_CHECKING:
    import pandas as pd

SUBJECTS = ("value", "status", "note", "note_of_value", "label", "unit")
WHOLE_NUMBER = r"^[0-9]{1,15}$"
NUMBER = r"^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
FUNCTIONS = ("sum_reported", "first_reported", "nearest_share")

_CONDITION = re.compile(
    rf"^(?P<subject>{'|'.join(SUBJECTS)}) (?P<verb>is whole|is number|in code_list|between|is not|matches|not matches)"
    r"(?: (?P<argument>.+))?$"
)
_COMPARISON = re.compile(r"^(?P<left>[^=<>!]+?)\s*(?P<operator><=|>=|!=|=)\s*(?P<right>[^=<>!]+)$")
_NAME = re.compile(r"[a-z]\w*(?:\.\w+)?")
_GROUP = re.compile(r"(?:sum|first)_reported\((?:[^()]|\([^()]*\))*\)")  # with one level of functions inside
# Binary fractions are not exact: 62.15 + 37.85 is not quite 100. Values have at most 15 digits, of which four units in
# the last place are less than one, so that whole numbers stay exact.
_ABSOLUTE_TOLERANCE, _UNITS_IN_LAST_PLACE = 1e-9, 4


@dataclass(frozen=True, slots=True)
class CellCondition:
    """`argument` is a pattern, a status, or "low and high", depending on the verb."""

    subject: str
    verb: str
    argument: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and one of =, !=, <=, >= between them."""

    left: str
    operator: str
    right: str

    @property
    def names(self) -> tuple[str, ...]:
        """All operands, those of the left side first."""
        return tuple(dict.fromkeys(find_names(f"{self.left} {self.right}")))

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """Operands of which at least one must be reported; those outside of a function form groups of one."""
        text = f"{self.left} {self.right}"
        required = [(name,) for name in find_names(_GROUP.sub("", text))]
        return [*required, *(find_names(group) for group in _GROUP.findall(text))]

    @property
    def has_functions(self) -> bool:
        return any(name in f"{self.left} {self.right}" for name in FUNCTIONS)


def parse_expression(text: str) -> CellCondition | Comparison:
    """Raises CatalogueError if the text is neither a condition nor a comparison."""
    condition = _CONDITION.match(text.strip())
    if condition:
        return CellCondition(condition["subject"], condition["verb"], condition["argument"] or "")
    return parse_comparison(text)


@lru_cache(maxsize=1024)
def parse_comparison(text: str) -> Comparison:
    """Raises CatalogueError if the text is not a comparison of two valid sides."""
    comparison = _COMPARISON.match(text.strip())
    if not comparison or not all(map(_is_valid_side, (comparison["left"], comparison["right"]))):
        raise CatalogueError("rules.csv", f"the expression {text!r} is not valid", "See expectations/README.md")
    return Comparison(comparison["left"], comparison["operator"], comparison["right"])


def _is_valid_side(side: str) -> bool:
    """Whether a side is Python arithmetic over lower-case names, numbers and our functions."""
    try:
        compile(side.strip(), "rules.csv", "eval")
    except SyntaxError:
        return False
    return not re.sub(r"[a-z]\w*(?:\.\w+)?|\d+(?:\.\d+)?|[-+*/(), ]", "", side)


def find_names(side: str) -> tuple[str, ...]:
    """The operands of a side, in their order."""
    return tuple(name for name in _NAME.findall(side) if name not in FUNCTIONS)


def evaluate_sides(frame: pd.DataFrame, comparison: Comparison, tolerance: str = "") -> pd.DataFrame:
    """Both sides for each row, as `found` and `expected`, and by how much they may differ, as `tolerance`.

    `tolerance` names the column with half a unit of the last printed digit, if that much is allowed.
    """
    import numpy as np
    import pandas as pd

    found, expected = (_evaluate(frame, side) for side in (comparison.left, comparison.right))
    sides = pd.DataFrame({"found": found, "expected": expected}, index=frame.index, dtype="float64")
    sides = sides.where(np.isfinite(sides))
    largest = sides.abs().max(axis=1).fillna(0.0)
    sides["tolerance"] = np.maximum(_ABSOLUTE_TOLERANCE, _UNITS_IN_LAST_PLACE * np.spacing(largest))
    if tolerance:
        sides["tolerance"] += frame[tolerance]
    return sides


def fails(sides: pd.DataFrame, operator: str) -> pd.Series[bool]:
    """Which rows break the comparison; rows that could not be evaluated do not."""
    difference = sides["found"] - sides["expected"]
    match operator:
        case "=":
            return difference.abs() > sides["tolerance"]
        case "!=":
            return difference.abs() <= sides["tolerance"]
        case "<=":
            return difference > sides["tolerance"]
        case _:
            return difference < -sides["tolerance"]


def round_as_printed(sides: pd.DataFrame, tolerance: str) -> list[tuple[float, float]]:
    """Both sides as a finding shows them: with a tolerance, `expected` gets two digits more than were printed."""
    import numpy as np

    expected = sides["expected"]
    if tolerance:
        scale = 10.0 ** (2 - np.round(np.log10(2 * sides["tolerance"])))
        expected = (expected * scale).round() / scale
    return list(zip(sides["found"].tolist(), expected.tolist(), strict=True))


def _evaluate(frame: pd.DataFrame, side: str) -> pd.Series[float]:
    """Let pandas evaluate one side; names with a dot are quoted with backticks, functions marked with @."""
    text = re.sub(r"[a-z]\w*\.\w+", r"`\g<0>`", side.strip())
    text = re.sub(rf"\b({'|'.join(FUNCTIONS)})\(", r"@\1(", text)
    functions = {"sum_reported": sum_reported, "first_reported": first_reported, "nearest_share": nearest_share}
    return cast("pd.Series[float]", frame.eval(text, engine="python", local_dict=functions))


def sum_reported(*operands: pd.Series[float]) -> pd.Series[float]:
    """The sum of those operands that are reported; NaN if none is."""
    import pandas as pd

    return pd.concat(operands, axis=1).sum(axis=1, min_count=1)


def first_reported(*operands: pd.Series[float]) -> pd.Series[float]:
    """The first operand that is reported."""
    import pandas as pd

    return pd.concat(operands, axis=1).bfill(axis=1).iloc[:, 0]


def nearest_share(rate: pd.Series[float], base: pd.Series[float]) -> pd.Series[float]:
    """The percentage nearest to `rate` that a whole number out of `base` can give; NaN for an empty base."""
    return (rate * base / 100).round() * 100 / base.where(base != 0)
