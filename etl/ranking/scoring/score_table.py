"""The scoring engine on any table: the same SQL as the warehouse's, in the temporary schema of one connection.

Nothing of the warehouse is read or changed; it need not even be there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from etl.database import SQL_ROOT, Connection, copy_rows, query_table
from etl.errors import UsageError
from etl.ranking.methods.criterion import OwnStatuses
from etl.ranking.methods.method import Method
from etl.tables import Table

Detail = Literal["", "criteria", "areas", "effective-weights"]
DETAILS: tuple[Detail, ...] = ("criteria", "areas", "effective-weights")
_COLUMNS = ("unit", "indicator", "value")
_STATUSES = ("reported", *(status for status in OwnStatuses.model_fields if status != "no_report"))
_ENGINE = ("method_node", "method_operand", "score_statement", "score_units", "product")
_VIEWS = ("indicator_score", "node_score", "score_contribution")
_END_OF_TABLES = "-- only in the warehouse"


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
    """The units of `values` ranked by a method: unit, score, rank, band, is_tied, coverage, the best first.

    With `detail` instead its criteria (measure and points), its inner nodes ("areas"), or what each criterion weighs
    in the end and brings to the score. `connection` needs no more than the right to make temporary tables.
    """
    with _rolled_back(connection):
        _build(connection)
        _fill(connection, method, values)
        name = f"score_table_{detail.replace('-', '_') or 'ranking'}"
        return query_table(connection, f"queries/{name}.sql")


@contextmanager
def _rolled_back(connection: Connection) -> Iterator[None]:
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def _build(connection: Connection) -> None:
    schema = (SQL_ROOT / "schema" / "0001_initial" / "4_scoring.sql").read_text(encoding="utf-8")
    tables = schema.split(_END_OF_TABLES, 1)[0]
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
    connection.exec_driver_sql(_temporary(tables[tables.index("CREATE TABLE") :]))
    for name in _ENGINE:
        connection.exec_driver_sql(
            _temporary((SQL_ROOT / "functions" / "ranking" / f"{name}.sql").read_text(encoding="utf-8"))
        )
    for name in _VIEWS:
        connection.exec_driver_sql(
            _temporary((SQL_ROOT / "views" / "ranking" / f"{name}.sql").read_text(encoding="utf-8"))
        )


def _temporary(text: str) -> str:
    return text.replace("warehouse.", "pg_temp.").replace("mart.", "pg_temp.")


def _fill(connection: Connection, method: Method, values: Sequence[UnitValue]) -> None:
    numbers = {unit: number for number, unit in enumerate(dict.fromkeys(one.unit for one in values), start=1)}
    connection.exec_driver_sql("CREATE TEMPORARY TABLE score_unit (unit integer PRIMARY KEY, unit_code text NOT NULL)")
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE score_value (unit integer, indicator text, value numeric, status text NOT NULL)"
    )
    copy_rows(connection, "pg_temp.score_unit", ("unit", "unit_code"), ((n, unit) for unit, n in numbers.items()))
    copy_rows(connection, "pg_temp.score_value", ("unit", "indicator", "value", "status"), _rows(numbers, values))
    connection.exec_driver_sql("ANALYZE pg_temp.score_unit, pg_temp.score_value")
    parameters: dict[str, Any] = {"definition": method.definition(), "content_sha256": method.content_hash()}
    parameters["method_code"] = method.method_code
    for name in ("scoring_method", "scoring_tree", "score_table"):
        text = (SQL_ROOT / "load" / f"{name}.sql").read_text(encoding="utf-8")
        connection.exec_driver_sql(_temporary(text), parameters)


def _rows(numbers: dict[str, int], values: Sequence[UnitValue]) -> Iterator[tuple[Any, ...]]:
    for one in values:
        yield numbers[one.unit], one.indicator, one.value, one.status
