"""OpenDocument spreadsheets (ods), from content.xml, which has percentages, merged cells and formulas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.container import Container, check_sheet_names, too_large
from etl.parsing.formats.grid import MAX_CELLS, MAX_COLUMNS, Cell, CellKind, Document, Grid, Row, sheet_locator

_OFFICE, _TABLE, _TEXT, _STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text", "style")
)
_CELL, _COVERED_CELL = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_KINDS: dict[str, CellKind] = {
    "float": "number",
    "currency": "number",
    "percentage": "percent",
    "date": "date",
    "time": "date",
    "boolean": "boolean",
}
_MAX_REPEATED_ROWS = 2_000
_MAX_SPACES = 100


def _count(element: Any, name: str, minimum: int = 1) -> int:
    text = element.get(name, "1")
    return max(int(text), minimum) if text.isdecimal() and len(text) < 9 else 1


def _text(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_count(child, f"{_TEXT}c", minimum=0), _MAX_SPACES)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _text(child)
        yield child.tail or ""


def _cell(element: Any, row: int, column: int) -> Cell:
    kind = _KINDS.get(element.get(f"{_OFFICE}value-type", ""), "text")
    text = "\n".join("".join(_text(paragraph)) for paragraph in element.findall(f"{_TEXT}p")).strip()
    if kind in ("number", "percent"):
        text = format_stored_number(element.get(f"{_OFFICE}value", text))
    elif kind == "boolean":
        text = "1" if element.get(f"{_OFFICE}boolean-value") == "true" else "0"
    rows, columns = (_count(element, f"{_TABLE}number-{name}-spanned") for name in ("rows", "columns"))
    return Cell(text, row, column, kind, rows, columns, element.get(f"{_TABLE}formula", ""))


class _WorkbookReader:
    def __init__(self) -> None:
        self._cells_left = MAX_CELLS
        self._merged: dict[tuple[int, int], Cell] = {}  # by the positions that a merged cell of this sheet covers

    def read_sheet(self, table: Any) -> Grid:
        grid = Grid(sheet_locator(table.get(f"{_TABLE}name", "")))
        self._merged.clear()
        number = 1
        for element in table.iter(f"{_TABLE}table-row"):
            repeated = _count(element, f"{_TABLE}number-rows-repeated")
            row = self._row(element, number)
            if any(cell is not None and cell.text for cell in row.cells):
                copies = range(number + 1, number + min(repeated, _MAX_REPEATED_ROWS))
                grid.rows += [row, *(self._row(element, copy) for copy in copies)]
            number += repeated
        return grid

    def _row(self, element: Any, number: int) -> Row:
        row = Row(number, [], element.get(f"{_TABLE}visibility", "visible") != "visible")
        for child in element:
            if child.tag in (_CELL, _COVERED_CELL):
                repeated = _count(child, f"{_TABLE}number-columns-repeated")
                for column in range(len(row.cells) + 1, min(len(row.cells) + repeated, MAX_COLUMNS) + 1):
                    merged = self._merged.get((number, column)) if child.tag == _COVERED_CELL else None
                    row.cells.append(merged or self._new_cell(child, number, column))
        return row

    def _new_cell(self, element: Any, row: int, column: int) -> Cell:
        self._cells_left -= 1
        if self._cells_left < 0:
            raise too_large(f"The workbook has more than {MAX_CELLS} cells")
        cell = _cell(element, row, column)
        if cell.row_span > 1 or cell.column_span > 1:
            for below in range(row, row + min(cell.row_span, _MAX_REPEATED_ROWS)):
                for right in range(column, min(column + cell.column_span, MAX_COLUMNS)):
                    self._merged[below, right] = cell
        return cell


def _hidden_styles(root: Any) -> set[str]:
    return {
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.findall(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }


def read(container: Container) -> Document:
    """The sheets of an OpenDocument spreadsheet as grids; hidden ones are marked."""
    root = container.xml("content.xml")
    tables = list(root.iter(f"{_TABLE}table"))
    check_sheet_names([table.get(f"{_TABLE}name", "") for table in tables])
    hidden_styles, reader, document = _hidden_styles(root), _WorkbookReader(), Document()
    for table in tables:
        grid = reader.read_sheet(table)
        grid.is_hidden = table.get(f"{_TABLE}style-name", "") in hidden_styles
        document.blocks.append(grid)
    return document
