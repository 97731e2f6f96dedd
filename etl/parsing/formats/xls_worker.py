"""Child process that opens a legacy workbook with xlrd: stdin is the file, stdout its sheets as JSON.

xlrd is the one reader of this format that gives number formats, so that a 0.5 shown as 50 % is recognised. A damaged
file may keep it busy forever or exhaust memory: child_process.py limits this process before the file is opened.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import xlrd
from xlrd.xldate import xldate_as_datetime


def _number_format(book: Any, cell: Any) -> str:
    style = book.xf_list[cell.xf_index] if 0 <= cell.xf_index < len(book.xf_list) else None
    number_format = book.format_map.get(style.format_key) if style is not None else None
    return number_format.format_str or "" if number_format is not None else ""


def _encode_cell(book: Any, cell: Any) -> tuple[str, str, str]:
    """Kind, text and number format of a cell. Numbers are written as the shortest text with the same value."""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return "number", repr(cell.value), _number_format(book, cell)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "boolean", str(int(cell.value)), ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "error", xlrd.error_text_from_code.get(cell.value, "#ERROR"), ""
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return "date", str(xldate_as_datetime(cell.value, book.datemode)), ""
        except (OverflowError, ValueError):
            return "date", repr(cell.value), ""
    return "text", str(cell.value).strip(), ""


def _encode_sheet(book: Any, sheet: Any) -> dict[str, Any]:
    """Indices are 0-based; a merged range is its first row, the row after its last one, and the same for columns."""
    return {
        "name": sheet.name,
        "is_hidden": sheet.visibility != 0,
        "rows": [[_encode_cell(book, cell) for cell in sheet.row(index)] for index in range(sheet.nrows)],
        "merged_cells": sheet.merged_cells,
        "hidden_rows": [index for index, info in sheet.rowinfo_map.items() if info.hidden],
        "hidden_columns": [index for index, info in sheet.colinfo_map.items() if info.hidden],
        "comments": [(row, column, note.text) for (row, column), note in sheet.cell_note_map.items()],
    }


def read_sheets(content: bytes, max_cells: int) -> list[dict[str, Any]] | str:
    """The sheets of a workbook, or the code of the rule by which it is refused."""
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=sys.stderr, ragged_rows=True)
    except xlrd.XLRDError as error:
        return "file_encrypted" if "encrypted" in str(error) else "file_damaged"
    if sum(sheet.row_len(index) for sheet in book.sheets() for index in range(sheet.nrows)) > max_cells:
        return "file_too_large"
    return [_encode_sheet(book, sheet) for sheet in book.sheets()]


if __name__ == "__main__":
    json.dump(read_sheets(sys.stdin.buffer.read(), int(sys.argv[1])), sys.stdout)
