"""Reports for tests of validation: complete and consistent, except for what a test changes."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from etl.catalogue import Form, FormRow, load_catalogue
from etl.findings import Finding
from etl.observations import DocumentHead, NarrativeFigure, Observation, ValueStatus
from etl.settings import PROJECT_ROOT
from etl.validation import Candidate

CATALOGUE = load_catalogue()
FORM: Form = CATALOGUE.forms["snv-380-2021"]
PERIOD = "2021-Q1"
HEAD = DocumentHead(
    district_code="942",
    period_code=PERIOD,
    document_no="61/BC-UBND",
    signed_on=date(2021, 3, 17),
    form_code=FORM.form_code,
)

# Every count of a correct report is 2 and every rate 50, but for these, so that all sums and inequalities hold.
_COUNT, _RATE, _CODE = "2", "50", "1"
_CONSISTENT = {
    "provincial_tasks_assigned": "4",
    "procedures_in_force": "4",
    "one_stop_page_procedures": "4",
    "one_stop_page_procedures_level_3_4": "4",
    "portal_procedures": "4",
    "portal_procedures_level_3_4": "4",
    "one_stop_page_procedures_partial_or_full": "4",
    "portal_procedures_partial_or_full": "4",
    "disciplined_public_employees": "6",
    "public_service_units": "8",
    "legal_documents_checked_and_handled": "4",
    "leaders_communes": "20",
    "public_employees_allotted": "20",
    "public_employees_present": "20",
}


def location_of(row: FormRow | str) -> str:
    """The cell of a row: the area headings take no observation, the table has one header line."""
    ordinal = row.ordinal if isinstance(row, FormRow) else _row_of(row).ordinal
    return f"table[1]/row[{ordinal + 1}]/col[4]"


def _row_of(indicator_code: str) -> FormRow:
    rows = (row for form in (FORM, *CATALOGUE.forms.values()) for row in form.rows)
    return next(row for row in rows if row.indicator.indicator_code == indicator_code)


def observation(row: FormRow, **changes: Any) -> Observation:
    """A row of the form, filled; a changed `value` is also its raw text unless that is given."""
    code = row.indicator.indicator_code
    default = {"count": _COUNT, "rate": _RATE, "code_list": _CODE}.get(row.indicator.kind, "")
    value = _CONSISTENT.get(code, default)
    filled = Observation(
        reform_area=row.reform_area_code,
        item=row.item,
        indicator_code=code,
        label=row.label,
        unit=row.unit,
        value=_number(value),
        status=ValueStatus.REPORTED if value else ValueStatus.HEADING,
        raw_value=value,
        note="",
        location=location_of(row),
    )
    if changes.get("status", "reported") != "reported":
        changes = {"value": "", "raw_value": "", **changes}
    if "value" in changes:
        changes = {"raw_value": changes["value"], **changes, "value": _number(changes["value"])}
    return filled._replace(**changes)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def correct_report(
    cells: Mapping[str, str | Mapping[str, str]] | None = None,
    *,
    submission_id: int = 1,
    findings: Sequence[Finding] = (),
    without: Sequence[str] = (),
    narrative: Mapping[str, str | Sequence[str]] | None = None,
    earlier: Mapping[str, Mapping[str, str]] | None = None,
    **head: Any,
) -> Candidate:
    """A report that meets all rules, with `cells` changed: a value, or the fields of an observation.

    `narrative` holds what the prose says of an indicator, `earlier` the district's reports before, by period.
    """
    changes = {
        code: {"value": change} if isinstance(change, str) else dict(change) for code, change in (cells or {}).items()
    }
    form = CATALOGUE.forms.get(head.get("form_code", FORM.form_code), FORM)
    assert set(changes) <= {row.indicator.indicator_code for row in form.rows}, changes
    rows = tuple(
        observation(row, **changes.get(row.indicator.indicator_code, {}))
        for row in form.rows
        if row.level and row.indicator.indicator_code not in without
    )
    told = tuple(
        NarrativeFigure(code, Decimal(figure), figure.replace(".", ","), f"paragraph[{number}]")
        for code, figures in (narrative or {}).items()
        for number, figure in enumerate([figures] if isinstance(figures, str) else figures, start=1)
    )
    return Candidate(submission_id, replace(HEAD, **head), rows, tuple(findings), told, earlier or {})


def blank_report(**head: Any) -> Candidate:
    """The form as it was sent out: nothing filled in."""
    blanks = {row.indicator.indicator_code: {"status": "blank"} for row in FORM.asked_rows}
    return correct_report(blanks, **head)


def long_phu() -> Candidate:
    """The real appendix of Long Phú for the first quarter of 2021, its printed numbers read by the test itself."""
    with (PROJECT_ROOT / "examples/figures/946_2021-Q1.csv").open(encoding="utf-8", newline="") as file:
        printed = {int(line["ordinal"]): line for line in csv.DictReader(file)}
    rows = tuple(_printed_row(row, printed[row.ordinal]) for row in FORM.rows if row.level)
    head = replace(HEAD, district_code="946", document_no="56/BC-UBND", signed_on=date(2021, 3, 18))
    return Candidate(946, head, rows, ())


def _printed_row(row: FormRow, line: Mapping[str, str]) -> Observation:
    raw, note = line["value"], line["note"]
    status = "reported" if row.is_asked and raw else "blank" if row.is_asked else "heading"
    if raw == "Chưa thực hiện" or row.parent_path == "V.2":
        status = "not_done"
    if raw == "0" and "không có lĩnh vực" in note:
        status = "not_applicable"
    value = raw.replace(",", "") if status == "reported" else ""
    return observation(
        row, value=value, raw_value=raw, note=note, label=line["label"], unit=line["unit"], status=status
    )
