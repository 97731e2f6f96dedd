"""The command `form`: a proposal for a form that nobody knows, its acceptance, the reports that waited for it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.tables import Table
from etl.terminal.command import DONE, AddCommand, add_by, add_format, show
from etl.terminal.files import SUBMISSION_COLUMNS, turned_away


def _form(given: argparse.Namespace) -> int:
    from etl.operations import forms

    if given.action == "propose":
        path, counts = forms.propose_form(given.file, given.out)
        print(path)
        print(", ".join(f"{count} {change}" for change, count in counts.items()), file=sys.stderr)
        print(f"Edit it and its .csv, then: python -m etl form accept {path} --by NAME", file=sys.stderr)
        return DONE
    if given.action == "accept":
        for path in forms.accept_form(given.proposal, given.by):
            print(path)
        print("The form is in the catalogue. Reports that waited for it: python -m etl form reread", file=sys.stderr)
        return DONE
    rows = forms.reread_unknown_forms(given.by)
    show(Table(SUBMISSION_COLUMNS, list(rows)), given)
    return turned_away(rows)


def add(command: AddCommand) -> None:
    """Adds form."""
    parser = command("form", _form, "new forms: propose, accept, read again what waited", prints=False)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    one = actions.add_parser("propose", help="write a proposal for the form of a report")
    one.add_argument("file")
    one.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where to (default: here)")
    one = actions.add_parser("accept", help="take an edited proposal into CCHC_CATALOGUE")
    one.add_argument("proposal", type=Path)
    add_by(one)
    one = actions.add_parser("reread", help="read again the submissions that are held since no form fitted")
    add_by(one)
    add_format(one)
