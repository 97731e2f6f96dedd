"""Commands about one submission: its history and findings, the decisions of a reviewer, the reply to its district."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from etl.cli.groups import noun_group
from etl.cli.options import By, Format, OptionalDistrict, OptionalPeriod, OutputFolder, Reason, SubmissionId
from etl.cli.output import print_note, print_table, print_wrapped

app = noun_group("submission", "Submissions: review, decide, reply.", default="show")


@app.command(epilog="Example: cchc submission show 8")
def show(submission: SubmissionId, output_format: Format = "table") -> None:
    """Every status that a submission has had: when, why and by whom."""
    from etl.operations import submissions

    table = submissions.events(submission)
    print_table(table.drop("submission_id") if output_format == "table" else table, output_format)


@app.command()
def review(submission: SubmissionId, output_format: Format = "table") -> None:
    """All findings of a submission, with their cells."""
    from etl.cli.listings import findings_for_reading
    from etl.operations import submissions

    summary, findings = submissions.review(submission)
    if output_format != "table":
        print_note(summary)
        print_table(findings, output_format)
        return
    for line in summary.splitlines():
        print_wrapped(line)
    print()
    print_table(findings_for_reading(findings), output_format)


def _decision(name: str) -> Callable[..., None]:
    def decide(submission: SubmissionId, reason: Reason, by: By = None, output_format: Format = "table") -> None:
        from etl.operations import submissions

        print_table(getattr(submissions, name)(submission, reason, by), output_format)

    return decide


DECISIONS = {
    "accept": "Accept a submission, even if it is held, rejected, duplicate, superseded or withdrawn.",
    "reject": "Send an accepted submission back; the previous report becomes current again.",
    "withdraw": "Record that the sender withdraws a submission; the previous report becomes current again.",
    "misfile": "Record that a submission is of another district or period than it claims.",
    "partial": "Let a submission change only the values that it contains.",
    "whole": "Let a submission replace everything reported before.",
    "reread": "Parse and validate a submission again, for example after fixing the catalogue.",
}
for _name, _help in DECISIONS.items():
    app.command(_name, help=_help)(_decision(_name))


@app.command()
def assign(
    submission: SubmissionId,
    reason: Reason,
    district: OptionalDistrict = None,
    period: OptionalPeriod = None,
    by: By = None,
    output_format: Format = "table",
) -> None:
    """Set the district or period of a submission, whatever its folder and title say."""
    from etl.operations import submissions

    print_table(submissions.assign(submission, district, period, reason, by), output_format)


@app.command(epilog='Example: cchc submission replay --period 2021-Q1 --reason "Rule 12 corrected"')
def replay(
    reason: Reason,
    submission: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Submission ids.")] = None,
    period: OptionalPeriod = None,
    by: By = None,
    output_format: Format = "table",
) -> None:
    """Validate again, after a rule, a waiver or a form has changed: some submissions, or all of a period."""
    from etl.operations import submissions

    print_table(submissions.replay(submission or [], period, reason, by), output_format)


@app.command()
def reply(submission: SubmissionId, out: OutputFolder) -> None:
    """Write the reply to a submission: a cover page, and its file with remarks on the cells."""
    from etl.operations import reports

    for path in reports.reply(submission, out):
        print(path)


@app.command("file")
def original_file(
    sha256: Annotated[str, typer.Argument(metavar="SHA256", help="The hash of the file; `lineage` shows it.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Default: stdout.")] = None,
) -> None:
    """Write the bytes of an original file, exactly as received."""
    from etl.errors import UsageError
    from etl.operations import submissions

    content = submissions.original(sha256)
    if out is None:
        sys.stdout.buffer.write(content)
    elif out.exists():
        raise UsageError(f"{out} already exists", "Choose another file name")
    else:
        out.write_bytes(content)
        print_note(f"{len(content):,} bytes written to {out}")
