"""The commands about scores: score, explain, trend, external, diagnose."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.periods import moment
from etl.terminal.command import DONE, AddCommand, add_by, add_format, show


def _score(given: argparse.Namespace) -> int:
    from etl.operations import scores

    return show(scores.score(given.method, given.values, given.detail), given)


def _explain(given: argparse.Namespace) -> int:
    from etl.operations import scores
    from etl.terminal.explanation import explained

    found = scores.explain(given.period, given.district, given.method)
    sys.stdout.write(explained(found, given.format, given.detail))
    return DONE


def _trend(given: argparse.Namespace) -> int:
    from etl.operations import scores
    from etl.terminal.explanation import trend_for_reading

    table = scores.trend(given.period, given.method)
    return show(trend_for_reading(table) if given.format == "table" else table, given)


def _diagnose(given: argparse.Namespace) -> int:
    from etl.operations import reports

    print(reports.diagnose(given.period, given.method, given.out))
    return DONE


def _external(given: argparse.Namespace) -> int:
    from etl.operations import external_scores

    if given.action == "enter":
        return show(external_scores.enter_external(given.period, given.file, given.reason, given.by), given)
    if given.action == "withdraw":
        place = (given.period, given.district, given.input, given.stage)
        return show(external_scores.withdraw_external(*place, given.reason, given.by), given)
    return show(external_scores.list_external(given.period, moment(given.as_of) if given.as_of else None), given)


def _add_external(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    enter = actions.add_parser("enter", help="enter those of a file, all or none")
    enter.add_argument("file", type=Path, help="CSV: district_code,input_code,value[,stage][,is_simulated]")
    withdraw = actions.add_parser("withdraw", help="take one back")
    withdraw.add_argument("--district", required=True)
    withdraw.add_argument("--input", required=True, help="the external score, or criterion.CODE")
    withdraw.add_argument("--stage", default="", help="the stage that it was entered for")
    listed = actions.add_parser("list", help="those that hold")
    listed.add_argument("--as-of", default=None, metavar="MOMENT", help="that held at this moment")
    for one in (enter, withdraw, listed):
        one.add_argument("--period", required=True, help="such as 2021-Q1")
        add_format(one)
    for one in (enter, withdraw):
        one.add_argument("--reason", required=True, help="what it rests on, such as the number of a decision")
        add_by(one)


def add(command: AddCommand) -> None:
    """Adds score, explain, trend, external and diagnose."""
    one = command("score", _score, "score any table by a method; nothing is stored")
    one.add_argument("--method", type=Path, required=True, metavar="FILE.yml", help="see docs/methods.md")
    one.add_argument("--values", type=Path, required=True, metavar="FILE.csv", help="unit,indicator,value[,status]")
    one.add_argument("--detail", choices=("criteria", "areas", "effective-weights"), default="")
    one = command(
        "explain", _explain, "why a district has its score: criteria, cells, weights, what would gain a place"
    )
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--district", required=True)
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--detail", choices=("criteria", "inputs", "gains"), default="", help="one part alone")
    one = command("trend", _trend, "how scores and ranks moved against the period before and the year before")
    one.add_argument("--period", required=True, help="such as 2022-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    _add_external(command("external", _external, "scores that no report holds: surveys, appraisals", prints=False))
    one = command("diagnose", _diagnose, "write the page for a method's authors", prints=False)
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where to (default: here)")
