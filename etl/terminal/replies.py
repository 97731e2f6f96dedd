"""The commands that write what goes out: reply to a district, report of a period."""

from __future__ import annotations

import argparse
from pathlib import Path

from etl.terminal.command import DONE, AddCommand


def _reply(given: argparse.Namespace) -> int:
    from etl.operations import reports

    for path in reports.reply(given.submission, given.out):
        print(path)
    return DONE


def _report(given: argparse.Namespace) -> int:
    from etl.operations import reports

    print(reports.report(given.period, given.out))
    if given.data_docs:
        print(reports.data_docs(given.period, given.out))
    return DONE


def add(command: AddCommand) -> None:
    """Adds reply and report."""
    one = command("reply", _reply, "write the reply to a submission: its file with remarks, a cover page", prints=False)
    one.add_argument("submission", type=int, help="its number, see status")
    one.add_argument("--out", type=Path, required=True, help="the folder to write into")
    one = command("report", _report, "write the page of a period", prints=False)
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--out", type=Path, required=True, help="the folder to write into")
    one.add_argument("--data-docs", action="store_true", help="also Great Expectations' own pages for its suite")
