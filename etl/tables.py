"""Query results, printed as a text table, CSV or JSON. CSV and JSON keep every digit and every column name."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table as RichTable

from etl.decimals import format_decimal

TableFormat = Literal["table", "csv", "json"]
WIDTH = 80
_STYLES = {
    "accepted": "green",
    "accepted with warnings": "yellow",
    "held": "yellow",
    "warning": "yellow",
    "cảnh báo": "yellow",
    "rejected": "red",
    "unreadable": "red",
    "misfiled": "red",
    "missing": "red",
    "critical": "red",
    "nghiêm trọng": "red",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows of plain values; None is an empty cell."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def pick(self, *columns: str) -> Table:
        """The same rows with only these columns, in this order."""
        positions = [self.columns.index(column) for column in columns]
        return Table(columns, [tuple(row[position] for position in positions) for row in self.rows])

    def drop(self, *columns: str) -> Table:
        """The same rows without these columns."""
        return self.pick(*(column for column in self.columns if column not in columns))

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "" if value is None else value


def json_value(value: Any) -> Any:
    """A value as JSON holds it: a number with a fraction is a string, so that no digit is lost."""
    return value if isinstance(value, bool | int) or value is None else str(_plain(value))


def to_csv(table: Table) -> str:
    """CSV with a header line; lines end with a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return out.getvalue()


def to_json(table: Table) -> str:
    """An array of objects; numbers with a fraction are strings, so that no digit is lost."""
    rows = [{column: json_value(value) for column, value in row.items()} for row in table.records()]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def to_text(table: Table, width: int = WIDTH) -> str:
    """Plain text of at most `width` columns, without colour: the same on every machine, for files, logs and docs."""
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=width, color_system=None, force_terminal=False).print(layout(table, width))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def render(table: Table, table_format: TableFormat) -> str:
    """The table as text, CSV or JSON."""
    return {"table": to_text, "csv": to_csv, "json": to_json}[table_format](table)


def layout(table: Table, width: int) -> RenderableType:
    """A Rich table that fits `width`, or one block of `column  value` lines per row where the columns do not fit."""
    from rich.console import Console
    from rich.measure import Measurement

    grid, console = _grid(table), Console(width=10_000)
    if Measurement.get(console, console.options, grid).minimum <= width:
        return grid
    return _records(table)


def _new_grid(*, show_header: bool) -> RichTable:
    from rich import box
    from rich.table import Table as RichTable

    return RichTable(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), show_header=show_header
    )


def _grid(table: Table) -> RichTable:
    grid = _new_grid(show_header=True)
    columns = [[_text(row[position], name) for row in table.rows] for position, name in enumerate(table.columns)]
    for position, (name, cells) in enumerate(zip(table.columns, columns, strict=True)):
        values = [row[position] for row in table.rows if row[position] is not None]
        is_numeric = bool(values) and all(type(value) in (int, Decimal) for value in values)
        header = name.replace("_", "\n" if max(map(len, cells), default=0) < len(name) else " ")
        is_text = any(" " in cell for cell in cells)  # may be wrapped, unlike codes, names of files and numbers
        grid.add_column(header, justify="right" if is_numeric else "left", no_wrap=not is_text, overflow="fold")
    for row_cells in zip(*columns, strict=True):
        grid.add_row(*map(_styled, row_cells))
    return grid


def _records(table: Table) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    blocks: list[RenderableType] = []
    for row in table.rows:
        block = _new_grid(show_header=False)
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        for name, value in zip(table.columns, row, strict=True):
            if value is not None and value != "":
                block.add_row(name.replace("_", " "), _styled(_text(value, name)))
        blocks += [block, Text()]
    return Group(*blocks[:-1])


def _text(value: Any, column: str) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = str(_plain(value))
    return text.replace("_", " ") if column == "status" else text


def _styled(text: str) -> RenderableType:
    from rich.text import Text

    return Text(text, style=_STYLES.get(text, ""))
