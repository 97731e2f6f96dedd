"""Tables with ruled lines: which lines belong together, which cells they bound, which words stand in each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from etl.parsing.formats.grid import Cell, Grid, Row
from etl.parsing.formats.page_words import Page, Word, box_text, confidence_of, text_of

Line = tuple[float, float, float]  # place, start, end
_NEAR = 1.5  # points: lines nearer than this are one
_TOUCH = 3.0  # points: a line that ends this near another touches it
MAX_LINES = 4_000  # of a page
MAX_CELLS = 20_000  # of a table


class _Groups:
    """Numbers put together into groups (union-find)."""

    def __init__(self, count: int) -> None:
        self._leader = list(range(count))

    def leader(self, one: int) -> int:
        while self._leader[one] != one:
            self._leader[one] = self._leader[self._leader[one]]
            one = self._leader[one]
        return one

    def join(self, one: int, other: int) -> None:
        self._leader[self.leader(other)] = self.leader(one)


def _joined(lines: Iterable[Line]) -> list[Line]:
    """Lines drawn in pieces, or twice, as one each."""
    rows: list[list[Line]] = []
    for line in sorted(lines):
        if rows and line[0] - rows[-1][0][0] <= _NEAR:
            rows[-1].append(line)
        else:
            rows.append([line])
    found: list[Line] = []
    for row in rows:
        place = sum(line[0] for line in row) / len(row)
        for _, start, end in sorted(row, key=lambda line: line[1]):
            if found and found[-1][0] == place and start <= found[-1][2] + _TOUCH:
                found[-1] = (place, found[-1][1], max(found[-1][2], end))
            else:
                found.append((place, start, end))
    return found


def _places(lines: Iterable[Line], crossing: Iterable[Line]) -> list[float]:
    """Where a table's lines stand in one direction; the ends of the crossing ones too, where nothing is drawn there."""
    places = sorted(line[0] for line in lines)
    ends = [end for line in crossing for end in line[1:]]
    places = sorted(places + [end for end in ends if all(abs(end - place) > _TOUCH for place in places)])
    distinct: list[float] = []
    for place in places:
        if not distinct or place - distinct[-1] > _TOUCH:
            distinct.append(place)
    return distinct


