"""Tables without ruled lines: columns are what blanks that run down the whole table part.

Each printed line is a row here; which lines are one row, only labels tell (wrapped_rows.py). Used for pages (words with
boxes) and for plain text (fields between two or more blanks), where a letter is one wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.parsing.formats.grid import Cell, Grid, Row
from etl.parsing.formats.page_words import Word, box_text, confidence_of, fields_of

Column = tuple[float, float]
_MIN_FIELDS = 3  # a line with so many fields is one of a table
_MIN_LINES = 3
_FAR = 14  # so many lines with fewer fields may stand inside it
_LOOSE = 1.0  # how far a field may reach over the edge of its neighbour


@dataclass(frozen=True, slots=True)
class Field:
    """A piece of a line: from where to where it runs, and its words."""

    text: str
    left: float
    right: float
    words: Sequence[Word] = ()


@dataclass(slots=True)
class Stretch:
    """The lines from `first` up to `end` are a table with these columns."""

    first: int
    end: int
    columns: list[Column] = field(default_factory=list)


def columns_of(lines: Sequence[Sequence[Field]], narrow: float) -> list[Column]:
    """The stretches that the fields cover, parted by blanks of at least `narrow` that no line crosses.

    One line in fifty may cross: a heading that runs across the table.
    """
    edges = sorted(
        [(part.left, 1) for line in lines for part in line] + [(part.right, -1) for line in lines for part in line]
    )
    allowed = len(lines) // 50
    columns: list[Column] = []
    depth, start = 0, 0.0
    for place, change in edges:
        before = depth
        depth += change
        if before <= allowed < depth:
            start = place
        elif depth <= allowed < before:
            if columns and start - columns[-1][1] < narrow:
                columns[-1] = (columns[-1][0], place)
            else:
                columns.append((start, place))
    return sorted(columns + _lone(lines, columns, narrow))


def _lone(lines: Sequence[Sequence[Field]], columns: Sequence[Column], narrow: float) -> list[Column]:
    """Columns of a few fields that stand apart from all others: notes, of which there may be none but the header's."""
    found: list[Column] = []
    for part in sorted((part for line in lines for part in line), key=lambda part: part.left):
        if all(part.right + narrow <= left or right + narrow <= part.left for left, right in columns):
            if found and part.left - found[-1][1] < narrow:
                found[-1] = (found[-1][0], max(found[-1][1], part.right))
            else:
                found.append((part.left, part.right))
    return found


def _column_at(part: Field, columns: Sequence[Column]) -> int:
    """The column (0-based) in which a field begins, or the nearest one."""
    for index, (left, right) in enumerate(columns):
        if part.left < right and part.right > left:
            return index
    return min(
        range(len(columns)),
        key=lambda index: min(abs(columns[index][0] - part.left), abs(columns[index][1] - part.right)),
    )


def placed(fields: Sequence[Field], columns: Sequence[Column]) -> dict[int, list[Field]]:
    """The fields by the column (0-based) in which they stand."""
    found: dict[int, list[Field]] = {}
    for part in fields:
        found.setdefault(_column_at(part, columns), []).append(part)
    return found


def _field(words: Sequence[Word]) -> Field:
    return Field(" ".join(word.text for word in words), words[0].left, words[-1].right, words)


def _split(fields: Sequence[Field], columns: Sequence[Column]) -> list[Field]:
    """The fields, cut where the blank between two columns is a narrow one in this line."""
    starts = [left for left, _ in columns[1:]]
    found: list[Field] = []
    for part in fields:
        words: list[Word] = []
        for word in part.words:
            if words and word.phrase != words[-1].phrase:
                before = words[-1].right
                if any(before <= start <= word.left + _LOOSE for start in starts):
                    found.append(_field(words))
                    words = []
            words.append(word)
        found.append(_field(words) if words else part)
    return found


def _fits(fields: Sequence[Field], columns: Sequence[Column]) -> bool:
    """Whether each field stands within a column of its own, or in the blank beside it."""
    taken: set[int] = set()
    for part in _split(fields, columns):
        index = _column_at(part, columns)
        left = columns[index - 1][1] - _LOOSE if index else float("-inf")
        right = columns[index + 1][0] + _LOOSE if index + 1 < len(columns) else float("inf")
        if index in taken or part.left < left or part.right > right:
            return False
        taken.add(index)
    return bool(fields)


