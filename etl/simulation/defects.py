"""A clerk's errors, to be planted one by one in a correct report: data/defects.csv says which cell and how."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from etl.errors import UsageError
from etl.simulation.appendix import Appendix, CellValue

_FILE = Path(__file__).parent / "data" / "defects.csv"


@dataclass(frozen=True, slots=True)
class Defect:
    """One error. `operation`: add (operand) · set (a number) · text · above (one more than another indicator)."""

    defect: str
    indicator_code: str
    operation: str
    operand: str
    sentence_vi: str
    sentence_en: str


@lru_cache(maxsize=1)
def known_defects() -> Mapping[str, Defect]:
    """All defects by name."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["defect"]: Defect(**row) for row in csv.DictReader(file)}


def plant(appendix: Appendix, name: str) -> Appendix:
    """The same report with one error in it. Raises UsageError for an unknown defect or a cell without a number."""
    if name not in known_defects():
        raise UsageError(f"unknown defect {name!r}", f"Known are {', '.join(known_defects())}")
    defect = known_defects()[name]
    return appendix.with_value(defect.indicator_code, _wrong_value(appendix, defect))


def _wrong_value(appendix: Appendix, defect: Defect) -> CellValue:
    match defect.operation:
        case "add":
            return _number(appendix, defect.indicator_code) + Decimal(defect.operand)
        case "above":
            return _number(appendix, defect.operand) + 1
        case "set":
            return Decimal(defect.operand)
        case _:
            return defect.operand


def _number(appendix: Appendix, indicator_code: str) -> Decimal:
    value = appendix.value_of(indicator_code)
    if isinstance(value, str):
        raise UsageError(
            f"{indicator_code} holds no number to make wrong", "Plant another defect, or take another seed"
        )
    return value
