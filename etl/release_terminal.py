"""The commands about how sure a ranking is and about signed rankings: their arguments, and what they print."""

from __future__ import annotations

import argparse
import sys

from etl.ranking_terminal import MakesCommand
from etl.tables import Table, render

DONE = 0
_MADE_UP = "Some of these figures are simulated: this ranks nobody."


def _show(table: Table, arguments: argparse.Namespace) -> None:
    """Rows to stdout; what is made up says so beside them."""
    if "is_simulated" in table.columns:
        if any(simulated for (simulated,) in table.pick("is_simulated").rows):
            print(_MADE_UP, file=sys.stderr)
        table = table.pick(*(column for column in table.columns if column != "is_simulated"))
    sys.stdout.write(render(table, arguments.format))


def _robustness(given: argparse.Namespace) -> int:
    from etl import pipeline

    ranks, assumptions = pipeline.robustness(given.period, given.method, given.draws, given.seed)
    _show(assumptions if given.detail == "assumptions" else ranks, given)
    return DONE


def add_commands(command: MakesCommand) -> None:
    """Adds robustness."""
    one = command("robustness", _robustness, "how sure the ranks of a period are, and which assumption matters most")
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--draws", type=int, default=None, metavar="N", help="draw anew, so many times (default 1000)")
    one.add_argument("--seed", type=int, default=None, metavar="S", help="draw anew with this seed; it is stored")
    one.add_argument("--detail", choices=("ranks", "assumptions"), default="ranks")
