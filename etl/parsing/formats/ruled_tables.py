"""Tables with ruled lines: which lines form a table, which cells they enclose and which words are in each cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from etl.parsing.formats.grid import Cell, Grid, Row, table_locator
from etl.parsing.formats.page_words import Page, PageWord, RuledLine, format_box, join_words, lowest_confidence

_NEAR = 1.5  # points: lines closer than this are one line
_TOUCH = 3.0  # points: a line that ends this close to another one touches it
MAX_LINES = 4_000  # of a page
MAX_CELLS = 20_000  # of a table
Position = tuple[int, int]  # row and column, 0-based


def _connected_groups(count: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The numbers below `count`, grouped by the links between them (union-find)."""
    leader = list(range(count))

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for first, second in links:
        leader[find(second)] = find(first)
    groups: dict[int, list[int]] = {}
    for number in range(count):
        groups.setdefault(find(number), []).append(number)
    return list(groups.values())


def _join_pieces(lines: Iterable[RuledLine]) -> list[RuledLine]:
    """The lines, those drawn in pieces or twice joined."""
    levels: list[list[RuledLine]] = []
    for line in sorted(lines):
        if levels and line.position - levels[-1][0].position <= _NEAR:
            levels[-1].append(line)
        else:
            levels.append([line])
    joined: list[RuledLine] = []
    for level in levels:
        position = sum(line.position for line in level) / len(level)
        for _, start, end in sorted(level, key=lambda line: line.start):
            last = joined[-1] if joined else None
            if last is not None and last.position == position and start <= last.end + _TOUCH:
                joined[-1] = RuledLine(position, last.start, max(last.end, end))
            else:
                joined.append(RuledLine(position, start, end))
    return joined


def _edges(lines: Iterable[RuledLine], crossing: Iterable[RuledLine]) -> list[float]:
    """The positions of the lines, and the ends of the crossing ones where the outer line is not drawn."""
    drawn = sorted(line.position for line in lines)
    ends = [end for line in crossing for end in (line.start, line.end)]
    edges: list[float] = []
    for edge in sorted(drawn + [end for end in ends if all(abs(end - position) > _TOUCH for position in drawn)]):
        if not edges or edge - edges[-1] > _TOUCH:
            edges.append(edge)
    return edges


@dataclass(slots=True)
class RuledTable:
    """The lines of a table and the edges of its columns and rows."""

    horizontal: list[RuledLine]
    vertical: list[RuledLine]
    columns: list[float] = field(init=False)
    rows: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = _edges(self.vertical, self.horizontal)
        self.rows = _edges(self.horizontal, self.vertical)

    @property
    def area(self) -> float:
        return (self.columns[-1] - self.columns[0]) * (self.rows[-1] - self.rows[0])

    @property
    def is_table(self) -> bool:
        cells = (len(self.columns) - 1) * (len(self.rows) - 1)
        return len(self.columns) > 1 and len(self.rows) > 1 and 1 < cells <= MAX_CELLS

    def position_at(self, x: float, y: float) -> Position | None:
        row, column = bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1
        is_inside = 0 <= row < len(self.rows) - 1 and 0 <= column < len(self.columns) - 1
        return (row, column) if is_inside else None

    def box(self, span: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a cell."""
        top, left, bottom, right = span
        return self.columns[left], self.rows[top], self.columns[right + 1], self.rows[bottom + 1]

    def spans(self) -> dict[Position, tuple[int, int, int, int]]:
        """First row, first column, last row and last column of the cell at each position."""
        height, width = len(self.rows) - 1, len(self.columns) - 1
        spans = {}
        for group in _connected_groups(height * width, self._open_edges(height, width)):
            positions = [divmod(index, width) for index in group]
            rows, columns = zip(*positions, strict=True)
            span = (min(rows), min(columns), max(rows), max(columns))
            is_rectangle = len(group) == (span[2] - span[0] + 1) * (span[3] - span[1] + 1)
            for row, column in positions:
                spans[row, column] = span if is_rectangle else (row, column, row, column)
        return spans

    def _open_edges(self, height: int, width: int) -> Iterator[tuple[int, int]]:
        """Neighbouring positions, counted row by row, between which no line is drawn."""
        for row, column in product(range(height), range(width)):
            index = row * width + column
            y = (self.rows[row] + self.rows[row + 1]) / 2
            x = (self.columns[column] + self.columns[column + 1]) / 2
            if column and not _is_drawn(self.vertical, self.columns[column], y):
                yield index - 1, index
            if row and not _is_drawn(self.horizontal, self.rows[row], x):
                yield index - width, index


def _is_drawn(lines: Sequence[RuledLine], position: float, at: float) -> bool:
    return any(
        abs(line.position - position) <= _TOUCH and line.start - _NEAR <= at <= line.end + _NEAR for line in lines
    )


def find_ruled_tables(page: Page) -> list[RuledTable]:
    """The ruled tables of a page, smaller ones first, since they may be inside larger ones."""
    horizontal, vertical = (_join_pieces(lines[:MAX_LINES]) for lines in (page.horizontal, page.vertical))
    crossings = (
        (index, other)
        for index, (y, left, right) in enumerate(horizontal)
        for other, (x, top, bottom) in enumerate(vertical, len(horizontal))
        if left - _TOUCH <= x <= right + _TOUCH and top - _TOUCH <= y <= bottom + _TOUCH
    )
    tables = []
    for group in _connected_groups(len(horizontal) + len(vertical), crossings):
        across = [horizontal[index] for index in group if index < len(horizontal)]
        down = [vertical[index - len(horizontal)] for index in group if index >= len(horizontal)]
        if across and down:
            tables.append(RuledTable(across, down))
    return sorted((table for table in tables if table.is_table), key=lambda table: table.area)


def take_words(table: RuledTable, words: Sequence[PageWord]) -> tuple[dict[Position, list[PageWord]], list[PageWord]]:
    """The words by the position in which their phrase begins, and the words outside the table.

    A phrase that runs over a line belongs to the cell in which it begins: it overflows.
    """
    inside: dict[Position, list[PageWord]] = {}
    outside: list[PageWord] = []
    position: Position | None = None
    phrase = -1
    for word in words:
        # About the middle of the first letter.
        x, y = word.left + min(word.width / 2, word.height / 4), word.baseline - word.height / 4
        own_position = table.position_at(x, y)
        if word.phrase != phrase or position is None or own_position is None or own_position[0] != position[0]:
            position = own_position
        phrase = word.phrase
        if position is None:
            outside.append(word)
        else:
            inside.setdefault(position, []).append(word)
    return inside, outside


def to_grid(table: RuledTable, words: dict[Position, list[PageWord]], location: str) -> Grid:
    """The table as a grid with the words by position; `location` is the page and table."""
    grid = Grid(table_locator(location), flow="page")
    spans = table.spans()
    words_of_cell: dict[Position, list[PageWord]] = {}
    for position, inside in words.items():
        words_of_cell.setdefault(spans[position][:2], []).extend(inside)
    cells: dict[Position, Cell] = {}
    for row in range(len(table.rows) - 1):
        grid.rows.append(Row(row + 1, []))
        for column in range(len(table.columns) - 1):
            top, left, bottom, right = span = spans[row, column]
            if (top, left) not in cells:
                inside = words_of_cell.get((top, left), [])
                cells[top, left] = Cell(
                    join_words(inside),
                    top + 1,
                    left + 1,
                    row_span=bottom - top + 1,
                    column_span=right - left + 1,
                    box=format_box(*table.box(span)),
                    confidence=lowest_confidence(inside),
                )
            grid.rows[-1].cells.append(cells[top, left])
    return grid
