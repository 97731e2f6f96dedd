"""Commands about scores that no report contains, such as surveys and appraisals: external enter, withdraw, list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.groups import noun_group
from etl.cli.options import AsOf, By, District, Format, Period, Reason
from etl.cli.output import print_table

app = noun_group("external", "Scores from outside the reports: surveys, appraisals.")


@app.command(epilog='Example: cchc external enter scores.csv --period 2021-Q1 --reason "Decision 12/QĐ"')
def enter(
    file: Annotated[Path, typer.Argument(help="CSV: district_code,input_code,value[,stage][,is_simulated]")],
    period: Period,
    reason: Reason,
    by: By = None,
    output_format: Format = "table",
) -> None:
    """Enter the scores of a file, all or none."""
    from etl.operations import external_scores

    print_table(external_scores.enter(period, file, reason, by), output_format)


@app.command()
def withdraw(
    period: Period,
    district: District,
    score: Annotated[str, typer.Option("--input", metavar="CODE", help="The external score, or criterion.CODE.")],
    reason: Reason,
    stage: Annotated[str, typer.Option(help="The stage that it was entered for.")] = "",
    by: By = None,
    output_format: Format = "table",
) -> None:
    """Withdraw one score; prints those that remain."""
    from etl.operations import external_scores

    print_table(external_scores.withdraw(period, district, score, stage, reason, by), output_format)


@app.command("list")
def list_scores(period: Period, as_of: AsOf = None, output_format: Format = "table") -> None:
    """The external scores of a period."""
    from etl.operations import external_scores

    print_table(external_scores.list_scores(period, as_of), output_format)
