"""The cover page of a reply: a Word document with the outcome of the report and what to do next."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from etl.findings import SEVERITIES, describe_location
from etl.observations import SIMULATION_MARK
from etl.reports import wording
from etl.reports.mart import Submission, SubmissionFinding
from etl.reports.package import without_zip_timestamps
from etl.reports.remarks import AUTHOR, writable

_FONT, _SIZE = "Times New Roman", 13
_TONES = {"good": ("E3F1E3", "1E5B2A"), "fair": ("FFF2D6", "7A4B00"), "bad": ("FBE3E1", "8C1D18")}
_FILLS = {"critical": "FBE3E1", "warning": "FFF2D6", "info": "EEF1F5"}
_CENTRE, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT


def build_cover(submission: Submission, findings: Sequence[SubmissionFinding], returned: str) -> bytes:
    """Return the cover page as docx. `findings` has the most severe first, `returned` names the returned file."""
    page = _Letter()
    outcome = wording.outcome(submission, findings)
    to_fix = [finding for finding in findings if finding.severity != "info"]
    notes = [finding for finding in findings if finding.severity == "info"]
    page.letterhead()
    page.title("PHIẾU TRẢ LỜI", f"Kết quả kiểm tra báo cáo cải cách hành chính {_period(submission)}")
    if submission.is_simulated:
        page.line(SIMULATION_MARK, bold=True, align=_CENTRE, colour="8C1D18")
    page.line(f"Kính gửi: {wording.addressee(submission)}", bold=True, align=_CENTRE, after=8)
    page.facts(_facts(submission))
    page.banner(outcome)
    page.counts(findings)
    page.heading("1. Việc cần làm trước")
    page.line(wording.first_action(findings, outcome.must_resubmit))
    if to_fix:
        page.heading("2. Nội dung cần sửa hoặc kiểm tra")
        page.findings(to_fix)
    if outcome.must_resubmit or to_fix:
        page.heading("3. Cách gửi lại" if to_fix else "2. Cách gửi lại")
        for step in wording.resubmission_steps(submission, returned, outcome.must_resubmit):
            page.step(step)
    if notes:
        page.heading("Lưu ý thêm, không bắt buộc sửa")
        for finding in notes:
            page.step(finding.message_vi, size=11)
    page.line(
        f"Phiếu này do {AUTHOR} lập tự động từ kết quả kiểm tra, gửi kèm để đơn vị tiện sửa; không thay thế văn bản của"
        " Sở Nội vụ.",
        italic=True,
        size=11,
        before=10,
    )
    return page.to_bytes()


def _period(submission: Submission) -> str:
    name = submission.period_name or ""
    return f"{name[:1].lower()}{name[1:]}"


def _facts(submission: Submission) -> list[tuple[str, str]]:
    received = wording.format_timestamp(submission.received_at)
    timely = wording.timeliness(submission)
    document = submission.document_no or "không đọc được"
    signed = f", ký ngày {wording.format_date(submission.signed_on)}" if submission.signed_on else ""
    due = (
        f"hết ngày {wording.format_last_day(submission.due_at)}"
        if submission.due_at
        else "chưa xác định được kỳ báo cáo"
    )
    return [
        ("Tệp đã nhận", submission.file_name),
        ("Hồ sơ số", str(submission.submission_id)),
        ("Số văn bản", document + signed),
        ("Nhận lúc", f"{received} ({timely})" if timely else received),
        ("Thời hạn của kỳ", due),
    ]


class _Letter:
    """A document in the style of an administrative letter. Each method appends one part."""

    def __init__(self) -> None:
        self._document = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(2.5), Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = _FONT, Pt(_SIZE)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
        style.element.rPr.append(_element("w:lang", val="vi-VN"))
        style.paragraph_format.space_after = Pt(4)

    def line(self, text: str, **looks: Any) -> None:
        _write(self._document.add_paragraph(), text, **looks)

    def letterhead(self) -> None:
        table = self._table(1, (Cm(6.5), Cm(10)), borders=False)
        left, right = table.rows[0].cells
        _write(left.paragraphs[0], "SỞ NỘI VỤ", bold=True, align=_CENTRE, after=0)
        _write(left.add_paragraph(), "Hệ thống kiểm tra báo cáo", align=_CENTRE, size=12)
        _write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, align=_CENTRE, size=12, after=0)
        _write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, align=_CENTRE, underline=True)

    def title(self, title: str, subtitle: str) -> None:
        self.line(title, bold=True, align=_CENTRE, size=15, before=10, after=0)
        self.line(subtitle, bold=True, align=_CENTRE, after=8)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        table = self._table(len(facts), (Cm(4), Cm(12.5)), borders=False)
        for row, (name, value) in zip(table.rows, facts, strict=True):
            _write(row.cells[0].paragraphs[0], f"{name}:", after=2)
            _write(row.cells[1].paragraphs[0], value, after=2)

    def banner(self, outcome: wording.Outcome) -> None:
        fill, colour = _TONES[outcome.tone]
        self.line("", size=4, after=0)
        cell = self._table(1, (Cm(16.5),)).rows[0].cells[0]
        _fill(cell, fill)
        _write(cell.paragraphs[0], outcome.title, bold=True, align=_CENTRE, size=15, colour=colour, before=6)
        _write(cell.add_paragraph(), outcome.meaning, align=_CENTRE, after=6)
        self.line("", size=4, after=0)

    def counts(self, findings: Sequence[SubmissionFinding]) -> None:
        """Append the number of findings of each severity and what it means for the sender."""
        table = self._table(len(SEVERITIES), (Cm(4), Cm(1.5), Cm(11)))
        for row, severity in zip(table.rows, SEVERITIES, strict=True):
            number = sum(1 for finding in findings if finding.severity == severity)
            _fill(row.cells[0], _FILLS[severity])
            _write(row.cells[0].paragraphs[0], wording.SEVERITY[severity], bold=True, before=2, after=2)
            _write(row.cells[1].paragraphs[0], str(number), bold=True, align=_CENTRE, before=2, after=2)
            _write(row.cells[2].paragraphs[0], wording.SEVERITY_MEANING[severity], before=2, after=2, size=12)

    def heading(self, text: str) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        _write(paragraph, text, bold=True, before=10)

    def findings(self, findings: Sequence[SubmissionFinding]) -> None:
        names = ("TT", "Mức độ", "Ô", "Nội dung và cách sửa")
        table = self._table(1 + len(findings), (Cm(1), Cm(2.6), Cm(2.9), Cm(10)))
        _set_row_property(table.rows[0], "w:tblHeader")  # repeat the heading on each page
        for cell, name in zip(table.rows[0].cells, names, strict=True):
            _fill(cell, "E4E7EB")
            _write(cell.paragraphs[0], name, bold=True, align=_CENTRE, size=12, after=2)
        for number, (row, finding) in enumerate(zip(table.rows[1:], findings, strict=True), 1):
            location = describe_location(finding.location)[0] or "Toàn tệp"
            texts = (str(number), wording.SEVERITY[finding.severity], location, finding.message_vi)
            _set_row_property(row, "w:cantSplit")
            for cell, text in zip(row.cells, texts, strict=True):
                _write(cell.paragraphs[0], text, size=12, before=2, after=2)
            row.cells[0].paragraphs[0].alignment = _CENTRE
            _fill(row.cells[1], _FILLS[finding.severity])

    def step(self, text: str, size: float = _SIZE) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.6), Cm(-0.6)
        _write(paragraph, f"–  {text}", size=size)

    def to_bytes(self) -> bytes:
        """Return the docx file with a fixed date, so that the same reply gives the same bytes."""
        properties = self._document.core_properties
        properties.author = properties.last_modified_by = AUTHOR
        properties.title, properties.comments, properties.language = "Phiếu trả lời", "", "vi-VN"
        properties.created = properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - a placeholder
        out = io.BytesIO()
        self._document.save(out)
        return without_zip_timestamps(out.getvalue())

    def _table(self, rows: int, widths: Sequence[int], *, borders: bool = True) -> Any:
        table = self._document.add_table(rows, len(widths), "Table Grid" if borders else None)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width
        return table


def _write(paragraph: Any, text: str, **looks: Any) -> None:
    """Add a run. Looks: bold, italic, underline, size, colour, align, before, after (space; sizes in points)."""
    paragraph.alignment = looks.get("align", _LEFT)
    paragraph.paragraph_format.space_before = Pt(looks.get("before", 0))
    paragraph.paragraph_format.space_after = Pt(looks.get("after", 4))
    run = paragraph.add_run(writable(text))
    run.bold, run.italic, run.underline = (looks.get(name, False) for name in ("bold", "italic", "underline"))
    run.font.size = Pt(looks.get("size", _SIZE))
    if "colour" in looks:
        run.font.color.rgb = RGBColor.from_string(looks["colour"])


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _fill(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=colour))


def _set_row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(_element(name))
