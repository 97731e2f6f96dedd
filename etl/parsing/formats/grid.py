"""The one model into which every file format is read: lines of text and grids of cells, in document order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["text", "number", "percent", "date", "error", "boolean"]

# A workbook or table beyond these is no report: it is refused (cells) or cut off (columns).
MAX_CELLS = 400_000
MAX_COLUMNS = 200


@dataclass(slots=True)
class Cell:
    """One cell, at the top left of what it spans.

    `row` and `column` are 1-based places in the format; `text` is trimmed, and for a numeric cell its stored value in
    the shortest decimal. `lacks_result` marks a formula of which the file holds no calculated value.
    A cell of a page has its `box` (page_words.py), a recognised one its `confidence` (0 to 1).
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
    """One line of a grid: the cells by column (0-based list). A merged cell stands in every place that it covers."""

    number: int
    cells: list[Cell | None]
    is_hidden: bool = False

    def cell(self, index: int | None) -> Cell | None:
        return self.cells[index] if index is not None and index < len(self.cells) else None


@dataclass(slots=True)
class Grid:
    """A table, a sheet or a run of tabbed lines. `locate(row, column)` writes a cell's address, 1-based.

    `flow` says what a row may be: the format's own "rows"; "page", where the first may go on with the last one of the
    page before; "lines", where each is a printed line and a row of the report may take several.
    """

    locate: Callable[[int, int], str]
    rows: list[Row] = field(default_factory=list)
    is_hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    flow: Literal["rows", "page", "lines"] = "rows"


class Line(str):
    """A line of running text that knows where it stands: `paragraph[31]`, `line[57]`, a JSON pointer, a cell."""

    __slots__ = ("location",)
    location: str

    def __new__(cls, text: str, location: str = "") -> Line:
        line = super().__new__(cls, text)
        line.location = location
        return line


@dataclass(slots=True)
class Document:
    """What a file holds, in its order: lines of running text and grids.

    `is_recognised` marks a scan; `converted` are the bytes of the file that was read in place of this one.
    """

    blocks: list[str | Grid] = field(default_factory=list)
    is_recognised: bool = False
    converted: bytes = b""

    def grids(self) -> Iterator[Grid]:
        return (block for block in self.blocks if isinstance(block, Grid))


def own_cells(row: Row) -> Iterator[tuple[int, Cell]]:
    """The cells that begin in this row, each once, with their index: no continuation of a merged cell."""
    before: Cell | None = None
    for index, cell in enumerate(row.cells):
        if cell is not None and cell is not before and cell.row == row.number:
            yield index, cell
        before = cell


def merge(grid: Grid, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Lets the cell at the first (row, column) of each range stand in all its places, as far as the grid has rows."""
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


def column_letters(column: int) -> str:
    """A spreadsheet's name of a column: 1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
