"""Commands about signed rankings: release create, list, show, verify, diff, publish."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from etl.cli.groups import noun_group
from etl.cli.options import AsOf, By, Format, Method, OptionalPeriod, Period, Reason, ReleaseId
from etl.cli.output import print_note, print_ranked
from etl.errors import CchcError
from etl.periods import parse_timestamp
from etl.tables import Table

_HEADERS = {
    "district_name": "district",
    "own_corrections": "own",
    "others_corrections": "others",
    "late_arrivals": "late",
}

app = noun_group("release", "Signed rankings: create, verify, compare, publish.", default="publish")


@app.command(epilog='Example: cchc release create --period 2021-Q1 --reason "Submitted for signature"')
def create(
    period: Period,
    reason: Reason,
    method: Method = None,
    as_of: AsOf = None,
    publish: Annotated[bool, typer.Option("--publish", help="Also let every district see the period.")] = False,
    by: By = None,
) -> None:
    """Sign the ranking of a period; prints the release id."""
    from etl.pipeline import create_release

    print(create_release(period, reason, by, method_code=method, known_at=as_of, publish=publish))


@app.command("list")
def list_releases(period: OptionalPeriod = None, output_format: Format = "table") -> None:
    """Every signed ranking: who signed it, when, why, and whether it is still valid."""
    from etl.operations import releases

    print_ranked(releases.list_releases(period), output_format)


@app.command()
def show(release: ReleaseId, output_format: Format = "table") -> None:
    """A signed ranking, whether it is still valid, and whether it can be reproduced."""
    from etl.operations import releases

    head, rows = releases.show_release(release)
    differing = _differing_parts(release)
    print_note(
        f"Release {head['release_id']}: {head['period_code']} by {head['method_code']},"
        f" as known at {head['known_at'].isoformat()}\n"
        f"Signed by {head['signed_by']} at {head['signed_at'].isoformat()}: {head['reason']}\n"
        f"Content {head['content_sha256']}, code {head['code_version']}\n"
        + (f"Void: {head['void_reason']}" if head["is_void"] else "Valid: nothing has changed since it was signed.")
        + f"\nRecomputed from the warehouse: {'differs in ' + ', '.join(differing) if differing else 'identical'}"
    )
    print_ranked(rows, output_format)


def _differing_parts(release: int) -> list[str]:
    from etl.operations import releases

    return [row["part"] for row in releases.verify_release(release).records() if not row["is_same"]]


@app.command()
def verify(release: ReleaseId, output_format: Format = "table") -> None:
    """Recompute a signed ranking from the warehouse and compare all its hashes."""
    from etl.operations import releases

    table = releases.verify_release(release)
    print_ranked(table, output_format)
    differing = [row["part"] for row in table.records() if not row["is_same"]]
    if differing:
        raise CchcError(f"Release {release} differs from what was signed: {', '.join(differing)}")


@app.command(epilog="Example: cchc release diff 1 2")
def diff(earlier: ReleaseId, later: ReleaseId, output_format: Format = "table") -> None:
    """Why two signed rankings of a period differ, by cause. A change of rank is the number of places gained."""
    from etl.operations import releases

    table = releases.diff_releases(earlier, later)
    print_ranked(_diff_for_reading(table) if output_format == "table" else table, output_format)


def _diff_for_reading(diff: Table) -> Table:
    """Without codes and without the causes that changed nothing, rounded to two decimals."""
    from etl.ranking.releases.comparison import CAUSES

    rows = diff.records()
    causes = [cause for cause in CAUSES if any(row[cause] for row in rows)]
    columns = ("district_name", "measure", "before", "after", "change", *causes)
    values = [[row[name] for name in columns] for row in rows]
    rounded = [tuple(round(value, 2) if isinstance(value, Decimal) else value for value in row) for row in values]
    return Table(tuple(_HEADERS.get(name, name) for name in columns), rounded)


@app.command()
def publish(
    period: Period,
    at: Annotated[
        datetime | None,
        typer.Option("--at", metavar="TIMESTAMP", parser=parse_timestamp, help="From when on. Default: now."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; recorded.")] = "",
    by: By = None,
) -> None:
    """Let every district see all rows of a period."""
    from etl.operations import releases

    releases.publish(period, at, reason, by)
