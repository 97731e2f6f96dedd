"""The findings as a workbook: for text files, PDF and other files that cannot hold comments."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from etl.findings import describe_location
from etl.reports import wording
from etl.reports.mart import Submission, SubmissionFinding
from etl.reports.package import without_zip_timestamps
from etl.reports.remarks import AUTHOR, writable

_HEADINGS = ("TT", "Mức độ", "Vị trí", "Chỉ tiêu", "Đang ghi", "Cần ghi", "Nội dung và cách sửa")
_WIDTHS = (5, 17, 20, 30, 16, 16, 60)
_FILLS = {"critical": "FBE3E1", "warning": "FFF2D6", "info": "EEF1F5"}
_LINE = Side(style="thin", color="9AA3AD")
_TIMESTAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FIRST_ROW = 6
_LINE_HEIGHT, _MAX_ROW_HEIGHT = 16, 409  # points; 409 is the maximum of Excel


def build_finding_list(submission: Submission, findings: Sequence[SubmissionFinding]) -> bytes:
    """Return a workbook with one row per finding, the most severe first. The same findings give the same bytes."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Phát hiện"
    about = (
        "DANH MỤC NỘI DUNG CẦN SỬA, CẦN KIỂM TRA",
        f"Đơn vị: {wording.addressee(submission)}. Kỳ báo cáo: {submission.period_name or 'chưa xác định'}.",
        f"Tệp: {submission.file_name} (hồ sơ số {submission.submission_id}).",
        f"Kết quả: {wording.outcome(submission).title}.",
    )
    for number, text in enumerate(about, 1):
        _write(sheet, number, 1, text).font = Font(
            name="Times New Roman", size=13 if number == 1 else 12, bold=number == 1
        )
    for column, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True), 1):
        sheet.column_dimensions[chr(64 + column)].width = width
        _format_cell(_write(sheet, _FIRST_ROW - 1, column, heading), "E4E7EB", bold=True)
    for row, finding in enumerate(findings, _FIRST_ROW):
        severity, cell = wording.SEVERITY[finding.severity], describe_location(finding.location)[0] or "Toàn tệp"
        texts = (severity, cell, finding.indicator_name, finding.found, finding.expected, finding.message_vi)
        number_cell = sheet.cell(row, 1, row - _FIRST_ROW + 1)
        _format_cell(number_cell, None)
        for column, text in enumerate(texts, 2):
            _format_cell(_write(sheet, row, column, text), _FILLS[finding.severity] if column == 2 else None)
        # Not every program adjusts the row height to wrapped text.
        lines = max(math.ceil(len(text) * 0.95 / width) for text, width in zip(texts, _WIDTHS[1:], strict=True))
        sheet.row_dimensions[row].height = min(max(lines, 1) * _LINE_HEIGHT, _MAX_ROW_HEIGHT)
    _set_page_layout(sheet)
    return _without_timestamps(book)


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """Write a text as text: what a district wrote must never become a formula."""
    cell = sheet.cell(row, column)
    cell.value = writable(text)
    cell.data_type = "s"
    return cell


def _format_cell(cell: Any, fill: str | None, *, bold: bool = False) -> None:
    cell.font = Font(name="Times New Roman", size=12, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if bold else "left")
    cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)


def _set_page_layout(sheet: Any) -> None:
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    sheet.print_title_rows = f"{_FIRST_ROW - 1}:{_FIRST_ROW - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _without_timestamps(book: Workbook) -> bytes:
    book.properties.creator = AUTHOR
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as written:
        core = _TIMESTAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\2", written.read("docProps/core.xml"))
    return without_zip_timestamps(out.getvalue(), {"docProps/core.xml": core})
