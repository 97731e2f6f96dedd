"""A small renderer: one report in every file format, from rows of plain text. The figures are Long Phú's own."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl import Workbook

from etl.catalogue import load_catalogue
from etl.catalogue.model import Form, FormRow
from etl.settings import PROJECT_ROOT

CATALOGUE = load_catalogue(None)
FORM: Form = CATALOGUE.forms["snv-380-2021"]
FIGURES = PROJECT_ROOT / "examples" / "figures" / "946_2021-Q1.csv"
HEADERS = (
    ("STT", "Chỉ tiêu thống kê", "Kết quả thống kê", "", "Ghi chú"),
    ("", "", "Đơn vị tính", "Số lượng/Tỷ lệ", ""),
)
HEAD = (
    "ỦY BAN NHÂN DÂN HUYỆN LONG PHÚ",
    "Số: 56/BC-UBND",
    "Long Phú, ngày 18 tháng 3 năm 2021",
    "BÁO CÁO",
    "Kết quả thực hiện công tác cải cách hành chính quý I năm 2021",
)
TITLE = (
    "PHỤ LỤC",
    "THỐNG KÊ SỐ LIỆU VÀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH",
    "QUÝ I NĂM 2021 CỦA ỦY BAN NHÂN DÂN HUYỆN LONG PHÚ",
    "(Kèm theo Báo cáo số 56/BC-UBND ngày 18 tháng 3 năm 2021 của Ủy ban nhân dân huyện Long Phú)",
)


@dataclass(frozen=True)
class Line:
    """One printed row: STT, label, unit, value and note as text."""

    item: str
    label: str
    unit: str
    value: str
    note: str

    def cells(self) -> tuple[str, ...]:
        return (self.item, self.label, self.unit, self.value, self.note)


@dataclass(frozen=True)
class Report:
    lines: tuple[Line, ...]
    head: tuple[str, ...] = HEAD
    title: tuple[str, ...] = TITLE
    headers: tuple[tuple[str, ...], ...] = HEADERS
    order: tuple[int, ...] = (0, 1, 2, 3, 4)
    # Indices of lines before which a page breaks, so that the header stands again.
    breaks: frozenset[int] = field(default=frozenset({12, 40, 90}))

    def table(self) -> list[tuple[str, ...]]:
        """The table's rows with its headers, columns in this report's order."""
        rows: list[tuple[str, ...]] = [*self.headers]
        for index, line in enumerate(self.lines):
            if index in self.breaks:
                rows.extend(self.headers)
            rows.append(line.cells())
        return [tuple(row[place] for place in self.order) for row in rows]


def printed_item(row: FormRow) -> str:
    return row.path if row.level == 0 else row.item if row.level == 1 else ""


def real_lines() -> tuple[Line, ...]:
    """Long Phú's appendix for the first quarter of 2021, as printed."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Line(printed_item(row), figures["label"], figures["unit"], figures["value"], figures["note"])
            for row, figures in zip(FORM.rows, csv.DictReader(file), strict=True)
        )


def long_phu(**changes: object) -> Report:
    return replace(Report(real_lines()), **changes)  # type: ignore[arg-type]


def with_values(values: dict[str, str], notes: dict[str, str] | None = None) -> Report:
    """Long Phú's report with other values (and notes) on the rows of these indicators."""
    lines = []
    for row, line in zip(FORM.rows, real_lines(), strict=True):
        code = row.indicator.indicator_code
        lines.append(replace(line, value=values.get(code, line.value), note=(notes or {}).get(code, line.note)))
    return long_phu(lines=tuple(lines))


def to_txt(report: Report) -> bytes:
    lines = [*report.head, "", *report.title, ""]
    lines += ["\t".join(row) for row in report.table()]
    return "\n".join(lines).encode()


def _paragraphs(text: str) -> str:
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r></w:p>' for part in text.split("\n"))


def _docx_row(row: tuple[str, ...]) -> str:
    cells = "".join(f"<w:tc><w:tcPr/>{_paragraphs(text)}</w:tc>" for text in row)
    return f"<w:tr>{cells}</w:tr>"


def docx_of(body: str) -> bytes:
    """A Word file around the XML of a body."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relation}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return buffer.getvalue()


def docx_table(rows: list[tuple[str, ...]]) -> str:
    grid = "".join("<w:gridCol/>" for _ in rows[0])
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(map(_docx_row, rows))}</w:tbl>"


def to_docx(report: Report) -> bytes:
    """The head in a table of its own, as offices lay it out, then the appendix."""
    head = docx_table([(text, "") for text in report.head])
    title = "".join(_paragraphs(text) for text in report.title)
    return docx_of(f"{head}{_paragraphs('')}{title}{docx_table(report.table())}{_paragraphs('')}")


def workbook(report: Report, *, numbers: bool = False, title: str = "Phụ lục") -> Workbook:
    """Cells as text, or with `numbers` plain figures as real numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for text in (*report.head, *report.title):
        sheet.append([None, text])
    for row in report.table():
        sheet.append([number_in(text) if numbers else text or None for text in row])
    return book


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def to_xlsx(report: Report, *, numbers: bool = False) -> bytes:
    return saved(workbook(report, numbers=numbers))


def to_json(report: Report) -> bytes:
    """A head of texts and one list of rows, as an interface might send it."""
    document = {"head": [*report.head, *report.title], "tables": [{"rows": report.table()}]}
    return json.dumps(document, ensure_ascii=False).encode()


def number_in(text: str) -> str | float | None:
    plain = text.replace(",", "") if text[:1].isdigit() and text[-1:].isdigit() else text
    try:
        return int(plain) if plain.isdecimal() else float(plain) if plain else None
    except ValueError:
        return text


RENDERERS = {"txt": to_txt, "docx": to_docx, "xlsx": to_xlsx, "json": to_json}


def seed_file() -> Path | None:
    """The real report, where it is at hand."""
    return next((PROJECT_ROOT.parent / "shared" / "seeds").glob("*.txt"), None)
