"""How a number is written in a text: Vietnamese (2.574; 62,15) or English grouping (2,574; 62.15)."""

from __future__ import annotations

from decimal import Decimal

from etl.decimals import normalize_decimal
from etl.simulation.appendix import CellValue, NumberStyle

_SWAP = str.maketrans(",.", ".,")


def written(value: CellValue, style: NumberStyle) -> str:
    """The text of a cell: a number grouped, without trailing zeros; a text as it is."""
    if isinstance(value, str):
        return value
    text = f"{normalize_decimal(value):,f}"
    return text.translate(_SWAP) if style == "vi" else text


def plain(value: Decimal) -> int | float:
    """The number as a spreadsheet or JSON stores it: whole numbers as int."""
    return int(value) if value == value.to_integral_value() else float(value)
