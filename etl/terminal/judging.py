"""The commands around judgements: review, waive, replay, correct."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from etl.errors import UsageError
from etl.terminal.command import DONE, AddCommand, add_reason, show


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", "Give one such as 2021-06-30") from None


def _waive(given: argparse.Namespace) -> int:
    from etl.operations import overrides

    number = overrides.waive(
        given.rule, given.reason, _day(given.until), given.district, given.indicator, actor=given.by
    )
    print(f"Waiver {number} holds to the end of {given.until}; `replay` judges again.", file=sys.stderr)
    return DONE


def _correct(given: argparse.Namespace) -> int:
    from etl.operations import overrides

    number = overrides.correct(
        given.district, given.period, given.indicator, given.expect, given.to, given.reason, actor=given.by
    )
    print(f"Correction {number} holds; `lineage` shows it.", file=sys.stderr)
    return DONE


def _review(given: argparse.Namespace) -> int:
    from etl.operations import reviews
    from etl.operations.reviews import for_reading

    told, findings = reviews.review(given.submission)
    (sys.stdout if given.format == "table" else sys.stderr).write(told + "\n")
    show(for_reading(findings) if given.format == "table" else findings, given)
    return DONE


def _replay(given: argparse.Namespace) -> int:
    from etl.operations import reviews

    show(reviews.replay(given.submission, given.period, given.reason, given.by), given)
    return DONE


def add(command: AddCommand) -> None:
    """Adds review, waive, replay and correct."""
    one = command("review", _review, "all findings of a submission, with their cells")
    one.add_argument("submission", type=int, help="its number")
    one = command("waive", _waive, "set a rule aside for a while", prints=False)
    one.add_argument("rule", help="its code, see review")
    one.add_argument("--until", required=True, metavar="DAY", help="the last day on which it is set aside")
    one.add_argument("--district", default=None, help="for one district alone (default all)")
    one.add_argument("--indicator", default=None, help="for one row alone (default all that the rule speaks of)")
    add_reason(one)
    one = command("replay", _replay, "judge again, after a rule, a waiver or a form changed")
    one.add_argument("submission", type=int, nargs="*", help="their numbers")
    one.add_argument("--period", default=None, help="all of a period")
    add_reason(one)
    one = command("correct", _correct, "correct an accepted figure, as a new version of it", prints=False)
    one.add_argument("--district", required=True)
    one.add_argument("--period", required=True)
    one.add_argument("--indicator", required=True)
    one.add_argument("--expect", required=True, metavar="VALUE", help="what is known now; else nothing is changed")
    one.add_argument("--to", required=True, metavar="VALUE", help="a number, blank, not_applicable or not_done")
    add_reason(one)
