"""The scoring engine on any table of values: the functions of the warehouse, without its data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from etl.catalogue.model import Code
from etl.catalogue.rows import read_keyed_rows
from etl.database import Connection, execute_file, query_table
from etl.errors import CatalogueError, UsageError
from etl.ranking.methods.method import Method
from etl.tables import Table

Detail = Literal["", "criteria", "areas", "effective-weights"]
DETAILS: tuple[Detail, ...] = ("criteria", "areas", "effective-weights")


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A value of a unit; None unless `status` is "reported"."""

    unit: str
    indicator: str
    value: Decimal | None
    status: str


@dataclass(frozen=True, slots=True)
class _ValueRow:
    """A row of the CSV. Without a status a value is reported, an empty one blank."""

    unit: Code
    indicator: Code
    value: Annotated[Decimal | None, BeforeValidator(lambda text: text.strip() or None)]
    status: Literal["", "reported", "blank", "not_done", "undecidable", "not_applicable"] = ""


def read_values(path: Path) -> list[UnitValue]:
    """Return the rows of a CSV unit,indicator,value[,status].

    Raises UsageError if it is not a file or empty, CatalogueError with the line of what is invalid.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not a file", "Check the path")
    values = []
    for line, row in read_keyed_rows(path, _ValueRow, lambda row: f"{row.unit} {row.indicator}").values():
        status = row.status or ("blank" if row.value is None else "reported")
        if (status == "reported") != (row.value is not None):
            raise CatalogueError(f"{path.name}:{line}", "a value must be given if, and only if, the status is reported")
        values.append(UnitValue(row.unit, row.indicator, row.value, status))
    if not values:
        raise UsageError(f"{path.name} has no values", "Give at least one row")
    return values


def score_table(connection: Connection, method: Method, values: Sequence[UnitValue], detail: Detail = "") -> Table:
    """Rank the units of `values` by a method: unit, score, rank, band, is_tied, coverage, the best first.

    With `detail` the result is instead their criteria (measure and points), their inner nodes ("areas"), or the
    effective weight and contribution of each criterion. Nothing is stored.
    """
    unit_codes = list(dict.fromkeys(row.unit for row in values))
    numbers = {unit: number for number, unit in enumerate(unit_codes, start=1)}
    parameters = {
        "definition": method.definition(),
        "unit_codes": unit_codes,
        "units": [numbers[row.unit] for row in values],
        "input_codes": [row.indicator for row in values],
        "input_values": [row.value for row in values],
        "value_statuses": [row.status for row in values],
    }
    with _rolled_back(connection):
        execute_file(connection, "load/score_table.sql", parameters)
        name = f"score_table_{detail.replace('-', '_') or 'ranking'}"
        return query_table(connection, f"queries/{name}.sql", {"definition": method.definition()})


@contextmanager
def _rolled_back(connection: Connection) -> Iterator[None]:
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
