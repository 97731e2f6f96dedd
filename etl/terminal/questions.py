"""The commands that ask the warehouse: ranking, status, lineage, submission, history, file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.errors import UsageError
from etl.periods import moment
from etl.tables import to_text
from etl.terminal.command import DONE, AddCommand, show


def _ranking(given: argparse.Namespace) -> int:
    from etl.operations import queries
    from etl.pipeline.summarise import ranking_for_reading

    known_at = moment(given.as_of) if given.as_of else None
    table = queries.ranking(given.period, given.method, known_at)
    columns = ("rank", "district_code", "district_name", "score", "band", "is_tied", "coverage")
    show(ranking_for_reading(table) if given.format == "table" else table.pick(*columns), given)
    return DONE


def _status(given: argparse.Namespace) -> int:
    from etl.operations import queries
    from etl.terminal.printing import status_for_reading

    table = queries.status(given.period)
    if given.format == "table":
        sys.stdout.write(to_text(status_for_reading(table), 60))
    else:
        show(table, given)
    return DONE


def _lineage(given: argparse.Namespace) -> int:
    from etl.operations import queries

    show(queries.lineage(given.district, given.period, given.indicator), given)
    return DONE


def _submission(given: argparse.Namespace) -> int:
    from etl.operations import decisions

    show(decisions.events(given.submission), given)
    return DONE


def _history(given: argparse.Namespace) -> int:
    from etl.operations import queries

    known_at = moment(given.as_of) if given.as_of else None
    show(queries.history(given.district, given.period, given.indicator, known_at), given)
    return DONE


def _file(given: argparse.Namespace) -> int:
    from etl.operations import queries

    content = queries.original(given.sha256)
    if given.out is None:
        sys.stdout.buffer.write(content)
    elif given.out.exists():
        raise UsageError(f"{given.out} exists already", "Name another file")
    else:
        given.out.write_bytes(content)
    return DONE


def add(command: AddCommand) -> None:
    """Adds ranking, status, lineage, submission, history and file."""
    one = command("ranking", _ranking, "the ranking of a period's districts")
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--as-of", default=None, metavar="MOMENT", help="as it was known then, such as 2021-04-01T09:30")
    one = command("status", _status, "who is expected, received, timely, late, missing, held")
    one.add_argument("--period", default=None, help="one period alone; without it also files that fit none")
    one = command("lineage", _lineage, "the file, the cell and the raw text of a value")
    one.add_argument("--district", required=True)
    one.add_argument("--period", required=True)
    one.add_argument("--indicator", required=True)
    one = command("submission", _submission, "every status that a submission had: when, why and by whom")
    one.add_argument("submission", type=int, help="its number")
    one = command("history", _history, "every value that was known of a district and period, and until when")
    one.add_argument("--district", required=True)
    one.add_argument("--period", required=True)
    one.add_argument("--indicator", default=None)
    one.add_argument("--as-of", default=None, metavar="MOMENT", help="only what was known at this moment")
    one = command("file", _file, "the bytes of an original file", prints=False)
    one.add_argument("sha256")
    one.add_argument("--out", type=Path, default=None, help="where to write them (default stdout)")
