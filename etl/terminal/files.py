"""The commands that read reports: extract, check, ingest; and simulate, which makes some up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from etl.tables import Table
from etl.terminal.command import DONE, MENDABLE, TURNED_AWAY, AddCommand, add_by, show

SUBMISSION_COLUMNS = ("submission_id", "file", "status", "reason")
_TURNED_AWAY = ("rejected", "held", "unreadable", "misfiled")


def _extract(given: argparse.Namespace) -> int:
    from etl.operations import files
    from etl.terminal.printing import extracted_json, extracted_table

    results = list(files.extract(given.file))
    if given.format == "json":
        sys.stdout.write(extracted_json(results))
    else:
        show(extracted_table(results, with_file=len(given.file) > 1), given)
    errors = [(result.path, result.error) for result in results if result.error]
    for path, error in errors:
        place = "" if path in str(error) else f"{path}: "
        print(f"cchc: {place}{error}", file=sys.stderr)
    return MENDABLE if errors else DONE


def _check(given: argparse.Namespace) -> int:
    from etl.operations import files
    from etl.terminal.printing import checked_for_reading, checked_table

    checked = files.check(given.file)
    if given.format == "table":
        sys.stdout.write(checked_for_reading(checked))
    else:
        show(checked_table(checked), given)
        for one in checked:
            print(f"{one.path}: {one.status}", file=sys.stderr)
    return MENDABLE if any(one.status in ("missing", "unreadable") for one in checked) else DONE


def _ingest(given: argparse.Namespace) -> int:
    from etl.operations import ingest

    rows, missing = ingest.ingest(given.path, given.by)
    show(Table(SUBMISSION_COLUMNS, list(rows)), given)
    for error in missing:
        print(f"cchc: {error}", file=sys.stderr)
    if missing:
        return MENDABLE
    return turned_away(rows)


def turned_away(rows: Iterable[tuple[int, str, str, str]]) -> int:
    """TURNED_AWAY where one of these submissions (id, file, status, reason) waits to be mended, else DONE."""
    return TURNED_AWAY if any(status in _TURNED_AWAY for _, _, status, _ in rows) else DONE


def _simulate(given: argparse.Namespace) -> int:
    from etl.catalogue import load_catalogue
    from etl.settings import load_settings
    from etl.simulation import simulate

    catalogue = load_catalogue(load_settings().catalogue)
    file_formats = [file_format.strip() for file_format in given.file_format.split(",")]
    for path in simulate(given.period, given.districts, given.seed, given.out, file_formats, catalogue):
        print(path)
    overlay = given.out / "catalogue"
    if overlay.exists():
        print(
            f"Set CCHC_CATALOGUE={overlay} to read and load these: they need units or periods of their own.",
            file=sys.stderr,
        )
    return DONE


def add(command: AddCommand) -> None:
    """Adds extract, check, ingest and simulate."""
    one = command("extract", _extract, "read the appendix of files; no database")
    one.add_argument("file", nargs="+")
    one = command("check", _check, "read and judge files, registering nothing")
    one.add_argument("file", nargs="+")
    one = command("ingest", _ingest, "register, read, judge and load files or folders")
    one.add_argument("path", nargs="+")
    add_by(one)
    one = command("simulate", _simulate, "write made-up submissions", prints=False)
    one.add_argument("--period", required=True)
    one.add_argument("--districts", type=int, default=11)
    one.add_argument("--seed", type=int, default=2021)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--file-format", "--carrier", default="docx", help="comma-separated: docx,xlsx,txt,…")
