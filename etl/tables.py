"""Rows printed for people and programs: a table, CSV or JSON. Nothing is rounded or renamed on the way."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any, Literal

from etl.decimals import format_decimal

TableFormat = Literal["table", "csv", "json"]
FORMATS: tuple[TableFormat, ...] = ("table", "csv", "json")


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of plain values; None is an empty cell."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def pick(self, *columns: str) -> Table:
        """The same rows with these columns alone, in this order."""
        places = [self.columns.index(column) for column in columns]
        return Table(columns, [tuple(row[place] for place in places) for row in self.rows])


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "" if value is None else value


def json_value(value: Any) -> Any:
    """A value as JSON holds it: a number with a fraction is a text, so that no digit is lost."""
    return value if isinstance(value, bool | int) or value is None else str(_plain(value))


def to_csv(table: Table) -> str:
    """CSV with a header line, lines ended by a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return out.getvalue()


def to_json(table: Table) -> str:
    """An array of objects; numbers with a fraction are texts, so that no digit is lost."""
    rows = [dict(zip(table.columns, map(json_value, row), strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def _wrapped(text: str, widest: int) -> str:
    return "\n".join(line for part in text.split("\n") for line in wrap(part, widest) or [""])


def to_text(table: Table, widest: int = 80) -> str:
    """A table for reading; a cell wider than `widest` is wrapped."""
    from tabulate import tabulate

    rows = [[_wrapped(str(_plain(value)), widest) for value in row] for row in table.rows]
    text: str = tabulate(rows, headers=table.columns, disable_numparse=True, tablefmt="simple")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def render(table: Table, table_format: TableFormat) -> str:
    """The table in one of FORMATS."""
    return {"table": to_text, "csv": to_csv, "json": to_json}[table_format](table)
