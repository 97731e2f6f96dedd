"""Find the appendix by its headers, wherever they are located, and list its printed rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.catalogue import Phrases
from etl.parsing.formats.grid import Document, Grid, Row, TextLine, own_cells
from etl.parsing.layout.header import MAX_HEADER_LENGTH, Columns, HeaderFinder, folded_text
from etl.parsing.layout.printed_row import PrintedRow, read_printed_row


@dataclass(slots=True, eq=False)
class Section:
    """The rows between one header and the next, or the end of the grid. Without a header of its own, it may be the
    rest of the table before it."""

    columns: Columns
    width: int
    grid: Grid
    has_header: bool = True
    rows: list[PrintedRow] = field(default_factory=list)


@dataclass(slots=True)
class Appendix:
    """All sections of a document, and its other lines of text, each with the number of sections before it.

    `cut_header` are the rows of a header at the end of a page, which may continue on the next one.
    """

    sections: list[Section] = field(default_factory=list)
    lines: list[tuple[int, TextLine]] = field(default_factory=list)
    cut_header: list[Row] = field(default_factory=list)

    def add_line(self, text: str, location: str) -> None:
        self.lines.append((len(self.sections), TextLine(text, location)))


class AppendixFinder:
    """Walks through a document and collects the rows below every header of an appendix."""

    def __init__(self, phrases: Phrases) -> None:
        self._headers = HeaderFinder(phrases)
        self._contact_columns = phrases.contact_columns
        self._titles = phrases.appendix_titles

    def find(self, document: Document) -> Appendix:
        """All sections below a header, and grids without one that continue a table cut by a page break."""
        appendix = Appendix()
        for block in document.blocks:
            if isinstance(block, Grid):
                self._read_grid(block, appendix)
            else:
                appendix.add_line(block, block.location if isinstance(block, TextLine) else "")
        return appendix

    def _read_grid(self, grid: Grid, appendix: Appendix) -> None:
        section = self._continued_section(grid, appendix)
        is_lines = grid.flow == "lines"
        rows = [*appendix.cut_header, *grid.rows] if section is not None else grid.rows
        appendix.cut_header = []
        index, in_contacts = 0, False
        while index < len(rows):
            row = rows[index]
            header = self._headers.find(rows, index, is_lines=is_lines)
            if header is not None:
                start, (columns, index) = index, header
                section = Section(columns.shown_in(grid), len(row.cells), grid)
                appendix.sections.append(section)
                if index == len(rows) and grid.flow == "page":
                    appendix.cut_header = rows[start:]
                continue
            index += 1
            if section is not None:
                _add_row(section, row)
                continue
            in_contacts = self._is_contact_row(row, in_contacts)
            for _, cell in own_cells(row) if not in_contacts else ():
                appendix.add_line(cell.text, grid.locate(cell.row, cell.column))

    def _continued_section(self, grid: Grid, appendix: Appendix) -> Section | None:
        """A section for a grid without a header that may continue the table before it."""
        if not appendix.sections or not grid.rows:
            return None
        last = appendix.sections[-1]
        if len(grid.rows[0].cells) != last.width:
            return None
        if grid.flow == "rows" and any(map(self._headers.starts_at, grid.rows)):
            return None
        section = Section(last.columns, last.width, grid, has_header=False)
        appendix.sections.append(section)
        return section

    def _is_contact_row(self, row: Row, was_contact_row: bool) -> bool:
        """Whether a row belongs to a table of names, phone numbers and addresses, which is skipped to its end."""
        texts = [cell.text for _, cell in own_cells(row) if cell.text]
        if was_contact_row:
            return bool(texts) and not folded_text(texts[0][:MAX_HEADER_LENGTH]).startswith(self._titles)
        titles = [folded_text(text) for text in texts if len(text) <= MAX_HEADER_LENGTH]
        return len(titles) > 1 and any(word in title for title in titles for word in self._contact_columns)


def _add_row(section: Section, row: Row) -> None:
    printed_row = read_printed_row(section.grid, row, section.columns)
    if printed_row is not None:
        flow = section.grid.flow
        printed_row.may_continue = flow == "lines" or (flow == "page" and not section.rows)
        section.rows.append(printed_row)
