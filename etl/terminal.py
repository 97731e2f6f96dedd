"""The commands by which a person decides: about a submission, about who may see what; and those that show the past."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from etl.errors import UsageError
from etl.periods import moment
from etl.tables import Table

DONE = 0
Show = Callable[[Table, argparse.Namespace], None]
Run = Callable[[argparse.Namespace], int]


class AddCommand(Protocol):
    """Adds a command to the parser and returns its own parser."""

    def __call__(self, name: str, run: Run, words: str, *, prints: bool = True) -> argparse.ArgumentParser: ...


def add_decisions(command: AddCommand, show: Show) -> None:
    """Adds accept, reject, withdraw, misfile, assign, partial, whole and reread."""

    def turn_down(status: str) -> Run:
        def run(given: argparse.Namespace) -> int:
            from etl import pipeline

            show(pipeline.turn_down(given.submission, status, given.reason, given.by), given)
            return DONE

        return run

    def scope(*, is_partial: bool) -> Run:
        def run(given: argparse.Namespace) -> int:
            from etl import pipeline

            show(
                pipeline.set_scope(given.submission, is_partial=is_partial, reason=given.reason, actor=given.by), given
            )
            return DONE

        return run

    def accept(given: argparse.Namespace) -> int:
        from etl import pipeline

        show(pipeline.accept(given.submission, given.reason, given.by), given)
        return DONE

    def reread(given: argparse.Namespace) -> int:
        from etl import pipeline

        show(pipeline.reread(given.submission, given.reason, given.by), given)
        return DONE

    def assign(given: argparse.Namespace) -> int:
        from etl import pipeline

        show(pipeline.assign(given.submission, given.district, given.period, given.reason, given.by), given)
        return DONE

    for name, run, words in (
        ("accept", accept, "a submission holds, though held, rejected, duplicate, superseded or withdrawn"),
        ("reject", turn_down("rejected"), "the department sends a submission back; what stood before it stands again"),
        ("withdraw", turn_down("withdrawn"), "its sender takes a submission back; what stood before it stands again"),
        ("misfile", turn_down("misfiled"), "a submission is not of the district or period it stands for"),
        ("assign", assign, "say of which district or period a submission is"),
        ("partial", scope(is_partial=True), "a submission changes only what it says"),
        ("whole", scope(is_partial=False), "a submission replaces all that was said before"),
        ("reread", reread, "read and judge a submission again, as after mending the catalogue"),
    ):
        one = command(name, run, words)
        one.add_argument("submission", type=int, help="its number")
        if name == "assign":
            one.add_argument("--district", default=None)
            one.add_argument("--period", default=None)
        add_reason(one, is_required=True)


def add_access(command: AddCommand) -> None:
    """Adds account."""

    def account(given: argparse.Namespace) -> int:
        from etl import pipeline

        pipeline.set_account(given.name, given.district, may_see=not given.revoke, reason=given.reason, actor=given.by)
        return DONE

    one = command("account", account, "let an account see the rows of its district before release", prints=False)
    one.add_argument("name", help="a login of cchc_district")
    one.add_argument("--district", required=True)
    one.add_argument("--revoke", action="store_true", help="no longer")
    add_reason(one, is_required=False)


def add_past(command: AddCommand, show: Show) -> None:
    """Adds submission, history and file."""

    def submission(given: argparse.Namespace) -> int:
        from etl import pipeline

        show(pipeline.events(given.submission), given)
        return DONE

    def history(given: argparse.Namespace) -> int:
        from etl import pipeline

        known_at = moment(given.as_of) if given.as_of else None
        show(pipeline.history(given.district, given.period, given.indicator, known_at), given)
        return DONE

    def file(given: argparse.Namespace) -> int:
        from etl import pipeline

        content = pipeline.original(given.sha256)
        if given.out is None:
            sys.stdout.buffer.write(content)
        elif given.out.exists():
            raise UsageError(f"{given.out} exists already", "Name another file")
        else:
            given.out.write_bytes(content)
        return DONE

    one = command("submission", submission, "every status that a submission had: when, why and by whom")
    one.add_argument("submission", type=int, help="its number")
    one = command("history", history, "every value that was known of a district and period, and until when")
    one.add_argument("--district", required=True)
    one.add_argument("--period", required=True)
    one.add_argument("--indicator", default=None)
    one.add_argument("--as-of", default=None, metavar="MOMENT", help="only what was known at this moment")
    one = command("file", file, "the bytes of an original file", prints=False)
    one.add_argument("sha256")
    one.add_argument("--out", type=Path, default=None, help="where to write them (default stdout)")


def add_reason(one: argparse.ArgumentParser, *, is_required: bool) -> None:
    """Adds --reason and --by, which every decision keeps."""
    one.add_argument("--reason", required=is_required, default="", help="why; it is kept")
    one.add_argument("--by", default=None, metavar="NAME", help="who decides (default the login); it is kept")
