"""Legacy Excel files (xls), opened with xlrd in a child process (xls_worker.py)."""

from __future__ import annotations

from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.child_process import ProcessLimits, read_in_worker
from etl.parsing.formats.grid import (
    MAX_CELLS,
    MAX_COLUMNS,
    Cell,
    Document,
    Grid,
    Row,
    kind_of_number_format,
    merge,
    sheet_locator,
)


def _cell(kind: Any, text: str, number_format: str, row: int, column: int) -> Cell:
    if kind != "number":
        return Cell(text, row, column, kind)
    # xlrd reports dates as such.
    is_percent = kind_of_number_format(number_format) == "percent"
    return Cell(format_stored_number(text), row, column, "percent" if is_percent else "number")


def _grid(sheet: dict[str, Any]) -> Grid:
    grid = Grid(sheet_locator(sheet["name"]), is_hidden=sheet["is_hidden"])
    for number, cells in enumerate(sheet["rows"], 1):
        row = Row(number, [], number - 1 in sheet["hidden_rows"])
        for column, (kind, text, number_format) in enumerate(cells[:MAX_COLUMNS], 1):
            row.cells.append(_cell(kind, text, number_format, number, column))
        grid.rows.append(row)
    grid.hidden_columns = frozenset(column + 1 for column in sheet["hidden_columns"])
    merge(grid, [((top + 1, left + 1), (bottom, right)) for top, bottom, left, right in sheet["merged_cells"]])
    for row_index, column, text in sheet["comments"]:
        cell = grid.rows[row_index].cell(column) if row_index < len(grid.rows) else None
        if cell is not None:
            cell.comment = text
    return grid


def read(content: bytes, limits: ProcessLimits) -> Document:
    """The sheets of a legacy workbook as grids; hidden ones are marked."""
    return Document([_grid(sheet) for sheet in read_in_worker("xls_worker.py", [MAX_CELLS], content, limits)])