@dataclass(slots=True)
class Table:
    """A ruled table: its lines, and where its columns and rows are bounded."""

    horizontal: list[Line]
    vertical: list[Line]
    columns: list[float] = field(init=False)
    rows: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = _places(self.vertical, self.horizontal)
        self.rows = _places(self.horizontal, self.vertical)

    @property
    def area(self) -> float:
        return (self.columns[-1] - self.columns[0]) * (self.rows[-1] - self.rows[0])

    @property
    def is_table(self) -> bool:
        cells = (len(self.columns) - 1) * (len(self.rows) - 1)
        return len(self.columns) > 1 and len(self.rows) > 1 and 1 < cells <= MAX_CELLS

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column (0-based) of a place; None outside the table."""
        row, column = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        inside = 0 <= row < len(self.rows) - 1 and 0 <= column < len(self.columns) - 1
        return (row, column) if inside else None


def tables_of(page: Page) -> list[Table]:
    """The ruled tables of a page, smaller ones first, since they may stand inside larger ones."""
    horizontal = _joined(page.horizontal[:MAX_LINES])
    vertical = _joined(page.vertical[:MAX_LINES])
    groups = _Groups(len(horizontal) + len(vertical))
    for one, (y, start, end) in enumerate(horizontal):
        for other, (x, top, bottom) in enumerate(vertical, len(horizontal)):
            if start - _TOUCH <= x <= end + _TOUCH and top - _TOUCH <= y <= bottom + _TOUCH:
                groups.join(one, other)
    members: dict[int, tuple[list[Line], list[Line]]] = {}
    for index, line in enumerate(horizontal + vertical):
        members.setdefault(groups.leader(index), ([], []))[index >= len(horizontal)].append(line)
    tables = [Table(*lines) for lines in members.values() if all(lines)]
    return sorted((table for table in tables if table.is_table), key=lambda table: table.area)


def _covers(lines: Sequence[Line], place: float, at: float) -> bool:
    return any(abs(line[0] - place) <= _TOUCH and line[1] - _NEAR <= at <= line[2] + _NEAR for line in lines)


def _spans(table: Table) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """For each place of the table the first row and column and the last ones of the cell that covers it."""
    height, width = len(table.rows) - 1, len(table.columns) - 1
    groups = _Groups(height * width)
    for row in range(height):
        middle = (table.rows[row] + table.rows[row + 1]) / 2
        for column in range(1, width):
            if not _covers(table.vertical, table.columns[column], middle):
                groups.join(row * width + column - 1, row * width + column)
    for column in range(width):
        middle = (table.columns[column] + table.columns[column + 1]) / 2
        for row in range(1, height):
            if not _covers(table.horizontal, table.rows[row], middle):
                groups.join((row - 1) * width + column, row * width + column)
    members: dict[int, list[tuple[int, int]]] = {}
    for index in range(height * width):
        members.setdefault(groups.leader(index), []).append(divmod(index, width))
    spans = {}
    for places in members.values():
        rows, columns = [row for row, _ in places], [column for _, column in places]
        edges = (min(rows), min(columns), max(rows), max(columns))
        is_rectangle = len(places) == (edges[2] - edges[0] + 1) * (edges[3] - edges[1] + 1)
        for row, column in places:
            spans[row, column] = edges if is_rectangle else (row, column, row, column)
    return spans


def cells_of(table: Table) -> list[tuple[float, float, float, float]]:
    """The boxes of a table's cells: left, top, right and bottom."""
    edges = set(_spans(table).values())
    return [
        (table.columns[left], table.rows[top], table.columns[right + 1], table.rows[bottom + 1])
        for top, left, bottom, right in sorted(edges)
    ]


def _start(word: Word) -> tuple[float, float]:
    """The middle of a word's first letter, about."""
    return word.left + min(word.width / 2, word.height / 4), word.baseline - word.height / 4


def take(table: Table, words: Sequence[Word]) -> tuple[dict[tuple[int, int], list[Word]], list[Word]]:
    """The words by the place in which their phrase begins, and the words outside the table.

    What was printed in one go and runs over a line belongs to the cell in which it began: it is cut off or overflows.
    """
    inside: dict[tuple[int, int], list[Word]] = {}
    outside: list[Word] = []
    place: tuple[int, int] | None = None
    phrase = -1
    for word in words:
        here = table.cell_at(*_start(word))
        if word.phrase != phrase or place is None or here is None or here[0] != place[0]:
            place = here
        phrase = word.phrase
        if place is None:
            outside.append(word)
        else:
            inside.setdefault(place, []).append(word)
    return inside, outside


def grid_of(table: Table, inside: dict[tuple[int, int], list[Word]], name: str) -> Grid:
    """The table as a grid, with `name` (page and table) in its locations."""
    grid = Grid(lambda row, column: f"{name}/row[{row}]/col[{column}]", flow="page")
    spans = _spans(table)
    texts: dict[tuple[int, int], list[Word]] = {}
    for place, words in inside.items():
        texts.setdefault(spans[place][:2], []).extend(words)
    cells: dict[tuple[int, int], Cell] = {}
    for row in range(len(table.rows) - 1):
        line: list[Cell | None] = []
        for column in range(len(table.columns) - 1):
            top, left, bottom, right = spans[row, column]
            cell = cells.get((top, left))
            if cell is None:
                words = texts.get((top, left), [])
                cell = cells[top, left] = Cell(text_of(words), top + 1, left + 1)
                cell.row_span, cell.column_span = bottom - top + 1, right - left + 1
                cell.confidence = confidence_of(words)
                cell.box = box_text(
                    table.columns[left], table.rows[top], table.columns[right + 1], table.rows[bottom + 1]
                )
            line.append(cell)
        grid.rows.append(Row(row + 1, line))
    return grid
