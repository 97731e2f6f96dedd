"""Excel workbooks (xlsx): the XML of the sheets, with number formats, cached results, merged cells and comments.

openpyxl takes many times as long and does not give a formula and its cached result at once.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.container import Container, check_sheet_names, damaged, too_large
from etl.parsing.formats.grid import (
    MAX_CELLS,
    MAX_COLUMNS,
    Cell,
    CellKind,
    Document,
    Grid,
    Row,
    kind_of_number_format,
    merge,
    sheet_locator,
)

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET_DATA, _ROW, _CELL, _VALUE, _FORMULA = (f"{_M}{name}" for name in ("sheetData", "row", "c", "v", "f"))
_INLINE_STRING, _TEXT = f"{_M}is", f"{_M}t"
_TEXT_HOLDERS = frozenset(f"{_M}{name}" for name in ("r", "is", "text"))  # not the phonetic guides of East Asian text
_KIND_OF_TYPE: dict[str, CellKind] = {"e": "error", "b": "boolean", "d": "date"}
_BUILT_IN_FORMATS: dict[int, CellKind] = {
    **dict.fromkeys((9, 10), "percent"),
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "date"),
}
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TRUE = ("1", "true")


@lru_cache(maxsize=1_024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _position(reference: str) -> tuple[int, int]:
    """Row and column of a cell reference such as B20."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise damaged(f"{reference[:20]!r} is not a cell reference")
    return int(match[2]), _column(match[1])


def _range(reference: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, _, last = reference.partition(":")
    return _position(first), _position(last or first)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else default


def _rich_text(item: Any) -> str:
    """The text of a shared or inline string or of a comment."""
    if len(item) == 1 and item[0].tag == _TEXT:
        return item[0].text or ""
    return "".join(_runs(item))


def _runs(item: Any) -> Iterator[str]:
    for child in item:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _TEXT_HOLDERS:
            yield from _runs(child)


class _WorkbookReader:
    def __init__(self, container: Container) -> None:
        self._container = container
        self._strings = [_rich_text(item).strip() for item in self._elements("xl/sharedStrings.xml", "si")]
        self._kind_of_style = {str(index): kind for index, kind in enumerate(self._kinds_of_styles())}
        self._cells_left = MAX_CELLS

    def _elements(self, part: str, name: str) -> Iterator[Any]:
        """The elements with a name in a part, which the workbook may lack."""
        return self._container.xml(part).iter(f"{_M}{name}") if part in self._container else iter(())

    def _related_parts(self, part: str) -> dict[str, str]:
        """The names of the parts that a part refers to, by relationship id."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in self._container:
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))[1:]
            for relation in self._container.xml(relations)
            if relation.get("TargetMode") != "External"
        }

    def _kinds_of_styles(self) -> Iterator[CellKind]:
        if "xl/styles.xml" not in self._container:
            return
        styles = self._container.xml("xl/styles.xml")
        kinds = {
            _number(entry.get("numFmtId"), -1): kind_of_number_format(entry.get("formatCode", ""))
            for entry in styles.iter(f"{_M}numFmt")
        } | _BUILT_IN_FORMATS
        for styles_of_cells in styles.iter(f"{_M}cellXfs"):
            for entry in styles_of_cells:
                yield kinds.get(_number(entry.get("numFmtId"), 0), "number")

    def read(self) -> Document:
        parts = self._related_parts("xl/workbook.xml")
        sheets = list(self._container.xml("xl/workbook.xml").iter(f"{_M}sheet"))
        check_sheet_names([sheet.get("name", "") for sheet in sheets])
        document = Document()
        for sheet in sheets:
            part = parts.get(sheet.get(_RELATION_ID, ""), "")
            if part in self._container:
                grid = self._sheet(sheet.get("name", ""), part)
                grid.is_hidden = sheet.get("state", "visible") != "visible"
                document.blocks.append(grid)
        return document

    def _sheet(self, name: str, part: str) -> Grid:
        root = self._container.xml(part)
        grid = Grid(sheet_locator(name))
        for data in root.iterchildren(_SHEET_DATA):
            for element in data.iterchildren(_ROW):
                self._add_row(grid, element)
        grid.hidden_columns = frozenset(
            index
            for column in root.iter(f"{_M}col")
            if column.get("hidden") in _TRUE
            for index in range(_number(column.get("min"), 1), min(_number(column.get("max"), 1), MAX_COLUMNS) + 1)
        )
        merge(grid, [_range(entry.get("ref", "")) for entry in root.iter(f"{_M}mergeCell")])
        self._add_comments(grid, part)
        return grid

    def _add_row(self, grid: Grid, element: Any) -> None:
        """Read a row. Rows and cells must be in order and unique, or a location would not lead back to one cell."""
        last = grid.rows[-1].number if grid.rows else 0
        row = Row(_number(element.get("r", str(last + 1)), 0), [], element.get("hidden") in _TRUE)
        if row.number <= last:
            raise damaged(f"The row {element.get('r', '')[:20]!r} is repeated, out of order or invalid")
        grid.rows.append(row)
        cells, number = row.cells, row.number
        for entry in element.iterchildren(_CELL):
            reference = entry.get("r")
            if reference is not None and not len(entry):  # formatting only
                continue
            row_number, column = _position(reference) if reference is not None else (number, len(cells) + 1)
            self._cells_left -= 1
            if self._cells_left < 0:
                raise too_large(f"The workbook has more than {MAX_CELLS} cells")
            if row_number != number or column <= len(cells):
                raise damaged(f"The cell {reference} is repeated, out of order or in another row")
            if column <= MAX_COLUMNS:
                cells.extend([None] * (column - len(cells) - 1))
                cells.append(self._cell(entry, number, column))

    def _cell(self, element: Any, row: int, column: int) -> Cell:
        value, formula = None, ""
        for part in element:
            tag = part.tag
            if tag == _FORMULA:
                formula = part.text or "="
            elif value is None and tag in (_VALUE, _INLINE_STRING):
                value = part.text if tag == _VALUE else _rich_text(part)
        if value is None:
            return Cell("", row, column, formula=formula, lacks_result=formula != "")
        cell_type = element.get("t", "n")
        if cell_type == "n":
            kind = self._kind_of_style.get(element.get("s", "0"), "number")
            return Cell(format_stored_number(value), row, column, kind, formula=formula)
        if cell_type == "s":
            index = _number(value, -1)
            if not 0 <= index < len(self._strings):
                raise damaged("A cell refers to a shared string that is missing")
            return Cell(self._strings[index], row, column, formula=formula)
        return Cell(value.strip(), row, column, _KIND_OF_TYPE.get(cell_type, "text"), formula=formula)

    def _add_comments(self, grid: Grid, part: str) -> None:
        names = (name for name in self._related_parts(part).values() if "comments" in name and name in self._container)
        comments = list(self._elements(next(names, ""), "comment"))
        cells = {(cell.row, cell.column): cell for row in grid.rows for cell in row.cells if cell} if comments else {}
        for comment in comments:
            cell = cells.get(_position(comment.get("ref", "")))
            if cell is not None:
                cell.comment = _rich_text(comment)


def read(container: Container) -> Document:
    """The sheets of a workbook as grids, in order; hidden ones are marked."""
    return _WorkbookReader(container).read()
