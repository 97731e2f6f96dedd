"""Catalogue tables (CSV): every row is validated into its type, and all problems of a file are reported at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import AfterValidator, TypeAdapter, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from etl.catalogue.document import Problem, list_problems, locate_problems, read_text
from etl.errors import CatalogueError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)
else:
    Row = TypeVar("Row")

Context = Mapping[str, Collection[str]]


def is_code_of(table: str, *, optional: bool = False) -> AfterValidator:
    """Return a validator of codes: they must be in the table of this name in the context, or empty if `optional`."""

    def check(code: str, info: ValidationInfo[Context]) -> str:
        codes = info.context[table]
        if code in codes or (optional and not code):
            return code
        raise PydanticCustomError("unknown_code", "unknown", {"expected": ", ".join(codes)})

    return AfterValidator(check)


def read_rows(path: Path, row_type: type[Row], context: Context | None = None) -> list[tuple[int, Row]]:
    """Return the rows of a table with their line numbers. Its columns are the fields of the dataclass `row_type`.

    Fields with a default are optional: the column may be absent, a cell empty. `context` holds the codes for
    `is_code_of`. Raises CatalogueError with the line of every problem.
    """
    columns = [field.name for field in fields(row_type)]
    required = [field.name for field in fields(row_type) if field.default is MISSING]
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    header = next(reader, [])
    if not set(required) <= set(header) <= set(columns) or len(set(header)) < len(header):
        optional = f", optional {', '.join(columns[len(required) :])}" if len(columns) > len(required) else ""
        message = f"the columns are {', '.join(header)}"
        raise CatalogueError(f"{path.name}:1", message, f"They must be {', '.join(required)}{optional}")
    validate: Callable[..., Row] = TypeAdapter(row_type).validate_python
    rows, problems = [], []
    for cells in reader:
        row = {column: text for column, text in zip(header, cells, strict=False) if text or column in required}
        try:
            if len(cells) != len(header):
                problem = Problem((), f"{len(cells)} fields instead of {len(header)}", "Check the commas and quotes")
                problems.append(((path.name, reader.line_num), problem))
            else:
                rows.append((reader.line_num, validate(row, context=context)))
        except ValidationError as error:
            problems += [((path.name, reader.line_num), problem) for problem in list_problems(error)]
    if problems:
        raise locate_problems(problems)
    return rows


def read_keyed_rows(
    path: Path, row_type: type[Row], key: Callable[[Row], str], context: Context | None = None
) -> dict[str, tuple[int, Row]]:
    """Return the rows of a table with their line numbers by key.

    Raises CatalogueError as read_rows does, and if a key occurs twice.
    """
    rows: dict[str, tuple[int, Row]] = {}
    for line, row in read_rows(path, row_type, context):
        if (code := key(row)) in rows:
            raise CatalogueError(f"{path.name}:{line}", f"{code!r} is in line {rows[code][0]} already")
        rows[code] = (line, row)
    return rows


def read_table(
    folders: list[Path], name: str, row_type: type[Row], key: str | Callable[[Row], str], context: Context | None = None
) -> dict[str, Row]:
    """Return the rows of a table by `key`: a field, or a function of a row. A later folder's rows replace earlier ones.

    Raises CatalogueError as read_keyed_rows does.
    """
    get_key: Callable[[Any], str] = (lambda row: getattr(row, key)) if isinstance(key, str) else key
    paths = (folder / name for folder in folders if (folder / name).exists())
    files = [read_keyed_rows(path, row_type, get_key, context) for path in paths]
    return {code: row for rows in files for code, (_, row) in rows.items()}
