"""Finds the appendix by what its header says, wherever it stands, and lists its printed rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from etl.catalogue import ColumnRole, Phrases
from etl.parsing.formats.grid import Cell, Document, Grid, Line, Row, own_cells
from etl.parsing.layout.wrapped_header import wrapped_header
from etl.parsing.matching.labels import printed, split_numbering, without_marks
from etl.text import fold

_MAX_HEADER_LINES = 4
_MAX_HEADER_LENGTH = 60
_MAX_KNOWN = 10_000
_ORDINAL = re.compile(r"^[\s(]*([IVX]{1,5}|\d{1,3}(?:\.\d{1,3})*|[a-zđ])[\s.)]*$", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"^\(?\s*(?:\d{1,2}|[A-EĐ])\s*\)?(?:\s*=.*)?$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role stands in a grid (0-based). `values` are all columns that may hold the period's figure."""

    label: int
    values: tuple[int, ...]
    ordinal: int | None = None
    unit: int | None = None
    note: int | None = None


@dataclass(slots=True)
class PrintedRow:
    """One row of the appendix as printed. `location` is that of the first of its `values` that says something; where
    there are several value columns, `locations` are those of all.

    `may_continue`: it may be no row but the rest of the one before (wrapped_rows.py).
    """

    item: str
    label: str
    unit: str
    values: list[Cell]
    note: str
    location: str
    grid: int
    may_continue: bool = False
    box: str = ""
    confidence: float | None = None
    locations: Sequence[str] = ()

    def location_of(self, index: int) -> str:
        """Where one of the values stands."""
        return self.locations[index] if self.locations else self.location


@dataclass(slots=True)
class Section:
    """The rows between one header and the next, or the end of the grid."""

    columns: Columns
    width: int
    rows: list[PrintedRow]
    grid: int
    is_hidden: bool
    has_header: bool = True


@dataclass(slots=True)
class Appendix:
    """All sections of one document, and its other lines of text, each with how many sections stand before it.

    `cut_header` are the lines of a header at the end of a page, which may go on overleaf.
    """

    sections: list[Section] = field(default_factory=list)
    lines: list[tuple[int, Line]] = field(default_factory=list)
    cut_header: list[Row] = field(default_factory=list)

    def say(self, text: str, location: str) -> None:
        self.lines.append((len(self.sections), Line(text, location)))


@lru_cache(maxsize=16_384)
def _folded(text: str) -> str:
    return fold(without_marks(text))


