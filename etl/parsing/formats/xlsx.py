"""Excel workbooks (xlsx): the sheets' XML read directly, with number formats, cached results, merges and comments."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.container import Container, check_names, damaged, too_large
from etl.parsing.formats.grid import MAX_CELLS, MAX_COLUMNS, Cell, CellKind, Document, Grid, Row, column_letters, merge

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW, _C, _V, _F, _IS, _T = (f"{_M}{name}" for name in ("row", "c", "v", "f", "is", "t"))
_SHEET_DATA = f"{_M}sheetData"
_TEXT_HOLDERS = frozenset(f"{_M}{name}" for name in ("r", "is", "text"))
_PERCENT_FORMATS = {9, 10}
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_KINDS: dict[str, CellKind] = {"e": "error", "b": "boolean", "d": "date"}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REFERENCE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


@lru_cache(maxsize=1_024)
def _column(letters: str) -> int:
    if not (0 < len(letters) <= 3 and letters.isascii() and letters.isupper() and letters.isalpha()):
        raise damaged(f"The column {letters[:20]!r} is none")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.match(reference)
    if not match:
        raise damaged(f"The cell address {reference[:20]!r} is none")
    return int(match[2]), _column(match[1])


def _kind_of_format(code: int, custom: Mapping[int, str]) -> CellKind:
    if code in _PERCENT_FORMATS:
        return "percent"
    if code in _DATE_FORMATS:
        return "date"
    pattern = _QUOTED.sub("", custom.get(code, "")).lower()
    if "%" in pattern:
        return "percent"
    return "date" if re.search("[dmyhs]", pattern.replace("general", "")) else "number"


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else default


class _Workbook:
    def __init__(self, container: Container) -> None:
        self._container = container
        workbook = container.xml("xl/workbook.xml")
        targets = self._targets("xl/workbook.xml")
        self.sheets = [
            (sheet.get("name", ""), targets.get(sheet.get(_REL_ID, ""), ""), sheet.get("state", "visible") != "visible")
            for sheet in workbook.iter(f"{_M}sheet")
        ]
        check_names([name for name, _, _ in self.sheets])
        self._strings = list(self._shared_strings())
        self._kind_of_style = {str(place): kind for place, kind in enumerate(self._formats())}
        self._cells_left = MAX_CELLS

    def _targets(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        if relations not in self._container:
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))[1:]
            for relation in self._container.xml(relations)
            if relation.get("TargetMode") != "External"
        }

    def _shared_strings(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self._container:
            for item in self._container.xml("xl/sharedStrings.xml").iter(f"{_M}si"):
                yield _rich_text(item).strip()

    def _formats(self) -> Iterator[CellKind]:
        if "xl/styles.xml" not in self._container:
            return
        styles = self._container.xml("xl/styles.xml")
        custom = {
            _number(entry.get("numFmtId"), -1): entry.get("formatCode", "") for entry in styles.iter(f"{_M}numFmt")
        }
        for group in styles.iter(f"{_M}cellXfs"):
            for entry in group:
                yield _kind_of_format(_number(entry.get("numFmtId"), 0), custom)

    def _cell(self, element: Any, row: int, column: int) -> Cell:
        """A cell from its stored value; of several the first counts."""
        value, formula = None, ""
        for part in element:
            tag = part.tag
            if tag == _F:
                formula = part.text or "="
            elif value is None and tag in (_V, _IS):
                value = part.text if tag == _V else _rich_text(part)
        if value is None:
            return Cell("", row, column, formula=formula, lacks_result=formula != "")
        cell_type = element.get("t", "n")
        if cell_type == "n":
            kind = self._kind_of_style.get(element.get("s", "0"), "number")
            return Cell(format_stored_number(value), row, column, kind, formula=formula)
        if cell_type == "s":
            index = _number(value, -1)
            if not 0 <= index < len(self._strings):
                raise damaged("A cell points at a shared text that is missing")
            return Cell(self._strings[index], row, column, formula=formula)
        return Cell(value.strip(), row, column, _KINDS.get(cell_type, "text"), formula=formula)

    def _rows(self, root: Any, grid: Grid) -> None:
        """Reads the rows and cells that stand directly in each other."""
        number = 0
        for data in root.iterchildren(_SHEET_DATA):
            for line in data.iterchildren(_ROW):
                row = _next_row(number, line)
                number = row.number
                grid.rows.append(row)
                self._read_row(row, line)

    def _read_row(self, row: Row, line: Any) -> None:
        """Puts the cells of a row at their places; beyond the columns of any report they stand in none."""
        cells, number, ending = row.cells, row.number, str(row.number)
        for element in line.iterchildren(_C):
            reference = element.get("r")
            if reference is None:
                column = len(cells) + 1
            elif not len(element):  # nothing but a border
                continue
            elif not reference.endswith(ending):
                raise damaged(f"The cell {reference[:20]!r} stands in row {ending}")
            else:
                column = _column(reference[: -len(ending)])
            self._cells_left -= 1
            if self._cells_left < 0:
                raise too_large(f"The workbook has more than {MAX_CELLS} cells")
            if column <= len(cells):
                raise damaged(f"The cell {reference} stands twice or out of its order")
            if column <= MAX_COLUMNS:
                cells.extend([None] * (column - len(cells) - 1))
                cells.append(self._cell(element, number, column))

    def grid(self, name: str, part: str, is_hidden: bool) -> Grid:
        root = self._container.xml(part)
        grid = Grid(lambda row, column: f"{name}!{column_letters(column)}{row}", is_hidden=is_hidden)
        self._rows(root, grid)
        grid.hidden_columns = frozenset(
            index
            for column in root.iter(f"{_M}col")
            if column.get("hidden") in ("1", "true")
            for index in range(_number(column.get("min"), 1), min(_number(column.get("max"), 1), MAX_COLUMNS) + 1)
        )
        merge(grid, [_range(entry.get("ref", "")) for entry in root.iter(f"{_M}mergeCell")])
        self._comment(grid, part)
        return grid

    def _comment(self, grid: Grid, part: str) -> None:
        parts = [
            target for target in self._targets(part).values() if "comments" in target and target in self._container
        ]
        if not parts:
            return
        cells = {(cell.row, cell.column): cell for row in grid.rows for cell in row.cells if cell is not None}
        for comment in self._container.xml(parts[0]).iter(f"{_M}comment"):
            cell = cells.get(_position(comment.get("ref", "")))
            if cell is not None:
                cell.comment = _rich_text(comment)


def _next_row(before: int, element: Any) -> Row:
    """A row, which has to stand after the one before, or an address would not lead back to one cell."""
    row = Row(_number(element.get("r", str(before + 1)), 0), [], element.get("hidden") in ("1", "true"))
    if row.number <= before:
        raise damaged(f"The row {element.get('r', '')[:20]!r} stands twice, out of its order or nowhere")
    return row


def _rich_text(item: Any) -> str:
    """The text of a shared or inline string or a comment, without the reading aids of East Asian text."""
    if len(item) == 1 and item[0].tag == _T:
        return item[0].text or ""
    return "".join(_runs(item))


def _runs(item: Any) -> Iterator[str]:
    for child in item:
        if child.tag == _T:
            yield child.text or ""
        elif child.tag in _TEXT_HOLDERS:
            yield from _runs(child)


def _range(reference: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, _, last = reference.partition(":")
    return _position(first), _position(last or first)


def read_xlsx(container: Container) -> Document:
    """The sheets of a workbook as grids, in the workbook's order; hidden ones are marked."""
    workbook = _Workbook(container)
    return Document([workbook.grid(*sheet) for sheet in workbook.sheets if sheet[1] in container])
