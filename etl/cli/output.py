"""What commands print: data to stdout, everything else to stderr; colour and progress bars only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from textwrap import fill
from typing import Any, TypeVar

from etl.errors import CchcError
from etl.tables import WIDTH, Table, TableFormat, layout, render

DONE, NEEDS_ATTENTION, USER_ERROR, BUG = 0, 1, 2, 3
NEEDS_ATTENTION_STATUSES = ("rejected", "held", "unreadable", "misfiled")
T = TypeVar("T")


def print_table(table: Table, output_format: TableFormat) -> None:
    """Print rows to stdout; on a terminal in colour and as wide as it is."""
    if output_format == "table" and sys.stdout.isatty():
        from rich.console import Console

        console = Console()
        console.print(layout(table, console.width))
    else:
        sys.stdout.write(render(table, output_format))


def print_ranked(table: Table, output_format: TableFormat) -> None:
    """Print scores and ranks, as text with at most four decimals; a note says if any of them is simulated."""
    if "is_simulated" in table.columns:
        if any(is_simulated for (is_simulated,) in table.pick("is_simulated").rows):
            print_note("Some of these figures are simulated: this ranks nobody.")
        table = table.drop("is_simulated")
    if output_format == "table":
        table = Table(table.columns, [tuple(map(_rounded, row)) for row in table.rows])
    print_table(table, output_format)


def _rounded(value: Any) -> Any:
    return value.quantize(Decimal("0.0001"), ROUND_HALF_UP) if isinstance(value, Decimal) else value


def print_wrapped(text: str) -> None:
    """Print a sentence to stdout in lines that fit 80 columns."""
    print(fill(text, WIDTH))


def print_note(text: str) -> None:
    """Print a remark to stderr."""
    print(text, file=sys.stderr)


def print_error(error: CchcError) -> None:
    """Print an error to stderr, in one line."""
    print_note(f"cchc: {error}")


def track(items: Iterable[T], description: str, total: int | None = None) -> Iterator[T]:
    """Yield the items, with a progress bar on stderr while it is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track as track_with_bar

    yield from track_with_bar(items, description, total, console=Console(stderr=True), transient=True)
