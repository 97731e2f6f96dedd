"""JSON from an API: a list of rows is a grid, any other text a line. The location of a cell is its JSON pointer."""

from __future__ import annotations

import json
from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.container import MAX_MARKS, MAX_PART_BYTES, damaged, too_large
from etl.parsing.formats.grid import MAX_COLUMNS, Cell, Document, Grid, Row, TextLine

_MAX_DEPTH = 40


class _Number(str):
    """A number as written in the file."""

    __slots__ = ()


def _refuse_constant(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _cell(value: Any, row: int, column: int) -> Cell:
    if value is None:
        return Cell("", row, column)
    if isinstance(value, bool):
        return Cell(str(int(value)), row, column, kind="boolean")
    if isinstance(value, _Number):
        return Cell(format_stored_number(value), row, column, kind="number")
    return Cell(value.strip(), row, column)


def _are_scalars(values: Any) -> bool:
    return not any(isinstance(value, list | dict) for value in values)


def _row(number: int, values: list[Any]) -> Row:
    return Row(number, [_cell(value, number, column) for column, value in enumerate(values[:MAX_COLUMNS], 1)])


def _grid_of_lists(rows: list[list[Any]], pointer: str) -> Grid:
    grid = Grid(lambda row, column: f"{pointer}/{row - 1}/{column - 1}")
    grid.rows = [_row(number, values) for number, values in enumerate(rows, 1)]
    return grid


def _grid_of_objects(rows: list[dict[str, Any]], pointer: str) -> Grid:
    """Rows of named fields. The header (row 0) has all names, in order of appearance."""
    names = list(dict.fromkeys(name for fields in rows for name in fields))[:MAX_COLUMNS]
    grid = Grid(lambda row, column: f"{pointer}/{row - 1}/{_escape(names[column - 1])}")
    header = dict(zip(names, names, strict=True))
    grid.rows = [_row(number, [fields.get(name) for name in names]) for number, fields in enumerate([header, *rows])]
    return grid


def _add_blocks(value: Any, document: Document, pointer: str = "", depth: int = 0) -> None:
    if depth > _MAX_DEPTH:
        raise damaged("The JSON is nested too deeply")
    if isinstance(value, dict):
        for key, part in value.items():
            _add_blocks(part, document, f"{pointer}/{_escape(key)}", depth + 1)
    elif isinstance(value, list):
        if value and all(isinstance(row, list) and _are_scalars(row) for row in value):
            document.blocks.append(_grid_of_lists(value, pointer))
        elif value and all(isinstance(row, dict) and _are_scalars(row.values()) for row in value):
            document.blocks.append(_grid_of_objects(value, pointer))
        else:
            for index, part in enumerate(value):
                _add_blocks(part, document, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, str) and not isinstance(value, _Number) and value.strip():
        document.blocks.append(TextLine(value.strip(), pointer))


def read(content: bytes) -> Document:
    """The lists of rows and the texts of a JSON file, in order."""
    if len(content) > MAX_PART_BYTES:
        raise too_large(f"The JSON has {len(content) // 2**20} MB")
    if sum(map(content.count, (b",", b"{", b"["))) > MAX_MARKS:
        raise too_large(f"The JSON has more than {MAX_MARKS} values")
    try:
        value = json.loads(content, parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise damaged("The file is not valid JSON") from error
    document = Document()
    _add_blocks(value, document)
    return document
