"""Tables as people read them (few columns, at most 80 characters), and the rows and JSON of `extract` and `check`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from etl.catalogue import load_catalogue
from etl.cli.output import print_table
from etl.findings import SEVERITIES, RenderedFinding, describe_location
from etl.observations import Observation
from etl.operations.files import Checked, Extracted, render_findings
from etl.rules import load_rules
from etl.settings import load_settings
from etl.tables import Table, json_value

EXTRACT_COLUMNS = (
    "reform_area",
    "item",
    "indicator_code",
    "label",
    "unit",
    "value",
    "status",
    "raw_value",
    "note",
    "location",
)
CHECK_COLUMNS = ("file", "severity", "rule_code", "location", "indicator_code", "found", "expected", "message_vi")
_SEVERITIES_VI = {"critical": "nghiêm trọng", "warning": "cảnh báo", "info": "thông tin"}
_STATUSES_VI = {
    "accepted": "đạt",
    "accepted_with_warnings": "đạt, có cảnh báo",
    "held": "chờ người xem xét",
    "rejected": "bị trả lại",
    "unreadable": "không đọc được",
    "misfiled": "không xác định được đơn vị hoặc kỳ báo cáo",
    "missing": "không tìm thấy tệp",
}


def extracted_table(results: Iterable[Extracted], *, with_file: bool) -> Table:
    """One row per printed row below the area headings, with a first column `file` if there are several files."""
    rows = [
        ((result.path,) if with_file else ()) + tuple(getattr(row, column) for column in EXTRACT_COLUMNS)
        for result in results
        if result.content
        for row in result.content.rows
    ]
    return Table((("file",) if with_file else ()) + EXTRACT_COLUMNS, rows)


def extracted_for_reading(table: Table) -> Table:
    """Item, label, value (or why there is none) and cell."""
    rows = [
        (
            row["item"],
            row["label"],
            row["value"] if row["status"] == "reported" else row["status"],
            row["location"],
        )
        for row in table.records()
    ]
    return Table(("item", "label", "value", "cell"), rows)


def extracted_json(results: Iterable[Extracted]) -> str:
    """An array of {submission, rows, findings}, one per file that could be read."""
    catalogue = load_catalogue(load_settings().catalogue)
    documents = [
        {
            "submission": _submission(result),
            "rows": [_row(row) for row in result.content.rows],
            "findings": [_finding(finding) for finding in render_findings(result.content.findings, catalogue)],
        }
        for result in results
        if result.content
    ]
    return json.dumps(documents, ensure_ascii=False, indent=2) + "\n"


def _submission(result: Extracted) -> dict[str, Any]:
    assert result.content is not None
    head = result.content.head
    return {
        "file": result.path,
        "district_code": head.district_code,
        "period_code": head.period_code,
        "document_no": head.document_no,
        "signed_on": head.signed_on.isoformat() if head.signed_on else "",
        "form_code": head.form_code,
        "form_fit": str(result.content.form_fit or ""),
        "is_simulated": head.is_simulated,
    }


def _row(row: Observation) -> dict[str, Any]:
    """A row by column, how its value was decided and, for a scan, the box of its cell and the confidence."""
    named = {column: json_value(getattr(row, column)) or "" for column in (*EXTRACT_COLUMNS, "decision")}
    if row.box:
        named["box"] = row.box
    if row.confidence is not None:
        named["confidence"] = round(row.confidence, 3)
    return named


def _finding(rendered: RenderedFinding) -> dict[str, str]:
    fields = ("rule_code", "indicator_code", "location", "found", "expected")
    return {field: getattr(rendered.finding, field) for field in fields} | {
        "severity": rendered.severity,
        "message_vi": rendered.message_vi,
        "message_en": rendered.message_en,
    }


def checked_table(checked: Iterable[Checked]) -> Table:
    """One row per finding, in the order of the files."""
    rows = [
        tuple((_finding(rendered) | {"file": result.path})[column] for column in CHECK_COLUMNS)
        for result in checked
        for rendered in result.findings
    ]
    return Table(CHECK_COLUMNS, rows)


def print_checked(checked: Iterable[Checked]) -> None:
    """Each file's outcome and its findings in Vietnamese, the most severe first.

    Misprints of the form itself are left out: they are no news to those who fill it in.
    """
    for position, result in enumerate(checked):
        print("\n" * bool(position) + f"{result.path}: {_STATUSES_VI[result.status]} ({result.status})\n")
        findings = [f for f in result.findings if load_rules()[f.finding.rule_code].category != "form"]
        findings.sort(key=lambda rendered: SEVERITIES.index(rendered.severity))
        if findings:
            rows: list[tuple[Any, ...]] = [(_SEVERITIES_VI[f.severity], f.message_vi) for f in findings]
            print_table(Table(("Mức độ", "Nội dung"), rows), "table")


def findings_for_reading(findings: Table) -> Table:
    """Findings with their cell in words, the most severe first; without misprints of the form itself."""
    rules = load_rules()
    rows: list[tuple[Any, ...]] = [
        (row["severity"], describe_location(row["location"])[0], row["message_vi"])
        for row in findings.records()
        if rules[row["rule_code"]].category != "form"
    ]
    rows.sort(key=lambda row: SEVERITIES.index(row[0]))
    return Table(("severity", "cell", "message"), rows)
