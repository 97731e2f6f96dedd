"""Conditions of rules.csv on a single cell: `value is whole`, `value in code_list`, `note not matches ^Văn bản số`.

Subjects: `value` (as canonical text), `status`, `note`, `label`, `unit` as printed, and `note_of_value`, the
note of a row that holds a value. A condition on a value speaks only of cells that hold one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SUBJECTS = ("value", "status", "note", "note_of_value", "label", "unit")
WHOLE_NUMBER = r"^[0-9]{1,15}$"
NUMBER = r"^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_CONDITION = re.compile(
    rf"^(?P<subject>{'|'.join(SUBJECTS)}) (?P<verb>is whole|is number|in code_list|between|is not|matches|not matches)"
    r"(?: (?P<argument>.+))?$"
)


@dataclass(frozen=True, slots=True)
class CellCondition:
    """`argument` is a pattern, a status, or "low and high", by the verb."""

    subject: str
    verb: str
    argument: str

    @property
    def pattern(self) -> str:
        """The pattern that the cell must, or with "not matches" must not, match."""
        return {"is whole": WHOLE_NUMBER, "is number": NUMBER}.get(self.verb, self.argument)

    @property
    def bounds(self) -> tuple[float, float]:
        low, high = self.argument.split(" and ")
        return float(low), float(high)


def parse(expression: str) -> CellCondition | None:
    """The condition of an expression; None if it is none (it is then a comparison)."""
    match = _CONDITION.match(expression.strip())
    return CellCondition(match["subject"], match["verb"], match["argument"] or "") if match else None
