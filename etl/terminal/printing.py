"""How read and judged files are laid out for printing; the columns are those of the contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from etl.catalogue import load_catalogue
from etl.decimals import format_decimal
from etl.findings import SEVERITIES
from etl.observations import Observation
from etl.operations.files import Checked, Extracted, render_findings
from etl.rules import load_rules
from etl.settings import load_settings
from etl.tables import Table, to_text

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


def _cells(row: Observation) -> tuple[str, ...]:
    """The columns of the contract; how a value was decided is told in JSON and by lineage."""
    return (
        row.reform_area,
        row.item,
        row.indicator_code,
        row.label,
        row.unit,
        format_decimal(row.value),
        row.status,
        row.raw_value,
        row.note,
        row.location,
    )


def _named(row: Observation) -> dict[str, str | float]:
    """A row by its columns, how it was decided, and for a page its cell's box and how surely it was recognised."""
    named: dict[str, str | float] = dict(zip(EXTRACT_COLUMNS, _cells(row), strict=True))
    named["decision"] = row.decision
    if row.box:
        named["box"] = row.box
    if row.confidence is not None:
        named["confidence"] = round(row.confidence, 3)
    return named


def extracted_table(results: Sequence[Extracted], *, with_file: bool) -> Table:
    """One row for each row printed below the area headings; a first column `file` where there are several files."""
    rows = [
        ((result.path,) if with_file else ()) + _cells(row)
        for result in results
        if result.content
        for row in result.content.rows
    ]
    return Table((("file",) if with_file else ()) + EXTRACT_COLUMNS, rows)


def extracted_json(results: Sequence[Extracted]) -> str:
    """An array of {submission, rows, findings}, one for each file that could be read."""
    catalogue = load_catalogue(load_settings().catalogue)
    documents = []
    for result in results:
        if result.content is None:
            continue
        head = result.content.head
        judged = render_findings(result.content.findings, catalogue)
        documents.append(
            {
                "submission": {
                    "file": result.path,
                    "district_code": head.district_code,
                    "period_code": head.period_code,
                    "document_no": head.document_no,
                    "signed_on": head.signed_on.isoformat() if head.signed_on else "",
                    "form_code": head.form_code,
                    "form_fit": str(result.content.form_fit or ""),
                    "is_simulated": head.is_simulated,
                },
                "rows": [_named(row) for row in result.content.rows],
                "findings": [
                    {
                        "rule_code": one.finding.rule_code,
                        "severity": one.severity,
                        "indicator_code": one.finding.indicator_code,
                        "location": one.finding.location,
                        "found": one.finding.found,
                        "expected": one.finding.expected,
                        "message_vi": one.message_vi,
                        "message_en": one.message_en,
                    }
                    for one in judged
                ],
            }
        )
    return json.dumps(documents, ensure_ascii=False, indent=2) + "\n"


def _minute(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def status_for_reading(table: Table) -> Table:
    """Who reported, narrow enough to read: moments to the minute, coverage in per cent; the other formats have all."""
    from etl.pipeline.summarise import figures

    rows = []
    for row in table.rows:
        one = dict(zip(table.columns, row, strict=True))
        rows.append(
            (
                one["period_code"],
                one["district_code"],
                one["district_name"],
                one["status"],
                one["submission_id"],
                one["file_name"],
                _minute(one["received_at"]),
                _deadline(one["due_at"], one["days_late"]),
                f"{one['coverage']:.0%}" if one["coverage"] else "",
                figures(one["is_simulated"], one["coverage"]),
                one["reason"],
            )
        )
    columns = ("period", "code", "district", "status", "id", "file", "received", "deadline", "coverage", "figures")
    return Table((*columns, "reason"), rows)


def _deadline(due_at: datetime | None, days_late: int | None) -> str:
    """How a report stands to its deadline, which is the midnight after the last day on time."""
    if days_late is None:
        return "" if due_at is None else f"due {due_at - timedelta(days=1):%Y-%m-%d}"
    return "in time" if days_late == 0 else f"{days_late} days late"


def checked_table(checked: Sequence[Checked]) -> Table:
    """One row for each finding, in the files' order."""
    return Table(
        CHECK_COLUMNS,
        [
            (
                one.path,
                judged.severity,
                judged.finding.rule_code,
                judged.finding.location,
                judged.finding.indicator_code,
                judged.finding.found,
                judged.finding.expected,
                judged.message_vi,
            )
            for one in checked
            for judged in one.findings
        ],
    )


_SEVERITY_VI = {"critical": "nghiêm trọng", "warning": "cảnh báo", "info": "thông tin"}
_STATUS_VI = {
    "accepted": "đạt",
    "accepted_with_warnings": "đạt, có cảnh báo",
    "held": "chờ người xem xét",
    "rejected": "bị trả lại",
    "unreadable": "không đọc được",
    "misfiled": "không xác định được đơn vị hoặc kỳ báo cáo",
    "missing": "không tìm thấy tệp",
}


def checked_for_reading(checked: Sequence[Checked]) -> str:
    """What a clerk reads: each file's outcome, then its findings, the gravest first, in Vietnamese."""
    parts = []
    for one in checked:
        parts.append(f"{one.path}: {_STATUS_VI[one.status]} ({one.status})\n")
        # What the form itself misprints is no news to those who fill it in; the other formats tell it.
        of_report = [judged for judged in one.findings if load_rules()[judged.finding.rule_code].category != "form"]
        ordered = sorted(of_report, key=lambda judged: SEVERITIES.index(judged.severity))
        if ordered:
            rows = [(_SEVERITY_VI[judged.severity], judged.message_vi) for judged in ordered]
            parts.append(to_text(Table(("Mức độ", "Nội dung"), rows), 110))
    return "\n".join(parts)
