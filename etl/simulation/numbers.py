"""Formats numbers for a text: Vietnamese (2.574; 62,15) or English grouping (2,574; 62.15)."""

from __future__ import annotations

from decimal import Decimal

from etl.decimals import normalize_decimal
from etl.simulation.appendix import CellValue, NumberStyle

_SWAP = str.maketrans(",.", ".,")


def format_value(value: CellValue, style: NumberStyle) -> str:
    """Return the text of a cell: a number grouped, without trailing zeros; a text as it is."""
    if isinstance(value, str):
        return value
    text = f"{normalize_decimal(value):,f}"
    return text.translate(_SWAP) if style == "vi" else text


def to_json_number(value: Decimal) -> int | float:
    """Return a number as a spreadsheet or JSON stores it: a whole number as int."""
    return int(value) if value == value.to_integral_value() else float(value)
