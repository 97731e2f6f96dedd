"""Tables without ruled lines: columns are separated by gaps that run down the whole table.

Each printed line is a row of the grid; which lines form one row of the report, only the labels tell (wrapped_rows.py).
For pages, positions are points; for plain text, where spans are separated by two or more spaces, they are letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.parsing.formats.grid import Cell, Grid, Row, table_locator
from etl.parsing.formats.page_words import PageWord, TextSpan, format_box, lowest_confidence, split_spans

Column = tuple[float, float]  # where it starts and ends
Line = Sequence[TextSpan]
_MIN_SPANS = 3  # a line with so many spans belongs to a table
_MIN_LINES = 3
_MAX_LINES_BETWEEN = 14  # lines with fewer spans that may be inside a table
_TOLERANCE = 1.0  # how far a span may reach over the edge of its neighbour
_CROSSING_SHARE = 50  # one line in so many may cross a gap: a heading that runs across the table


@dataclass(slots=True)
class TableRegion:
    """The lines from `first` up to, not including, `end` are a table with these columns."""

    first: int
    end: int
    columns: list[Column]


def find_columns(lines: Sequence[Line], min_gap: float) -> list[Column]:
    """The columns that the spans cover, separated by gaps of at least `min_gap` that few lines cross."""
    spans = [span for line in lines for span in line]
    edges = sorted([(span.left, 1) for span in spans] + [(span.right, -1) for span in spans])
    allowed = len(lines) // _CROSSING_SHARE
    columns: list[Column] = []
    depth, start = 0, 0.0
    for position, change in edges:
        if depth <= allowed < depth + change:
            start = position
        elif depth + change <= allowed < depth:
            _add_column(columns, (start, position), min_gap)
        depth += change
    # Spans apart from all others: notes, of which there may be none but the header.
    isolated: list[Column] = []
    for span in sorted(spans, key=lambda span: span.left):
        if all(span.right + min_gap <= left or right + min_gap <= span.left for left, right in columns):
            _add_column(isolated, (span.left, span.right), min_gap)
    return sorted(columns + isolated)


def _add_column(columns: list[Column], column: Column, min_gap: float) -> None:
    """Add a column, or extend the last one if the gap between them is too small."""
    if columns and column[0] - columns[-1][1] < min_gap:
        columns[-1] = (columns[-1][0], max(columns[-1][1], column[1]))
    else:
        columns.append(column)


def _column_index(span: TextSpan, columns: Sequence[Column]) -> int:
    """The column in which a span begins, or the nearest one."""
    for index, (left, right) in enumerate(columns):
        if span.left < right and span.right > left:
            return index
    distances = [min(abs(left - span.left), abs(right - span.right)) for left, right in columns]
    return distances.index(min(distances))


def split_by_column(line: Line, columns: Sequence[Column]) -> list[list[TextSpan]]:
    """The spans of a line in each column."""
    by_column: list[list[TextSpan]] = [[] for _ in columns]
    for span in line:
        by_column[_column_index(span, columns)].append(span)
    return by_column


def _split_at_columns(line: Line, columns: Sequence[Column]) -> list[TextSpan]:
    """The spans, split where the gap between two columns is a narrow one on this line."""
    starts = [left for left, _ in columns[1:]]
    spans: list[TextSpan] = []
    for span in line:
        words: list[PageWord] = []
        for word in span.words:
            is_apart = words and word.phrase != words[-1].phrase
            if is_apart and any(words[-1].right <= start <= word.left + _TOLERANCE for start in starts):
                spans.append(TextSpan.of_words(words))
                words = []
            words.append(word)
        spans.append(TextSpan.of_words(words) if words else span)
    return spans


def _fits(line: Line, columns: Sequence[Column]) -> bool:
    """Whether each span is inside a column of its own, or in the gap beside it."""
    taken: set[int] = set()
    for span in _split_at_columns(line, columns):
        index = _column_index(span, columns)
        left = columns[index - 1][1] - _TOLERANCE if index else float("-inf")
        right = columns[index + 1][0] + _TOLERANCE if index + 1 < len(columns) else float("inf")
        if index in taken or span.left < left or span.right > right:
            return False
        taken.add(index)
    return bool(line)


class TableFinder:
    """Finds the unruled tables of a document, page after page, since a table may continue on the next page."""

    def __init__(self) -> None:
        self._columns: list[Column] = []

    def end_table(self) -> None:
        """The table of the page before does not continue."""
        self._columns = []

    def find(self, lines: Sequence[Line], min_gap: float) -> list[TableRegion]:
        """The tables among the lines of a page, in order. The first continues the last one if its lines fit that."""
        regions: list[TableRegion] = []
        start = 0
        while self._columns and start < len(lines) and (not lines[start] or _fits(lines[start], self._columns)):
            start += 1
        if start > 1 or (start and start == len(lines)):
            regions.append(TableRegion(0, start, self._columns))
        else:
            start = 0
        for group in _table_lines(lines, start):
            columns = find_columns([lines[index] for index in group], min_gap)
            first, end = group[0], group[-1] + 1
            while first > (regions[-1].end if regions else 0) and _fits(lines[first - 1], columns):
                first -= 1
            while end < len(lines) and _fits(lines[end], columns):
                end += 1
            regions.append(TableRegion(first, end, columns))
        if regions:
            self._columns = regions[-1].columns
        return regions


def _table_lines(lines: Sequence[Line], start: int) -> list[list[int]]:
    """Groups of lines with several spans that are not far from each other."""
    groups: list[list[int]] = []
    for index in range(start, len(lines)):
        if len(lines[index]) >= _MIN_SPANS:
            if groups and index - groups[-1][-1] <= _MAX_LINES_BETWEEN:
                groups[-1].append(index)
            else:
                groups.append([index])
    return [group for group in groups if len(group) >= _MIN_LINES]


def _page_row(number: int, line: Line, columns: Sequence[Column]) -> Row:
    words = [word for span in line for word in span.words]
    top, bottom = min(word.top for word in words), max(word.bottom for word in words)
    cells: list[Cell | None] = []
    for (left, right), spans in zip(columns, split_by_column(_split_at_columns(line, columns), columns), strict=True):
        inside = [word for span in spans for word in span.words]
        box = format_box(
            min([left, *(word.left for word in inside)]),
            min((word.top for word in inside), default=top),  # not of the line: a taller word reaches into other lines
            max([right, *(word.right for word in inside)]),
            max((word.bottom for word in inside), default=bottom),
        )
        text = " ".join(span.text for span in spans)
        cells.append(Cell(text, number, len(cells) + 1, box=box, confidence=lowest_confidence(inside)))
    return Row(number, cells)


def take_unruled_tables(
    finder: TableFinder, lines: Sequence[list[PageWord]], page_number: int, tables_before: int
) -> tuple[list[tuple[float, Grid]], list[list[PageWord]]]:
    """The unruled tables of a page, each with its top, and the lines that are in none."""
    heights = sorted(word.height for line in lines for word in line)
    min_gap = 0.4 * heights[len(heights) // 2] if heights else 0.0
    spans = [split_spans(line) for line in lines]
    grids: list[tuple[float, Grid]] = []
    rest: list[list[PageWord]] = []
    end = 0
    for region in finder.find(spans, min_gap):
        rest += lines[end : region.first]
        end = region.end
        grid = Grid(table_locator(f"page[{page_number}]/table[{tables_before + len(grids) + 1}]"), flow="lines")
        for number, line in enumerate(spans[region.first : region.end], 1):
            grid.rows.append(_page_row(number, line, region.columns))
        grids.append((lines[region.first][0].top, grid))
    return grids, [*rest, *lines[end:]]