class Finder:
    """Walks a document and gathers what stands under a header of an appendix."""

    def __init__(self, phrases: Phrases) -> None:
        self._roles: Mapping[str, ColumnRole] = phrases.role_of_header
        self._other = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases.other_columns)) or '(?!)'})(?!\w)")
        self._contact = phrases.contact_columns
        self._titles = phrases.appendix_titles
        self._known: dict[str, ColumnRole | None] = {}

    def _role(self, text: str) -> ColumnRole | None:
        if text in self._known:
            return self._known[text]
        role: ColumnRole | None = None
        if text and len(text) <= _MAX_HEADER_LENGTH:
            folded = _folded(text)
            role = self._roles.get(folded) or self._roles.get(folded.strip(" .:;*()"))
            if len(self._known) < _MAX_KNOWN:
                self._known[text] = role
        return role

    def _is_other(self, text: str) -> bool:
        """Whether a header names other figures than the period's own ("kỳ trước")."""
        folded = _folded(text)
        return folded not in self._roles and self._other.search(folded) is not None

    def _is_header_line(self, row: Row) -> bool:
        """Every cell that says something is a header word."""
        texts = [cell.text for _, cell in own_cells(row) if cell.text]
        return bool(texts) and all(
            len(text) <= _MAX_HEADER_LENGTH and (self._role(text) or self._is_other(text)) for text in texts
        )

    def _is_header_start(self, row: Row) -> bool:
        for cell in row.cells:
            if cell is not None and cell.text and self._role(cell.text) == "label":
                break
        else:
            return False
        roles = [role for _, cell in own_cells(row) if (role := self._role(cell.text))]
        return len(roles) >= 2 and "label" in roles and set(roles) != {"label"} and self._is_header_line_or_wide(row)

    def _is_header_line_or_wide(self, row: Row) -> bool:
        """Extra columns may carry any title, if most of the line is header words."""
        texts = [cell.text for _, cell in own_cells(row) if cell.text]
        return sum(bool(self._role(text)) for text in texts) * 2 >= len(texts)

    def _header_of_lines(self, rows: Sequence[Row], index: int) -> tuple[Columns, int] | None:
        found = wrapped_header(rows, index, self._role, self._is_other)
        if found is None:
            return None
        roles, end = found
        first = {role: places[0] for role, places in roles.items()}
        if end < len(rows) and _is_column_numbering(rows[end]):
            end += 1
        columns = Columns(
            first["label"], tuple(roles["value"]), first.get("ordinal"), first.get("unit"), first.get("note")
        )
        return columns, end

    def header_at(self, rows: Sequence[Row], index: int, *, is_lines: bool = False) -> tuple[Columns, int] | None:
        """The columns of a header that begins at `index`, and the index of the first row below it.

        `is_lines`: each row is a printed line, over several of which the words of a header may run.
        """
        if is_lines:
            return self._header_of_lines(rows, index)
        if not self._is_header_start(rows[index]):
            return None
        end = index + 1
        labels = [place for place, cell in own_cells(rows[index]) if self._role(cell.text) == "label"]
        while end < len(rows) and end - index < _MAX_HEADER_LINES and self._continues_header(rows[end], labels):
            end += 1
        columns = self._columns(rows[index:end])
        if columns is None:
            return None
        if end < len(rows) and _is_column_numbering(rows[end]):
            end += 1
        return columns, end

    def _continues_header(self, row: Row, labels: Sequence[int]) -> bool:
        """Whether a line goes on with a header. Under its word for labels no more than such a word may stand: what else
        stands there is a row, even one whose label names a plan or a total."""
        if any(text and not self._role(text) for index in labels if (text := _text(row, index))):
            return False
        return self._is_header_line(row) and not self._is_header_start(row)

    def _columns(self, lines: Sequence[Row]) -> Columns | None:
        width = max(len(line.cells) for line in lines)
        roles: dict[ColumnRole, list[int]] = {}
        for index in range(width):
            texts = _header_texts(lines, index)
            found = [role for text in texts if (role := self._role(text))]
            if found and not any(self._is_other(text) for text in texts):
                roles.setdefault(found[-1], []).append(index)
        labels, values = roles.get("label", []), roles.get("value", [])
        if not labels or not values:
            return None
        first = {role: places[0] for role, places in roles.items()}
        return Columns(labels[0], tuple(values), first.get("ordinal"), first.get("unit"), first.get("note"))

    def find(self, document: Document) -> Appendix:
        """All sections under a header, with grids that go on without one where a page broke the table."""
        appendix = Appendix()
        for number, block in enumerate(document.blocks):
            if isinstance(block, str):
                appendix.say(block, block.location if isinstance(block, Line) else "")
            else:
                self._walk(block, number, appendix)
        return appendix

    def _walk(self, grid: Grid, number: int, appendix: Appendix) -> None:
        section = self._continued(grid, number, appendix)
        is_lines = grid.flow == "lines"
        rows = [*appendix.cut_header, *grid.rows] if section is not None else grid.rows
        appendix.cut_header = []
        index, is_contacts = 0, False
        while index < len(rows):
            row = rows[index]
            header = self.header_at(rows, index, is_lines=is_lines)
            if header is not None:
                first = index
                columns, index = header
                is_contacts = False
                section = Section(_visible(columns, grid), len(row.cells), [], number, grid.is_hidden)
                appendix.sections.append(section)
                if index == len(rows) and grid.flow == "page":
                    appendix.cut_header = rows[first:]
                continue
            printed_row = _printed_row(grid, row, section.columns, number) if section is not None else None
            if section is not None and printed_row is not None:
                printed_row.may_continue = is_lines or (grid.flow == "page" and not section.rows)
                section.rows.append(printed_row)
            elif section is None:
                is_contacts = self._is_contacts(row, is_contacts)
                for _, cell in own_cells(row) if not is_contacts else ():
                    appendix.say(cell.text, grid.locate(cell.row, cell.column))
            index += 1

    def _is_contacts(self, row: Row, was_contacts: bool) -> bool:
        """Whether a row stands in a table of names, phone numbers and addresses: skipped from its header to its end."""
        first = next((cell.text for _, cell in own_cells(row) if cell.text), "")
        if was_contacts:
            return bool(first) and not _folded(first[:_MAX_HEADER_LENGTH]).startswith(self._titles)
        texts = [_folded(cell.text) for _, cell in own_cells(row) if 0 < len(cell.text) <= _MAX_HEADER_LENGTH]
        return len(texts) > 1 and any(word in text for text in texts for word in self._contact)

    def _continued(self, grid: Grid, number: int, appendix: Appendix) -> Section | None:
        """A section for a grid without a header of its own that may go on with the table before it."""
        if not appendix.sections or not grid.rows:
            return None
        last = appendix.sections[-1]
        if len(grid.rows[0].cells) != last.width:
            return None
        if grid.flow == "rows" and any(self._is_header_start(row) for row in grid.rows):
            return None
        section = Section(last.columns, last.width, [], number, grid.is_hidden, has_header=False)
        appendix.sections.append(section)
        return section


