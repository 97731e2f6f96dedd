"""Legacy Excel files (xls), opened by xlrd in a process of its own, since a damaged one may make it run for ever."""

from __future__ import annotations

import json
from typing import Any

from etl.decimals import format_stored_number
from etl.errors import UnreadableFile
from etl.parsing.formats.child_process import ChildFailed, run_python
from etl.parsing.formats.container import damaged, too_large
from etl.parsing.formats.grid import MAX_CELLS, MAX_COLUMNS, Cell, Document, Grid, Row, column_letters, merge

SECONDS = 15
MEGABYTES = 2_048


def _cell(kind: Any, text: str, row: int, column: int) -> Cell:
    return Cell(format_stored_number(text) if kind in ("number", "percent") else text, row, column, kind)


def _grid(sheet: dict[str, Any]) -> Grid:
    name = sheet["name"]
    grid = Grid(lambda row, column: f"{name}!{column_letters(column)}{row}", is_hidden=sheet["is_hidden"])
    hidden = set(sheet["hidden_rows"])
    for number, values in enumerate(sheet["rows"], 1):
        cells = [_cell(kind, text, number, column) for column, (kind, text) in enumerate(values[:MAX_COLUMNS], 1)]
        grid.rows.append(Row(number, [*cells], number - 1 in hidden))
    grid.hidden_columns = frozenset(column + 1 for column in sheet["hidden_columns"])
    merge(grid, [((top + 1, left + 1), (bottom + 1, right + 1)) for (top, left), (bottom, right) in sheet["merged"]])
    for row, column, text in sheet["comments"]:
        cell = grid.rows[row].cell(column) if row < len(grid.rows) else None
        if cell is not None:
            cell.comment = text
    return grid


def read_xls(content: bytes) -> Document:
    """The sheets of a legacy workbook as grids; hidden ones are marked."""
    try:
        output = run_python("xls_worker.py", [str(MAX_CELLS)], content, seconds=SECONDS, megabytes=MEGABYTES)
    except ChildFailed as error:
        raise damaged("The workbook cannot be opened") from error
    sheets = json.loads(output)
    if sheets == "encrypted":
        raise UnreadableFile("file_encrypted", "The workbook is protected by a password", "Remove the password")
    if sheets is None:
        raise too_large(f"The workbook has more than {MAX_CELLS} cells")
    return Document([_grid(sheet) for sheet in sheets])
