"""A clerk's errors, planted one by one in a correct report: data/defects.csv names the cell and the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from etl.catalogue.rows import read_table
from etl.errors import UsageError
from etl.simulation.appendix import Appendix, CellValue


@dataclass(frozen=True, slots=True)
class Defect:
    """One error. `operation`: add (operand) · set (a number) · text · above (one more than another indicator)."""

    defect: str
    indicator_code: str
    operation: Literal["add", "set", "text", "above"]
    operand: str
    sentence_vi: str
    sentence_en: str


@lru_cache(maxsize=1)
def load_defects() -> Mapping[str, Defect]:
    """Return all defects by name."""
    return read_table([Path(__file__).parent / "data"], "defects.csv", Defect, "defect")


def plant(appendix: Appendix, name: str) -> Appendix:
    """Return a report with one error. Raises UsageError for an unknown defect or a cell without a number."""
    if name not in load_defects():
        raise UsageError(f"unknown defect {name!r}", f"Known are {', '.join(load_defects())}")
    defect = load_defects()[name]
    return appendix.with_value(defect.indicator_code, _wrong_value(appendix, defect))


def _wrong_value(appendix: Appendix, defect: Defect) -> CellValue:
    match defect.operation:
        case "add":
            return _number(appendix, defect.indicator_code) + Decimal(defect.operand)
        case "above":
            return _number(appendix, defect.operand) + 1
        case "set":
            return Decimal(defect.operand)
        case "text":
            return defect.operand


def _number(appendix: Appendix, indicator_code: str) -> Decimal:
    value = appendix.value_of(indicator_code)
    if isinstance(value, str):
        raise UsageError(f"{indicator_code} has no number to change", "Plant another defect, or use another seed")
    return value