def _header_texts(lines: Sequence[Row], index: int) -> list[str]:
    """The header texts over a column, from above: a text also covers the empty places to its right that a lower line
    divides (text file formats know no merged cells)."""
    texts = []
    for number, line in enumerate(lines):
        cell = line.cell(index)
        text = cell.text if cell is not None else ""
        below = lines[number + 1].cell(index) if number + 1 < len(lines) else None
        place = index
        while not text and place > 0 and below is not None and below.text:
            place -= 1
            left = line.cell(place)
            text = left.text if left is not None else ""
        if text and text not in texts:
            texts.append(text)
    return texts


def _is_column_numbering(row: Row) -> bool:
    """A line such as "(1) (2) (3)" or "A B 1 2 3" under a header."""
    texts = [cell.text for _, cell in own_cells(row) if cell.text]
    return len(texts) >= 3 and len(texts) == len(set(texts)) and all(_COLUMN_NUMBER.match(text) for text in texts)


def _visible(columns: Columns, grid: Grid) -> Columns:
    """Where several columns may hold the figure, those that are shown."""
    shown = tuple(index for index in columns.values if index + 1 not in grid.hidden_columns)
    if len(columns.values) == 1 or not shown or shown == columns.values:
        return columns
    return Columns(columns.label, shown, columns.ordinal, columns.unit, columns.note)


def _text(row: Row, index: int | None) -> str:
    cell = row.cell(index)
    return cell.text if cell is not None else ""


def _item(text: str) -> str:
    match = _ORDINAL.match(without_marks(text)) if text else None
    return match[1] if match else ""


def _printed_row(grid: Grid, row: Row, columns: Columns, number: int) -> PrintedRow | None:
    """The row as printed; None for a line without label and figure."""
    label_cell = row.cell(columns.label)
    label = printed(label_cell.text) if label_cell is not None else ""
    ordinal_cell = row.cell(columns.ordinal)
    item = ""
    if ordinal_cell is not None and ordinal_cell is not label_cell and ordinal_cell.row == row.number:
        item = _item(ordinal_cell.text)
    if not item:
        item, label = split_numbering(label)
    values = [
        cell
        for index in columns.values
        if (cell := row.cell(index)) is not None and cell is not label_cell and cell is not ordinal_cell
    ]
    is_said = any(cell.text for cell in values)
    if not label and not is_said and grid.flow == "rows":
        return None
    unit_cell, note_cell = row.cell(columns.unit), row.cell(columns.note)
    unit = printed(unit_cell.text) if unit_cell is not None and unit_cell is not label_cell else ""
    note = without_marks(note_cell.text) if note_cell is not None and note_cell is not label_cell else ""
    if not (label or is_said or unit or note):
        return None
    place = next((cell for cell in values if cell.text or cell.lacks_result), None) or row.cell(columns.values[0])
    is_beside = place is None or place is label_cell or place is ordinal_cell
    if place is None or is_beside:
        return PrintedRow(item, label, unit, values, note, grid.locate(row.number, columns.values[0] + 1), number)
    location = grid.locate(place.row, place.column)
    locations = [grid.locate(cell.row, cell.column) for cell in values] if len(values) > 1 else ()
    return PrintedRow(item, label, unit, values, note, location, number, False, place.box, place.confidence, locations)
