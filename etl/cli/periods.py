"""Commands about a whole reporting period: status, report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from etl.cli.options import Format, OptionalPeriod, OutputFolder, Period
from etl.cli.output import print_table, print_wrapped
from etl.tables import Table


def status(period: OptionalPeriod = None, output_format: Format = "table") -> None:
    """Who is expected, received, timely, late, missing or held. Without a period also files that match none."""
    from etl.operations import periods

    table = periods.status(period)
    if output_format == "table":
        _print_status(table)
    else:
        print_table(table, output_format)


def report(
    period: Period,
    out: OutputFolder,
    data_docs: Annotated[bool, typer.Option("--data-docs", help="Also Great Expectations' Data Docs.")] = False,
) -> None:
    """Write the report page of a period."""
    from etl.operations import reports

    print(reports.report(period, out))
    if data_docs:
        print(reports.data_docs(period, out))


def _print_status(status: Table) -> None:
    """Who has reported, and below the table why a report does not count."""
    from etl.reports.ranking_table import describe_figures

    columns = ("period", "code", "district", "status", "id", "received", "deadline", "coverage", "figures")
    rows = [
        (
            row["period_code"],
            row["district_code"],
            row["district_name"] or row["file_name"],
            row["status"],
            row["submission_id"],
            row["received_at"] and f"{row['received_at']:%Y-%m-%d}",
            _deadline(row["due_at"], row["days_late"]),
            f"{row['coverage']:.0%}" if row["coverage"] else "",
            describe_figures(row["is_simulated"], bool(row["coverage"])),
        )
        for row in status.records()
    ]
    table = Table(columns, list(rows))
    print_table(table.drop("period") if len({row[0] for row in rows}) == 1 else table.drop("figures"), "table")
    for row in status.records():
        if not row["status"].startswith("accepted"):
            print_wrapped(f"{row['district_name'] or row['file_name']}: {row['reason']}")


def _deadline(due_at: datetime | None, days_late: int | None) -> str:
    """Whether a report was in time; the deadline is the midnight after the last day on time."""
    if days_late is None:
        return "" if due_at is None else f"due {due_at - timedelta(days=1):%Y-%m-%d}"
    return "in time" if days_late == 0 else f"{days_late} days late"
