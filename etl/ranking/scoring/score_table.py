"""The scoring engine on any table of values: the functions of the warehouse, without its data."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from etl.database import Connection, execute_file, query_table
from etl.errors import UsageError
from etl.ranking.methods.criterion import OwnStatuses
from etl.ranking.methods.method import Method
from etl.tables import Table

Detail = Literal["", "criteria", "areas", "effective-weights"]
DETAILS: tuple[Detail, ...] = ("criteria", "areas", "effective-weights")
_COLUMNS = ("unit", "indicator", "value")
_STATUSES = ("reported", *(status for status in OwnStatuses.model_fields if status != "no_report"))


@dataclass(frozen=True, slots=True)
class UnitValue:
    """One value of one unit; None where `status` is not "reported"."""

    unit: str
    indicator: str
    value: Decimal | None
    status: str


def read_values(path: Path) -> list[UnitValue]:
    """The rows of a CSV `unit,indicator,value[,status]`. Raises UsageError with the line where one cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"{path} is not a file", "Check the path") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8", "Save it as CSV UTF-8") from None
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) not in (_COLUMNS, (*_COLUMNS, "status")):
        raise UsageError(f"{path.name}:1: the columns must be unit,indicator,value[,status]")
    rows: list[UnitValue] = []
    seen: set[tuple[str, str]] = set()
    for row in reader:
        place = f"{path.name}:{reader.line_num}"
        one = _value(row, place)
        if (one.unit, one.indicator) in seen:
            raise UsageError(f"{place}: {one.indicator} of {one.unit} stands twice", "Keep one of the rows")
        seen.add((one.unit, one.indicator))
        rows.append(one)
    if not rows:
        raise UsageError(f"{path.name}: there are no values")
    return rows


def _value(row: dict[str, str], place: str) -> UnitValue:
    unit, indicator = (row["unit"] or "").strip(), (row["indicator"] or "").strip()
    if not unit or not indicator:
        raise UsageError(f"{place}: unit or indicator is empty")
    text = (row["value"] or "").strip()
    status = (row.get("status") or "").strip() or ("reported" if text else "blank")
    if status not in _STATUSES:
        raise UsageError(f"{place}: the status {status!r} is unknown", f"Known are {', '.join(_STATUSES)}")
    if (status == "reported") != bool(text):
        raise UsageError(f"{place}: a value is there if, and only if, the status is reported")
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and not value.is_finite():
        raise UsageError(f"{place}: {text!r} is not a number", "Write it as 2574 or 62.15")
    return UnitValue(unit, indicator, value, status)


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
