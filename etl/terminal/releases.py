"""The commands about how sure a ranking is and about signed rankings: their arguments, and what they print."""

from __future__ import annotations

import argparse
import sys
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from etl.errors import CchcError, UsageError
from etl.periods import moment
from etl.tables import Table
from etl.terminal.command import DONE, AddCommand, Run, add_format, add_reason, show

_MADE_UP = "Some of these figures are simulated: this ranks nobody."
_READABLE = Decimal("0.0001")


def _show(table: Table, given: argparse.Namespace) -> int:
    """Rows to stdout, for reading with four decimals; what is made up says so beside them."""
    if "is_simulated" in table.columns:
        if any(simulated for (simulated,) in table.pick("is_simulated").rows):
            print(_MADE_UP, file=sys.stderr)
        table = table.pick(*(column for column in table.columns if column != "is_simulated"))
    if given.format == "table":
        table = Table(table.columns, [tuple(map(_readable, row)) for row in table.rows])
    return show(table, given)


def _readable(value: Any) -> Any:
    return value.quantize(_READABLE, ROUND_HALF_UP) if isinstance(value, Decimal) else value


def _robustness(given: argparse.Namespace) -> int:
    from etl.operations import releases

    ranks, assumptions = releases.robustness(given.period, given.method, given.draws, given.seed)
    return _show(assumptions if given.detail == "assumptions" else ranks, given)


def _create(given: argparse.Namespace) -> int:
    from etl import pipeline

    print(
        pipeline.create_release(
            given.period,
            given.reason,
            given.by,
            method_code=given.method,
            known_at=moment(given.as_of) if given.as_of else None,
            publish=given.publish,
        )
    )
    return DONE


def _list(given: argparse.Namespace) -> int:
    from etl.operations import releases

    return _show(releases.list_releases(given.period), given)


def _release(given: argparse.Namespace) -> int:
    from etl.operations import releases

    head, rows = releases.show_release(given.release)
    differing = [part for part, *_, is_same in releases.verify_release(given.release).rows if not is_same]
    print(
        f"Release {head['release_id']}: {head['period_code']} by {head['method_code']}, as known at"
        f" {head['known_at'].isoformat()}\nSigned by {head['signed_by']} at {head['signed_at'].isoformat()}:"
        f" {head['reason']}\nContent {head['content_sha256']}, code {head['code_version']}\n"
        + (f"Void: {head['void_reason']}" if head["is_void"] else "It holds: nothing has changed since.")
        + f"\nMade anew from the warehouse: {'differs in ' + ', '.join(differing) if differing else 'the same'}",
        file=sys.stderr,
    )
    return _show(rows, given)


def _verify(given: argparse.Namespace) -> int:
    from etl.operations import releases

    table = releases.verify_release(given.release)
    _show(table, given)
    differing = [part for part, *_, is_same in table.rows if not is_same]
    if differing:
        raise CchcError(f"release {given.release} does not come to what was signed: {', '.join(differing)}")
    return DONE


def _diff(given: argparse.Namespace) -> int:
    from etl.operations import releases

    return _show(releases.diff_releases(given.earlier, given.later), given)


def _publish(given: argparse.Namespace) -> int:
    from etl.operations import releases

    if given.period is None:
        raise UsageError("nothing is said to do", "Give create, list, show, verify, diff or publish --period P")
    releases.publish(given.period, moment(given.at) if given.at else None, given.reason, given.by)
    return DONE


def add(command: AddCommand) -> None:
    """Adds robustness and release."""
    one = command("robustness", _robustness, "how sure the ranks of a period are, and which assumption matters most")
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--draws", type=int, default=None, metavar="N", help="draw anew, so many times (default 1000)")
    one.add_argument("--seed", type=int, default=None, metavar="S", help="draw anew with this seed; it is stored")
    one.add_argument("--detail", choices=("ranks", "assumptions"), default="ranks")
    _add_release(command("release", _publish, "rankings that somebody signs; without an action: publish", prints=False))


def _add_release(parser: argparse.ArgumentParser) -> None:
    _add_publish(parser, is_required=False)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")

    def action(name: str, run: Run, words: str) -> argparse.ArgumentParser:
        one = actions.add_parser(name, help=words, description=words)
        one.set_defaults(run=run)
        if name not in ("create", "publish"):
            add_format(one)
        return one

    one = action("create", _create, "sign the ranking of a period; prints the number of the release")
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--as-of", default=None, metavar="MOMENT", help="sign what was known then (default now)")
    one.add_argument("--publish", action="store_true", help="also let every district see the period from now on")
    add_reason(one)
    one = action("list", _list, "every signed ranking: who, when, why, and whether it holds")
    one.add_argument("--period", default=None, help="those of one period alone")
    for name, run, words in (
        ("show", _release, "a signed ranking, and whether it holds and comes to the same hash again"),
        ("verify", _verify, "make a signed ranking anew from the warehouse and compare all its hashes"),
    ):
        action(name, run, words).add_argument("release", type=int, help="its number")
    one = action(
        "diff", _diff, "why two signed rankings of a period differ, by cause; the change of a rank is places gained"
    )
    one.add_argument("earlier", type=int, help="the number of the one")
    one.add_argument("later", type=int, help="the number of the other")
    _add_publish(action("publish", _publish, "let every district see all rows of a period"), is_required=True)


def _add_publish(one: argparse.ArgumentParser, *, is_required: bool) -> None:
    one.add_argument("--period", required=is_required, default=None, help="such as 2021-Q1")
    one.add_argument("--at", default=None, metavar="MOMENT", help="from when on (default now)")
    add_reason(one, is_required=False)
