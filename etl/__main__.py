"""The warehouse from a terminal: `python -m etl COMMAND`. Data go to stdout, everything else to stderr.

Exit codes: 0 done · 1 done, but a submission was rejected or held · 2 the caller can mend it · 3 a fault of ours.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from etl import __version__, ranking_terminal, release_terminal, settings
from etl.errors import CchcError
from etl.periods import moment
from etl.tables import FORMATS, Table, render, to_text
from etl.terminal import add_access, add_decisions, add_past
from etl.terminal_backup import add_backup
from etl.terminal_judging import add_judging

DONE, TURNED_AWAY, MENDABLE, FAULT = 0, 1, 2, 3


def _show(table: Table, arguments: argparse.Namespace) -> None:
    sys.stdout.write(render(table, arguments.format))


def _complain(error: CchcError) -> None:
    print(f"cchc: {error}", file=sys.stderr)


def _extract(arguments: argparse.Namespace) -> int:
    from etl import pipeline
    from etl.pipeline.printing import extracted_json, extracted_table

    results = list(pipeline.extract(arguments.file))
    if arguments.format == "json":
        sys.stdout.write(extracted_json(results))
    else:
        _show(extracted_table(results, with_file=len(arguments.file) > 1), arguments)
    errors = [(result.path, result.error) for result in results if result.error]
    for path, error in errors:
        place = "" if path in str(error) else f"{path}: "
        print(f"cchc: {place}{error}", file=sys.stderr)
    return MENDABLE if errors else DONE


def _check(arguments: argparse.Namespace) -> int:
    from etl import pipeline
    from etl.pipeline.printing import checked_for_reading, checked_table

    checked = pipeline.check(arguments.file)
    if arguments.format == "table":
        sys.stdout.write(checked_for_reading(checked))
    else:
        _show(checked_table(checked), arguments)
        for one in checked:
            print(f"{one.path}: {one.status}", file=sys.stderr)
    return MENDABLE if any(one.status in ("missing", "unreadable") for one in checked) else DONE


def _ingest(arguments: argparse.Namespace) -> int:
    from etl import pipeline

    rows, missing = pipeline.ingest(arguments.path, arguments.by)
    _show(Table(("submission_id", "file", "status", "reason"), list(rows)), arguments)
    for error in missing:
        _complain(error)
    if missing:
        return MENDABLE
    return TURNED_AWAY if any(row[2] in ("rejected", "held", "unreadable", "misfiled") for row in rows) else DONE


def _ranking(arguments: argparse.Namespace) -> int:
    from etl import pipeline
    from etl.pipeline.printing import ranking_for_reading

    known_at = moment(arguments.as_of) if arguments.as_of else None
    table = pipeline.ranking(arguments.period, arguments.method, known_at)
    columns = ("rank", "district_code", "district_name", "score", "band", "is_tied", "coverage")
    _show(ranking_for_reading(table) if arguments.format == "table" else table.pick(*columns), arguments)
    return DONE


def _status(arguments: argparse.Namespace) -> int:
    from etl import pipeline
    from etl.pipeline.printing import status_for_reading

    table = pipeline.status(arguments.period)
    if arguments.format == "table":
        sys.stdout.write(to_text(status_for_reading(table), 60))
    else:
        _show(table, arguments)
    return DONE


def _lineage(arguments: argparse.Namespace) -> int:
    from etl import pipeline

    _show(pipeline.lineage(arguments.district, arguments.period, arguments.indicator), arguments)
    return DONE


def _simulate(arguments: argparse.Namespace) -> int:
    from etl import pipeline

    carriers = [carrier.strip() for carrier in arguments.carrier.split(",")]
    for path in pipeline.simulate(arguments.period, arguments.districts, arguments.seed, arguments.out, carriers):
        print(path)
    overlay = arguments.out / "catalogue"
    if overlay.exists():
        print(
            f"Set CCHC_CATALOGUE={overlay} to read and load these: they need units or periods of their own.",
            file=sys.stderr,
        )
    return DONE


def _reply(arguments: argparse.Namespace) -> int:
    from etl import pipeline

    for path in pipeline.reply(arguments.submission, arguments.out):
        print(path)
    return DONE


def _report(arguments: argparse.Namespace) -> int:
    from etl import pipeline

    print(pipeline.report(arguments.period, arguments.out))
    if arguments.data_docs:
        print(pipeline.data_docs(arguments.period, arguments.out))
    return DONE


def _form(arguments: argparse.Namespace) -> int:
    from etl import pipeline

    if arguments.action == "propose":
        path, counts = pipeline.propose_form(arguments.file, arguments.out)
        print(path)
        print(", ".join(f"{count} {change}" for change, count in counts.items()), file=sys.stderr)
        print(f"Edit it and its .csv, then: python -m etl form accept {path} --by NAME", file=sys.stderr)
        return DONE
    if arguments.action == "accept":
        for path in pipeline.accept_form(arguments.proposal, arguments.by):
            print(path)
        print("The form is in the catalogue. Reports that waited for it: python -m etl form reread", file=sys.stderr)
        return DONE
    rows = pipeline.reread_unknown_forms(arguments.by)
    _show(Table(("submission_id", "file", "status", "reason"), list(rows)), arguments)
    return TURNED_AWAY if any(row[2] in ("rejected", "held", "unreadable", "misfiled") for row in rows) else DONE


def _migrate(_: argparse.Namespace) -> int:
    from etl import pipeline

    pipeline.prepare()
    print("The warehouse is up to date.", file=sys.stderr)
    return DONE


def _database(arguments: argparse.Namespace) -> int:
    from etl import database

    now = settings.load()
    if arguments.action == "stop":
        print("stopped" if database.stop(now) else "no embedded server was running", file=sys.stderr)
    else:
        address = database.without_secret(database.url(now))
        print(address, file=sys.stdout if arguments.action == "url" else sys.stderr)
    return DONE


def _add_form_commands(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    one = actions.add_parser("propose", help="write a proposal for the form of a report")
    one.add_argument("file")
    one.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where to (default: here)")
    one = actions.add_parser("accept", help="take an edited proposal into CCHC_CATALOGUE")
    one.add_argument("proposal", type=Path)
    one.add_argument("--by", default=None, metavar="NAME", help="who does it (default the login)")
    one = actions.add_parser("reread", help="read again the submissions that are held since no form fitted")
    one.add_argument("--by", default=None, metavar="NAME", help="who does it (default the login)")
    one.add_argument("--format", choices=FORMATS, default="table", help="how rows are printed (default table)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="The CCHC warehouse from a terminal.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], words: str, *, prints: bool = True
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(run=run)
        if prints:
            one.add_argument("--format", choices=FORMATS, default="table", help="how rows are printed (default table)")
        return one

    one = command("extract", _extract, "read the appendix of files; no database")
    one.add_argument("file", nargs="+")
    one = command("check", _check, "read and judge files, registering nothing")
    one.add_argument("file", nargs="+")
    one = command("ingest", _ingest, "register, read, judge and load files or folders")
    one.add_argument("path", nargs="+")
    one.add_argument("--by", default=None, metavar="NAME", help="who does it (default the login)")
    one = command("ranking", _ranking, "the ranking of a period's districts")
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--method", default=None, help="a scoring method (default the one in force)")
    one.add_argument("--as-of", default=None, metavar="MOMENT", help="as it was known then, such as 2021-04-01T09:30")
    ranking_terminal.add_commands(command)
    release_terminal.add_commands(command)
    one = command("status", _status, "who is expected, received, timely, late, missing, held")
    one.add_argument("--period", default=None, help="one period alone; without it also files that fit none")
    one = command("lineage", _lineage, "the file, the cell and the raw text of a value")
    one.add_argument("--district", required=True)
    one.add_argument("--period", required=True)
    one.add_argument("--indicator", required=True)
    add_judging(command, _show)
    one = command("reply", _reply, "write the reply to a submission: its file with remarks, a cover page", prints=False)
    one.add_argument("submission", type=int, help="its number, see status")
    one.add_argument("--out", type=Path, required=True, help="the folder to write into")
    one = command("report", _report, "write the page of a period", prints=False)
    one.add_argument("--period", required=True, help="such as 2021-Q1")
    one.add_argument("--out", type=Path, required=True, help="the folder to write into")
    one.add_argument("--data-docs", action="store_true", help="also Great Expectations' own pages for its suite")
    add_past(command, _show)
    add_decisions(command, _show)
    add_access(command)
    one = command("simulate", _simulate, "write made-up submissions", prints=False)
    one.add_argument("--period", required=True)
    one.add_argument("--districts", type=int, default=11)
    one.add_argument("--seed", type=int, default=2021)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--carrier", default="docx", help="comma-separated: docx,xlsx,txt,…")
    _add_form_commands(command("form", _form, "new forms: propose, accept, read again what waited", prints=False))
    add_backup(command)
    command("migrate", _migrate, "bring schema, views and reference data up to date", prints=False)
    one = command("database", _database, "the embedded server: its address, start, stop", prints=False)
    one.add_argument("action", choices=("url", "start", "stop"))
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text streams here
    logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
    arguments = _parser().parse_args(words)
    try:
        code: int = arguments.run(arguments)
    except CchcError as error:
        _complain(error)
        return error.exit_code
    except BrokenPipeError:
        return DONE
    except Exception:
        logging.getLogger("cchc").exception("cchc: a fault of ours")
        return FAULT
    return code


if __name__ == "__main__":
    sys.exit(main())
