"""Options and arguments that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from etl.periods import parse_timestamp

Format = Annotated[Literal["table", "csv", "json"], Option("--format", help="How rows are printed.")]
By = Annotated[str | None, Option("--by", metavar="NAME", help="Who does it; recorded. Default: the login.")]
Reason = Annotated[str, Option("--reason", help="Why; recorded.")]

Period = Annotated[str, Option("--period", metavar="PERIOD", help="Such as 2021-Q1.")]
OptionalPeriod = Annotated[str | None, Option("--period", metavar="PERIOD", help="Only this period, such as 2021-Q1.")]
District = Annotated[str, Option("--district", metavar="CODE", help="A district code, such as 946.")]
OptionalDistrict = Annotated[str | None, Option("--district", metavar="CODE", help="Only this district.")]
Indicator = Annotated[
    str, Option("--indicator", metavar="CODE", help="An indicator code; docs/glossary.md lists them.")
]
OptionalIndicator = Annotated[str | None, Option("--indicator", metavar="CODE", help="Only this indicator.")]
Method = Annotated[str | None, Option("--method", metavar="CODE", help="A scoring method. Default: the one in force.")]
AsOf = Annotated[
    datetime | None,
    Option(
        "--as-of",
        metavar="TIMESTAMP",
        parser=parse_timestamp,
        help="As known then, such as 2021-04-01T09:30. Default: now.",
    ),
]

SubmissionId = Annotated[int, Argument(metavar="ID", help="The submission id; `status` lists them.")]
ReleaseId = Annotated[int, Argument(metavar="ID", help="The release id; `release list` lists them.")]
OutputFolder = Annotated[Path, Option("--out", metavar="DIR", help="The folder to write to.")]
