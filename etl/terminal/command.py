"""What the commands have in common: exit codes, how rows are shown, who decides and why."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Protocol

from etl.tables import FORMATS, Table, render

DONE, TURNED_AWAY, MENDABLE, FAULT = 0, 1, 2, 3
Run = Callable[[argparse.Namespace], int]


class AddCommand(Protocol):
    """Adds a command to the parser and returns its own parser; one that prints rows gets --format."""

    def __call__(self, name: str, run: Run, words: str, *, prints: bool = True) -> argparse.ArgumentParser: ...


def show(table: Table, given: argparse.Namespace) -> int:
    """Rows to stdout in the format asked for; DONE."""
    sys.stdout.write(render(table, given.format))
    return DONE


def add_format(one: argparse.ArgumentParser) -> None:
    """Adds --format."""
    one.add_argument("--format", choices=FORMATS, default="table", help="how rows are printed (default table)")


def add_by(one: argparse.ArgumentParser) -> None:
    """Adds --by, which every decision keeps."""
    one.add_argument("--by", default=None, metavar="NAME", help="who does it (default the login); it is kept")


def add_reason(one: argparse.ArgumentParser, *, is_required: bool = True) -> None:
    """Adds --reason and --by, which every decision keeps."""
    one.add_argument("--reason", required=is_required, default="", help="why; it is kept")
    add_by(one)
