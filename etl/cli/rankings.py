"""Commands about scores and ranks: ranking, explain, trend, robustness, diagnose, score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from etl.cli.groups import noun_group
from etl.cli.options import AsOf, District, Format, Method, OutputFolder, Period
from etl.cli.output import print_ranked, print_table, print_wrapped

app = noun_group("ranking", "Rankings: list, explain, compare, test.", default="show")
COLUMNS = ("rank", "district_code", "district_name", "score", "band", "is_tied", "coverage")


@app.command(epilog="Example: cchc ranking --period 2021-Q1 --format csv")
def show(period: Period, method: Method = None, as_of: AsOf = None, output_format: Format = "table") -> None:
    """Every district expected to report, ranked; those without accepted data come last, with the reason."""
    from etl.operations import rankings
    from etl.reports.ranking_table import ranking_table, unranked_reasons

    table = rankings.ranking(period, method, as_of)
    print_table(ranking_table(table) if output_format == "table" else table.pick(*COLUMNS), output_format)
    if output_format == "table":
        for reason in unranked_reasons(table):
            print_wrapped(reason)


@app.command(epilog="Example: cchc ranking explain --period 2021-Q1 --district 946")
def explain(
    period: Period,
    district: District,
    method: Method = None,
    detail: Annotated[Literal["", "criteria", "inputs", "gains"], typer.Option(help="Only this part.")] = "",
    output_format: Format = "table",
) -> None:
    """Why a district has its score: criteria, cells, weights, and which single change would gain a place."""
    from etl.cli.explanation import print_explanation
    from etl.operations import rankings

    print_explanation(rankings.explain(period, district, method), output_format, detail)


@app.command()
def trend(period: Period, method: Method = None, output_format: Format = "table") -> None:
    """How scores and ranks moved against the previous period and the year before."""
    from etl.cli.explanation import trend_for_reading
    from etl.operations import rankings

    table = rankings.trend(period, method)
    print_table(trend_for_reading(table) if output_format == "table" else table, output_format)


@app.command()
def robustness(
    period: Period,
    method: Method = None,
    draws: Annotated[int | None, typer.Option(metavar="N", help="Draw again, N times (default 1000).")] = None,
    seed: Annotated[int | None, typer.Option(metavar="SEED", help="Draw again with this seed; stored.")] = None,
    detail: Annotated[Literal["ranks", "assumptions"], typer.Option(help="Ranks, or what they depend on.")] = "ranks",
    output_format: Format = "table",
) -> None:
    """How certain the ranks of a period are, and which assumption matters most."""
    from etl.operations import rankings

    ranks, assumptions = rankings.robustness(period, method, draws, seed)
    print_ranked(assumptions if detail == "assumptions" else ranks, output_format)


@app.command()
def diagnose(period: Period, method: Method = None, out: OutputFolder = Path()) -> None:
    """Write the page for the authors of a method: which criteria separate districts, which say the same."""
    from etl.operations import reports

    print(reports.diagnose(period, method, out))


def score(
    method: Annotated[Path, typer.Option("--method", metavar="FILE.yml", help="See docs/methods.md.")],
    values: Annotated[Path, typer.Option("--values", metavar="FILE.csv", help="unit,indicator,value[,status]")],
    detail: Annotated[Literal["", "criteria", "areas", "effective-weights"], typer.Option(help="Only this part.")] = "",
    output_format: Format = "table",
) -> None:
    """Score any table by a method; nothing is stored."""
    from etl.operations import rankings

    print_table(rankings.score(method, values, detail), output_format)
