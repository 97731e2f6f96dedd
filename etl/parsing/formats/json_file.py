"""JSON from an API: every list of rows is a grid, every other text a line; a cell's location is its JSON pointer."""

from __future__ import annotations

import json
from typing import Any

from etl.decimals import format_stored_number
from etl.parsing.formats.container import MAX_MARKS, MAX_PART_BYTES, damaged, too_large
from etl.parsing.formats.grid import MAX_COLUMNS, Cell, Document, Grid, Line, Row

_MAX_DEPTH = 40


class _Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _cell(value: Any, row: int, column: int) -> Cell:
    if value is None:
        return Cell("", row, column)
    if isinstance(value, bool):
        return Cell(str(int(value)), row, column, kind="boolean")
    if isinstance(value, _Number):
        return Cell(format_stored_number(value), row, column, kind="number")
    return Cell(str(value).strip(), row, column)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, list | dict)


class _Walker:
    def __init__(self) -> None:
        self.document = Document()

    def walk(self, value: Any, pointer: str, depth: int = 0) -> None:
        if depth > _MAX_DEPTH:
            raise damaged("The JSON is nested too deeply")
        if isinstance(value, str) and not isinstance(value, _Number):
            if value.strip():
                self.document.blocks.append(Line(value.strip(), pointer))
        elif isinstance(value, dict):
            for key, part in value.items():
                self.walk(part, f"{pointer}/{_escaped(key)}", depth + 1)
        elif isinstance(value, list):
            if value and all(isinstance(row, list) and all(map(_is_scalar, row)) for row in value):
                self._lists(value, pointer)
            elif value and all(isinstance(row, dict) and all(map(_is_scalar, row.values())) for row in value):
                self._objects(value, pointer)
            else:
                for index, part in enumerate(value):
                    self.walk(part, f"{pointer}/{index}", depth + 1)

    def _lists(self, rows: list[list[Any]], pointer: str) -> None:
        grid = Grid(lambda row, column: f"{pointer}/{row - 1}/{column - 1}")
        for number, values in enumerate(rows, 1):
            cells = [_cell(value, number, column) for column, value in enumerate(values[:MAX_COLUMNS], 1)]
            grid.rows.append(Row(number, [*cells]))
        self.document.blocks.append(grid)

    def _objects(self, rows: list[dict[str, Any]], pointer: str) -> None:
        """Rows of named fields: the names are the header, the cells stand in the order of all names."""
        names = list(dict.fromkeys(name for row in rows for name in row))[:MAX_COLUMNS]
        keys = [_escaped(name) for name in names]
        grid = Grid(lambda row, column: f"{pointer}/{row - 1}/{keys[column - 1]}")
        grid.rows.append(Row(0, [Cell(name, 0, column) for column, name in enumerate(names, 1)]))
        for number, fields in enumerate(rows, 1):
            cells = [_cell(fields.get(name), number, column) for column, name in enumerate(names, 1)]
            grid.rows.append(Row(number, [*cells]))
        self.document.blocks.append(grid)


def read_json(content: bytes) -> Document:
    """A document of the lists of rows and the texts of a JSON file, in its order."""
    if len(content) > MAX_PART_BYTES:
        raise too_large(f"The JSON has {len(content) // 2**20} MB")
    if sum(map(content.count, (b",", b"{", b"["))) > MAX_MARKS:
        raise too_large(f"The JSON has more than {MAX_MARKS} values")
    try:
        value = json.loads(content, parse_int=_Number, parse_float=_Number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise damaged("The file is no JSON") from error
    walker = _Walker()
    walker.walk(value, "")
    return walker.document
