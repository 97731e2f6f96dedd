"""A form that the catalogue lacks, proposed from a report: two files that a person edits, and their acceptance.

`<form>.yml` says what the form is, `<form>.csv` which of its rows is which. Nothing is taken on trust: whatever was not
found as it stands on a known form has to be confirmed by a person, and every new indicator named
(docs/adding-a-form.md).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

from etl.catalogue.document import Document, read_document
from etl.errors import CatalogueError, UsageError

CHANGES = ("kept", "renamed", "moved", "added", "dropped")
UNNAMED = "new_"  # how a suggested indicator code begins: a person has to put a name in its place
_HEAD = ("form_code", "issuer", "document_no", "issued_on", "valid_from", "valid_to", "title_vi", "title_en", "rows")
_DAYS = ("issued_on", "valid_from", "valid_to")
_ORIGIN = ("nearest_form", "fit", "source_sha256")


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """One row of the proposed form, or one that the nearest form has and the report lacks ("dropped").

    `nearest_label` is the known form's most similar row, `similarity` 0 to 1. From `kind` on a row describes a new
    indicator; a row that maps to a known one leaves these empty. `confirmed` is "yes" once a person agrees.
    """

    change: str
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


@dataclass(frozen=True, slots=True)
class Proposal:
    """A form as proposed. What nobody can read off a report (issuer, number, titles) is empty."""

    form_code: str
    valid_from: date | None
    nearest_form: str
    fit: str
    source_sha256: str
    rows: tuple[ProposedRow, ...]
    issuer: str = ""
    document_no: str = ""
    issued_on: date | None = None
    valid_to: date | None = None
    title_vi: str = ""
    title_en: str = ""

    @property
    def form_rows(self) -> tuple[ProposedRow, ...]:
        return tuple(row for row in self.rows if row.change != "dropped")


_TEMPLATE = """\
# A form proposed from a report, against {nearest_form}: {fit} of the printed rows are on that form.
# 1. Fill in what is empty here. 2. Go through {form_code}.csv: every row but the kept ones needs "yes" under confirmed,
#    every code that begins with {unnamed} a readable English one, every new indicator its names, kind, unit and nature.
# 3. python -m etl form accept {form_code}.yml --by YOUR-NAME
form_code: {form_code}   # suggested; the name of the form for ever
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


def _to_csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def write(proposal: Proposal, folder: Path) -> Path:
    """Writes the two files of a proposal; returns the YAML file. Raises UsageError rather than overwrite one."""
    path = folder / f"{proposal.form_code}.yml"
    if path.exists() or path.with_suffix(".csv").exists():
        raise UsageError(f"{path} is there already", "Name another folder with --out, or remove the old proposal")
    folder.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".csv").write_text(_to_csv(COLUMNS, [astuple(row) for row in proposal.rows]), encoding="utf-8")
    head = {name: getattr(proposal, name) for name in ("form_code", "nearest_form", "fit", "source_sha256")}
    valid_from = proposal.valid_from or "null"
    path.write_text(_TEMPLATE.format(**head, valid_from=valid_from, unnamed=UNNAMED), encoding="utf-8")
    return path


def read(path: Path) -> Proposal:
    """The proposal of a YAML file and the CSV that it names.

    Raises UsageError where a file is missing, CatalogueError (file and line) for unknown keys or columns and for what
    is not of its type.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not a file", "Give the .yml of a proposal")
    document = read_document(path)
    document.check_keys(_HEAD + _ORIGIN)
    texts = {key: document[key] for key in (*_HEAD, *_ORIGIN) if key not in (*_DAYS, "rows")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise document.error(f"{key} is {value!r}, not a text", "Put it in quotes", key=key)
    rows_path = path.parent / str(document["rows"])
    if not rows_path.is_file():
        raise UsageError(f"{rows_path} is not a file", f"{path.name} names it under rows")
    issued_on, valid_from, valid_to = (_day(document, key) for key in _DAYS)
    rows = tuple(_rows(rows_path))
    return Proposal(rows=rows, issued_on=issued_on, valid_from=valid_from, valid_to=valid_to, **texts)


def _day(document: Document, key: str) -> date | None:
    value = document[key]
    if value is not None and not isinstance(value, date):
        raise document.error(f"{key} is {value!r}, not a date such as 2021-03-02", key=key)
    return value


def _rows(path: Path) -> Iterator[ProposedRow]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise CatalogueError(f"{path.name}:1", f"the columns must be {', '.join(COLUMNS)}")
        for values in reader:
            place = f"{path.name}:{reader.line_num}"
            if None in values or None in values.values():
                raise CatalogueError(place, f"there are not {len(COLUMNS)} fields", "Check the commas and quotes")
            if values["change"] not in CHANGES:
                raise CatalogueError(
                    place, f"change {values['change']!r} is unknown", f"Known are {', '.join(CHANGES)}"
                )
            yield ProposedRow(**{key: text.strip() for key, text in values.items()})


def form_files(proposal: Proposal, by: str) -> tuple[str, str]:
    """The form's YAML and CSV as the catalogue keeps them; who accepted it stands in the YAML."""
    columns = ("ordinal", "path", "item", "label", "unit", "indicator_code", "is_required")
    rows = [
        (number, row.path, row.item, row.label, row.unit, row.indicator_code, row.is_required)
        for number, row in enumerate(proposal.form_rows, start=1)
    ]
    quoted = {key: _quoted(getattr(proposal, key)) for key in ("issuer", "document_no", "title_vi", "title_en")}
    lines = [
        f"# Accepted from a proposal made of the report with sha256 {proposal.source_sha256},",
        f"# {proposal.fit} of whose rows are on {proposal.nearest_form}.",
        f"form_code: {proposal.form_code}",
        f"issuer: {quoted['issuer']}",
        f"document_no: {quoted['document_no']}",
        f"issued_on: {proposal.issued_on}",
        f"valid_from: {proposal.valid_from}",
        f"valid_to: {proposal.valid_to or 'null'}",
        f"title_vi: {quoted['title_vi']}",
        f"title_en: {quoted['title_en']}",
        f"rows: {proposal.form_code}.csv",
        f"accepted_by: {_quoted(by)}",
    ]
    return "\n".join(lines) + "\n", _to_csv(columns, rows)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
