"""The wide frame that Great Expectations sees: one row a submission, one column for each thing that is checked.

Cells are text columns (`dossiers_received_district.value`, `….status`, `….note`) and clean numbers
(`survey_satisfaction_pct`); a comparison is one column with how far it fails over all its rows (0 where it holds).
Empty is what cannot or need not be checked. A cell that is no number stays out of every numeric column, so that it
spoils nobody's result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from etl.validation.checks import Check
from etl.validation.comparisons import Comparison
from etl.validation.sheet import Sheet

if TYPE_CHECKING:
    import pandas as pd

SUBMISSION = "submission_id"


def build_frame(sheets: Sequence[Sheet], checks: Sequence[Check]) -> tuple[pd.DataFrame, dict[str, list[int]]]:
    """The frame for `checks` over `sheets`, in their order, and how many cells each rule could look at in each."""
    import pandas as pd

    checked = {check.rule.rule_code: [0] * len(sheets) for check in checks}
    columns: dict[str, Any] = {
        SUBMISSION: pd.Series([sheet.candidate.submission_id for sheet in sheets], dtype="int64")
    }
    comparisons: dict[str, list[Comparison]] = {}
    for check in checks:
        if isinstance(check.condition, Comparison):
            comparisons.setdefault(check.column, []).append(check.condition)
            continue
        is_number = check.condition.verb == "between"
        values = [_number(sheet, check) if is_number else _text(sheet, check) for sheet in sheets]
        _add(checked[check.rule.rule_code], [value is not None for value in values])
        columns[check.column] = pd.Series(values, dtype="float64" if is_number else "object")
    for rule_code, conditions in comparisons.items():
        fails = [_how_far(sheet, conditions) for sheet in sheets]
        _add(checked[rule_code], [cells for _, cells in fails])
        columns[rule_code] = pd.Series([excess for excess, _ in fails], dtype="float64")
    return pd.DataFrame(columns), checked


def _add(counts: list[int], more: Sequence[int]) -> None:
    for place, number in enumerate(more):
        counts[place] += number


def _how_far(sheet: Sheet, conditions: Sequence[Comparison]) -> tuple[float | None, int]:
    """By how much a comparison fails over its rows, and how many of them could be compared; None where none could."""
    outcomes = [outcome for condition in conditions if (outcome := condition.evaluate(sheet)) is not None]
    return (float(sum(abs(one.excess) for one in outcomes)) if outcomes else None), len(outcomes)


def _number(sheet: Sheet, check: Check) -> float | None:
    number = sheet.number(check.indicator_code)
    return None if number is None else float(number)


def _text(sheet: Sheet, check: Check) -> str | None:
    assert not isinstance(check.condition, Comparison)
    return sheet.text(check.indicator_code, check.condition.subject)
