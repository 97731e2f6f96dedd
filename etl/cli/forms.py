"""Commands about forms: form propose, accept, reread."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.cli.files import exit_if_attention_is_needed, print_submissions
from etl.cli.groups import noun_group
from etl.cli.options import By, Format, OutputFolder
from etl.cli.output import print_note

app = noun_group("form", "New forms: propose, accept, parse what waited for them.")


@app.command(epilog="Example: cchc form propose report.docx --out proposals")
def propose(file: Annotated[str, typer.Argument(metavar="FILE")], out: OutputFolder = Path()) -> None:
    """Write a proposal for the form of a report that matches no known form."""
    from etl.operations import forms

    path, counts = forms.propose(file, out)
    print(path)
    print_note(", ".join(f"{count} {change}" for change, count in counts.items()))
    print_note(f"Edit it and its .csv, then: cchc form accept {path} --by NAME")


@app.command()
def accept(proposal: Annotated[Path, typer.Argument(metavar="PROPOSAL.yml")], by: By = None) -> None:
    """Add an edited proposal to the catalogue in CCHC_CATALOGUE."""
    from etl.operations import forms

    for path in forms.accept(proposal, by):
        print(path)
    print_note("The form is in the catalogue. To parse the reports that waited for it: cchc form reread")


@app.command()
def reread(by: By = None, output_format: Format = "table") -> None:
    """Parse again the submissions that are held because their form was unknown."""
    from etl.operations import forms

    rows = forms.reread(by)
    print_submissions(rows, output_format)
    exit_if_attention_is_needed(rows)
