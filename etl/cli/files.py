"""Commands that read report files (extract, check, ingest) or write simulated ones (simulate)."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from etl.cli.options import By, Format, OutputFolder, Period
from etl.cli.output import (
    NEEDS_ATTENTION,
    NEEDS_ATTENTION_STATUSES,
    USER_ERROR,
    print_error,
    print_note,
    print_table,
    track,
)
from etl.tables import Table

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Report files: docx, xlsx, pdf, txt, …")]
SUBMISSION_COLUMNS = ("submission_id", "file", "status", "reason")


def extract(file: Files, output_format: Format = "table") -> None:
    """Read the appendix of reports and print its rows. Needs no database."""
    from etl.cli import listings
    from etl.operations import files

    results = list(track(files.extract(file), "Reading", len(file)))
    if output_format == "json":
        sys.stdout.write(listings.extracted_json(results))
    else:
        table = listings.extracted_table(results, with_file=len(file) > 1)
        print_table(listings.extracted_for_reading(table) if output_format == "table" else table, output_format)
    errors = [(result.path, result.error) for result in results if result.error]
    for path, error in errors:
        print_note(f"cchc: {error}" if path in str(error) else f"cchc: {path}: {error}")
    if errors:
        raise typer.Exit(USER_ERROR)


def check(file: Files, output_format: Format = "table") -> None:
    """Read and validate reports without registering them: what a clerk runs before sending."""
    from etl.cli import listings
    from etl.operations import files

    checked = files.check(track(files.extract(file), "Reading", len(file)))
    if output_format == "table":
        listings.print_checked(checked)
    else:
        print_table(listings.checked_table(checked), output_format)
        for result in checked:
            print_note(f"{result.path}: {result.status}")
    if any(result.status in ("missing", "unreadable") for result in checked):
        raise typer.Exit(USER_ERROR)


def ingest(
    path: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or drive URLs.")],
    by: By = None,
    output_format: Format = "table",
) -> None:
    """Register, parse, validate and load report files or whole folders; a second call changes nothing."""
    from etl.operations.ingest import ingest

    rows, errors = ingest(path, by, track)
    print_submissions(rows, output_format)
    for error in errors:
        print_error(error)
    if errors:
        raise typer.Exit(USER_ERROR)
    exit_if_attention_is_needed(rows)


def print_submissions(rows: list[tuple[int, str, str, str]], output_format: Format) -> None:
    """Print (id, file, status, reason) rows."""
    print_table(Table(SUBMISSION_COLUMNS, list(rows)), output_format)


def exit_if_attention_is_needed(rows: list[tuple[int, str, str, str]]) -> None:
    """Exit with code 1 if a submission was rejected or is held, unreadable or misfiled."""
    if any(status in NEEDS_ATTENTION_STATUSES for _, _, status, _ in rows):
        raise typer.Exit(NEEDS_ATTENTION)


def simulate(
    period: Period,
    out: OutputFolder,
    districts: Annotated[int, typer.Option(help="How many districts report.")] = 11,
    seed: Annotated[int, typer.Option(help="The same seed writes the same reports.")] = 2021,
    file_format: Annotated[
        str, typer.Option("--file-format", "--carrier", help="Comma-separated, used in turn: docx,xlsx,txt,…")
    ] = "docx",
) -> None:
    """Write simulated reports, and the catalogue overlay that they need beyond the shipped districts and periods."""
    from etl.catalogue import load_catalogue
    from etl.settings import load_settings
    from etl.simulation.generate import simulate_each

    file_formats = [name.strip() for name in file_format.split(",")]
    catalogue = load_catalogue(load_settings().catalogue)
    for path in track(simulate_each(period, districts, seed, out, file_formats, catalogue), "Writing", districts):
        print(path)
    overlay = out / "catalogue"
    if overlay.exists():
        print_note(
            f"To read and load these reports set CCHC_CATALOGUE={overlay}: they use units or periods of their own."
        )
