"""OpenDocument spreadsheets (ods): content.xml read directly, so that percentages and merged cells are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.container import Container, check_names, too_large
from etl.parsing.formats.grid import MAX_CELLS, MAX_COLUMNS, Cell, CellKind, Document, Grid, Row, column_letters

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_KINDS: dict[str, CellKind] = {
    "float": "number",
    "currency": "number",
    "percentage": "percent",
    "date": "date",
    "time": "date",
    "boolean": "boolean",
}
_MAX_REPEATED_ROWS = 2_000


def _count(element: Any, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(int(child.get(f"{_TEXT}c", "1")), 100) if child.get(f"{_TEXT}c", "1").isdecimal() else " "
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _pieces(child)
        yield child.tail or ""


def _cell(element: Any, row: int, column: int) -> Cell:
    kind = _KINDS.get(element.get(f"{_OFFICE}value-type", ""), "text")
    text = "\n".join("".join(_pieces(paragraph)) for paragraph in element.findall(f"{_TEXT}p")).strip()
    if kind in ("number", "percent"):
        text = format_stored_number(element.get(f"{_OFFICE}value", text))
    elif kind == "boolean":
        text = "1" if element.get(f"{_OFFICE}boolean-value") == "true" else "0"
    rows, columns = _count(element, "number-rows-spanned"), _count(element, "number-columns-spanned")
    return Cell(text, row, column, kind, rows, columns, element.get(f"{_TABLE}formula", ""))


class _SheetReader:
    def __init__(self, name: str, budget: int) -> None:
        self.grid = Grid(lambda row, column: f"{name}!{column_letters(column)}{row}")
        self.budget = budget
        self._covering: dict[tuple[int, int], Cell] = {}

    def read(self, table: Any) -> None:
        number = 0
        for element in table.iter(f"{_TABLE}table-row"):
            repeated = _count(element, "number-rows-repeated")
            row = self._row(element, number + 1)
            if any(cell is not None and cell.text for cell in row.cells):
                for place in range(number + 1, number + 1 + min(repeated, _MAX_REPEATED_ROWS)):
                    self.grid.rows.append(self._row(element, place))
            number += repeated

    def _row(self, element: Any, number: int) -> Row:
        cells: list[Cell | None] = []
        for child in element:
            if child.tag not in (_CELL, _COVERED):
                continue
            repeated = _count(child, "number-columns-repeated")
            for _ in range(min(repeated, MAX_COLUMNS - len(cells))):
                place = len(cells) + 1
                covering = self._covering.get((number, place)) if child.tag == _COVERED else None
                cells.append(covering or self._new_cell(child, number, place))
        return Row(number, cells, element.get(f"{_TABLE}visibility", "visible") != "visible")

    def _new_cell(self, element: Any, row: int, column: int) -> Cell:
        self.budget -= 1
        if self.budget < 0:
            raise too_large(f"The workbook has more than {MAX_CELLS} cells")
        cell = _cell(element, row, column)
        if cell.row_span > 1 or cell.column_span > 1:
            for below in range(row, row + min(cell.row_span, _MAX_REPEATED_ROWS)):
                for right in range(column, min(column + cell.column_span, MAX_COLUMNS)):
                    self._covering[below, right] = cell
        return cell


def _hidden_styles(root: Any) -> set[str]:
    return {
        style.get(f"{_STYLE}name", "")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.findall(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }


def read_ods(container: Container) -> Document:
    """The sheets of an OpenDocument spreadsheet as grids; hidden ones are marked."""
    root = container.xml("content.xml")
    hidden = _hidden_styles(root)
    check_names([table.get(f"{_TABLE}name", "") for table in root.iter(f"{_TABLE}table")])
    document, budget = Document(), MAX_CELLS
    for table in root.iter(f"{_TABLE}table"):
        reader = _SheetReader(table.get(f"{_TABLE}name", ""), budget)
        reader.read(table)
        reader.grid.is_hidden = table.get(f"{_TABLE}style-name", "") in hidden
        budget = reader.budget
        document.blocks.append(reader.grid)
    return document
