"""Commands about single values: lineage, history, correct; and rule waivers, the other manual override."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from etl.cli.groups import noun_group
from etl.cli.options import (
    AsOf,
    By,
    District,
    Format,
    Indicator,
    OptionalDistrict,
    OptionalIndicator,
    Period,
    Reason,
)
from etl.cli.output import print_note, print_table
from etl.errors import UsageError

app = noun_group("value", "Single values: source, history, correction.")
rule_app = noun_group("rule", "Validation rules: temporary waivers.")


@app.command(epilog="Example: cchc lineage --district 946 --period 2021-Q1 --indicator plan_tasks_completed")
def lineage(district: District, period: Period, indicator: Indicator, output_format: Format = "table") -> None:
    """The file, its sha256, the cell and the raw text of a value."""
    from etl.operations import values

    print_table(values.lineage(district, period, indicator), output_format)


@app.command(epilog="Example: cchc history --district 946 --period 2021-Q1 --as-of 2021-04-01")
def history(
    district: District,
    period: Period,
    indicator: OptionalIndicator = None,
    as_of: AsOf = None,
    output_format: Format = "table",
) -> None:
    """Every version of a district's values, and when each was current."""
    from etl.operations import values

    table = values.history(district, period, indicator, as_of)
    print_table(table.drop("indicator_code") if indicator and output_format == "table" else table, output_format)


@app.command()
def correct(
    district: District,
    period: Period,
    indicator: Indicator,
    expect: Annotated[str, typer.Option(metavar="VALUE", help="The current value; if it differs nothing is changed.")],
    to: Annotated[str, typer.Option(metavar="VALUE", help="A number, blank, not_applicable or not_done.")],
    reason: Reason,
    by: By = None,
) -> None:
    """Correct an accepted value; the old one stays in its history."""
    from etl.operations import overrides

    correction_id = overrides.correct(district, period, indicator, expect, to, reason, by)
    print_note(f"Correction {correction_id} recorded; `lineage` shows it.")


def _parse_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a valid date", "Use a date such as 2021-06-30") from None


@rule_app.command(epilog='Example: cchc rule waive procedures_in_force_sum --until 2021-06-30 --reason "Decision 41"')
def waive(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule code; `review` shows it.")],
    until: Annotated[date, typer.Option(metavar="DATE", parser=_parse_date, help="The last day of the waiver.")],
    reason: Reason,
    district: OptionalDistrict = None,
    indicator: OptionalIndicator = None,
    by: By = None,
) -> None:
    """Suspend a rule until a date, for one district, one indicator or everywhere."""
    from etl.operations import overrides

    waiver_id = overrides.waive(rule, reason, until, district, indicator, by)
    print_note(f"Waiver {waiver_id} is valid until the end of {until}; `replay` validates again.")
