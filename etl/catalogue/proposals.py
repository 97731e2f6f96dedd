"""A form that the catalogue lacks, proposed from a report: two files that a person edits before they are accepted.

`<form>.yml` describes the form, `<form>.csv` maps its rows to indicators. Whatever differs from a known form has to be
confirmed by a person, and every new indicator named (docs/adding-a-form.md).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field, ValidationInfo

from etl.catalogue.document import CatalogueModel, read_document, validate_document
from etl.catalogue.rows import is_code_of, read_rows
from etl.errors import UsageError
from etl.tables import Table, to_csv

CHANGES = ("kept", "renamed", "moved", "added", "dropped")
UNNAMED = "new_"  # how a suggested indicator code begins, until a person gives the indicator a name


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row of the proposed form, or a row of the nearest form that the report lacks ("dropped").

    `nearest_label` is the most similar row of the known form, `similarity` 0 to 1. The columns from `kind` on describe
    a new indicator; they are empty for a known one. `confirmed` is "yes" once a person agrees.
    """

    change: Annotated[str, is_code_of("changes")]
    similarity: str
    nearest_label: str
    confirmed: str
    path: str
    item: str
    label: str
    unit: str
    indicator_code: str
    is_required: str
    kind: str = ""
    unit_code: str = ""
    code_list: str = ""
    nature: str = ""
    name_vi: str = ""
    name_en: str = ""


COLUMNS = tuple(field.name for field in fields(ProposedRow))


def _read_rows(rows: Any, info: ValidationInfo[Path]) -> Any:
    """Read the table that the YAML file names; `info.context` is the folder of both."""
    if not isinstance(rows, str):
        return rows
    path = info.context / rows
    if not path.is_file():
        raise UsageError(f"{path} is not a file", "The .yml of the proposal names it under rows")
    return [row for _, row in read_rows(path, ProposedRow, {"changes": CHANGES})]


Day = Annotated[date, Field(strict=True)]


class Proposal(CatalogueModel):
    """A proposed form. What no report states (issuer, number, titles) is empty."""

    form_code: str
    issuer: str = ""
    document_no: str = ""
    issued_on: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    title_vi: str = ""
    title_en: str = ""
    rows: Annotated[tuple[ProposedRow, ...], BeforeValidator(_read_rows)]
    nearest_form: str
    fit: str
    source_sha256: str

    @property
    def form_rows(self) -> tuple[ProposedRow, ...]:
        """The rows of the form itself."""
        return tuple(row for row in self.rows if row.change != "dropped")


_TEMPLATE = """\
# A form proposed from a report, against {nearest_form}: {fit} of the printed rows are on that form.
# 1. Fill in the empty values below. 2. Edit {form_code}.csv: every row except the kept ones needs "yes" in confirmed,
#    every code that begins with {unnamed} a readable English one, every new indicator its names, kind, unit and nature.
# 3. python -m etl form accept {form_code}.yml --by YOUR-NAME
form_code: {form_code}   # suggested; the permanent name of the form
issuer: ""
document_no: ""
issued_on: null          # such as 2021-03-02
valid_from: {valid_from}   # suggested: the first day of the data window of the report
valid_to: null
title_vi: ""
title_en: ""
rows: {form_code}.csv
nearest_form: {nearest_form}
fit: "{fit}"
source_sha256: "{source_sha256}"
"""


def write(proposal: Proposal, folder: Path) -> Path:
    """Write the two files of a proposal and return the YAML file. Raises UsageError rather than overwrite one."""
    path = folder / f"{proposal.form_code}.yml"
    if path.exists() or path.with_suffix(".csv").exists():
        raise UsageError(f"{path} exists already", "Name another folder with --out, or remove the old proposal")
    folder.mkdir(parents=True, exist_ok=True)
    rows = Table(COLUMNS, [astuple(row) for row in proposal.rows])
    path.with_suffix(".csv").write_text(to_csv(rows), encoding="utf-8")
    head = {name: getattr(proposal, name) for name in ("form_code", "nearest_form", "fit", "source_sha256")}
    valid_from = proposal.valid_from or "null"
    path.write_text(_TEMPLATE.format(**head, valid_from=valid_from, unnamed=UNNAMED), encoding="utf-8")
    return path


def read(path: Path) -> Proposal:
    """Return the proposal of a YAML file and the table that it names.

    Raises UsageError if a file is missing, CatalogueError with file and line for unknown keys or columns and invalid
    values.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not a file", "Give the .yml of a proposal")
    return validate_document(read_document(path), Proposal, path.parent)


def form_files(proposal: Proposal, by: str) -> tuple[str, str]:
    """Return the YAML and the CSV of the form as the catalogue keeps them, with the name of whoever accepted it."""
    columns = ("path", "item", "label", "unit", "indicator_code", "is_required")
    rows = [
        (number, *(getattr(row, column) for column in columns))
        for number, row in enumerate(proposal.form_rows, start=1)
    ]
    head = proposal.model_dump(exclude={"rows", "nearest_form", "fit", "source_sha256"})
    form = head | {"rows": f"{proposal.form_code}.csv", "accepted_by": by}
    origin = (
        f"# Accepted from a proposal made of the report with sha256 {proposal.source_sha256},\n"
        f"# {proposal.fit} of whose rows are on {proposal.nearest_form}.\n"
    )
    return origin + yaml.safe_dump(form, allow_unicode=True, sort_keys=False), to_csv(
        Table(("ordinal", *columns), rows)
    )
