"""The model that every file format is read into: lines of text and grids of cells, in document order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["text", "number", "percent", "date", "error", "boolean"]
Locator = Callable[[int, int], str]  # row and column, 1-based, to a location such as "Sheet1!D41"

# No report is larger: more cells are refused, more columns are cut off.
MAX_CELLS = 400_000
MAX_COLUMNS = 200
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # parts of a number format that stand for themselves


@dataclass(slots=True)
class Cell:
    """A cell, or the top left cell of a merged range.

    `row` and `column` are 1-based positions in the file. `text` is trimmed; a numeric cell has its stored value in the
    shortest decimal. `lacks_result` marks a formula without a cached value. A cell of a page has a `box`
    (page_words.py), an OCR result a `confidence` (0 to 1).
    """

    text: str
    row: int
    column: int
    kind: CellKind = "text"
    row_span: int = 1
    column_span: int = 1
    formula: str = ""
    comment: str = ""
    lacks_result: bool = False
    box: str = ""
    confidence: float | None = None


@dataclass(slots=True)
class Row:
    """A row of a grid: its cells by column (0-based list). A merged cell fills every position that it covers."""

    number: int
    cells: list[Cell | None]
    is_hidden: bool = False

    def cell(self, index: int | None) -> Cell | None:
        return self.cells[index] if index is not None and index < len(self.cells) else None


@dataclass(slots=True)
class Grid:
    """A table, a sheet or a block of tab-separated lines. `locate` gives the location of a cell.

    `flow` is how rows of the grid relate to rows of the report: "rows" one to one; "page" one to one, but the first
    may continue the last one of the previous page; "lines" each is a printed line, and a row may take several.
    """

    locate: Locator
    rows: list[Row] = field(default_factory=list)
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    flow: Literal["rows", "page", "lines"] = "rows"


class TextLine(str):
    """A line of running text with its location: `paragraph[31]`, `line[57]`, a JSON pointer or a cell."""

    __slots__ = ("location",)
    location: str

    def __new__(cls, text: str, location: str = "") -> TextLine:
        line = super().__new__(cls, text)
        line.location = location
        return line


@dataclass(slots=True)
class Document:
    """The content of a file. `is_recognised` marks OCR; `converted` is the file that was read in place of this one."""

    blocks: list[TextLine | Grid] = field(default_factory=list)
    is_recognised: bool = False
    converted: bytes = b""


def table_locator(table: str) -> Locator:
    """Locations in a table of a document or page, which is itself located by `table`."""
    return lambda row, column: f"{table}/row[{row}]/col[{column}]"


def sheet_locator(sheet: str) -> Locator:
    """Locations in a sheet of a workbook."""
    return lambda row, column: f"{sheet}!{_column_letters(column)}{row}"


def _column_letters(column: int) -> str:
    """The spreadsheet name of a column: 1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def kind_of_number_format(pattern: str) -> CellKind:
    """Whether a number format such as `0.00%` or `dd/mm/yyyy` shows a percentage, a date or a number."""
    shown = _LITERALS.sub("", pattern).lower()
    if "%" in shown:
        return "percent"
    return "date" if re.search("[dmyhs]", shown.replace("general", "")) else "number"


def own_cells(row: Row) -> Iterator[tuple[int, Cell]]:
    """The cells that begin in this row, once each, with their index; continuations of merged cells are left out."""
    previous: Cell | None = None
    for index, cell in enumerate(row.cells):
        if cell is not None and cell is not previous and cell.row == row.number:
            yield index, cell
        previous = cell


def merge(grid: Grid, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Fill each range, given by its first and last (row, column), with its first cell."""
    rows = {row.number: row for row in grid.rows}
    last_row = max(rows, default=0)
    budget = MAX_CELLS
    for (top, left), (bottom, last_column) in ranges:
        right = min(last_column, MAX_COLUMNS)
        if top not in rows or left > right:
            continue
        budget -= (min(bottom, last_row) - top + 1) * (right - left + 1)
        if budget < 0:
            return
        cell = rows[top].cell(left - 1) or Cell("", top, left)
        cell.row_span, cell.column_span = bottom - top + 1, right - left + 1
        for number in range(top, min(bottom, last_row) + 1):
            row = rows.get(number)
            if row is not None:
                row.cells.extend([None] * (right - len(row.cells)))
                row.cells[left - 1 : right] = [cell] * (right - left + 1)