def stretches(lines: Sequence[Sequence[Field]], narrow: float, before: Sequence[Column] = ()) -> list[Stretch]:
    """Where tables stand among lines.

    `before` are the columns of a table that may go on here: it does as far as the lines fit it.
    """
    found: list[Stretch] = []
    start = 0
    while before and start < len(lines) and (not lines[start] or _fits(lines[start], before)):
        start += 1
    if start > 1 or (start and start == len(lines)):
        found.append(Stretch(0, start, list(before)))
    else:
        start = 0
    wide = [index for index in range(start, len(lines)) if len(lines[index]) >= _MIN_FIELDS]
    groups: list[list[int]] = []
    for index in wide:
        if groups and index - groups[-1][-1] <= _FAR:
            groups[-1].append(index)
        else:
            groups.append([index])
    for group in groups:
        if len(group) < _MIN_LINES:
            continue
        columns = columns_of([lines[index] for index in group], narrow)
        found.append(_extended(Stretch(group[0], group[-1] + 1, columns), lines, found[-1].end if found else 0))
    return found


def _extended(stretch: Stretch, lines: Sequence[Sequence[Field]], least: int) -> Stretch:
    """A stretch with the lines above and below it that fit its columns."""
    while stretch.first > least and _fits(lines[stretch.first - 1], stretch.columns):
        stretch.first -= 1
    while stretch.end < len(lines) and _fits(lines[stretch.end], stretch.columns):
        stretch.end += 1
    return stretch


def _fields(line: Sequence[Word]) -> list[Field]:
    return [_field(part) for part in fields_of(line)]


def _row(number: int, fields: Sequence[Field], words: Sequence[Word], columns: Sequence[Column]) -> Row:
    top, bottom = min(word.top for word in words), max(word.bottom for word in words)
    by_column = placed(_split(fields, columns), columns)
    cells: list[Cell | None] = []
    for column, (left, right) in enumerate(columns):
        parts = by_column.get(column, [])
        cell = Cell(" ".join(part.text for part in parts), number, column + 1)
        inside = [word for part in parts for word in part.words]
        cell.confidence = confidence_of(inside)
        cell.box = box_text(
            min([left, *(word.left for word in inside)]),
            min((word.top for word in inside), default=top),  # a taller word beside it reaches into other lines
            max([right, *(word.right for word in inside)]),
            max((word.bottom for word in inside), default=bottom),
        )
        cells.append(cell)
    return Row(number, cells)


class UnruledTables:
    """The tables without lines of one document, page after page, so that one may go on overleaf."""

    def __init__(self) -> None:
        self._columns: list[Column] = []

    def forget(self) -> None:
        """Ends the table of the page before."""
        self._columns = []

    def find(
        self, lines: list[list[Word]], page_number: int, tables_before: int
    ) -> tuple[list[tuple[float, Grid]], list[list[Word]]]:
        """The tables among the lines of a page, each with where it begins, and the lines that stand in none."""
        fields = [_fields(line) for line in lines]
        heights = sorted(word.height for line in lines for word in line)
        narrow = 0.4 * heights[len(heights) // 2] if heights else 0.0
        rest: list[list[Word]] = []
        grids: list[tuple[float, Grid]] = []
        after = 0
        for stretch in stretches(fields, narrow, self._columns):
            rest += lines[after : stretch.first]
            name = f"page[{page_number}]/table[{tables_before + len(grids) + 1}]"
            grid = Grid(lambda row, column, name=name: f"{name}/row[{row}]/col[{column}]", flow="lines")  # type: ignore[misc]
            for number, index in enumerate(range(stretch.first, stretch.end), 1):
                grid.rows.append(_row(number, fields[index], lines[index], stretch.columns))
            grids.append((lines[stretch.first][0].top, grid))
            after = stretch.end
            self._columns = stretch.columns
        return grids, rest + lines[after:]
