"""All file formats as the tests write them, and how a location in them is opened again.

A new file format is a function here and an entry of FILE_FORMATS; tests, benchmarks and fuzz runs use every entry.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.unit.parsing import reopening
from tests.unit.parsing.pdf_writer import to_pdf, to_unruled_pdf
from tests.unit.parsing.rendering import Report, docx_of, number_in, to_docx, to_json, to_txt, to_xlsx

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def to_xls(report: Report, *, numbers: bool = False) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Phụ lục")
    lines = [("", text) for text in (*report.head, *report.title)]
    for row, cells in enumerate([*lines, *report.table()]):
        for column, text in enumerate(cells):
            value = number_in(text) if numbers else text
            if value not in ("", None):
                sheet.write(row, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def to_ods(report: Report) -> bytes:
    def row(cells: Sequence[str]) -> str:
        return "<table:table-row>" + "".join(map(cell, cells)) + "</table:table-row>"

    def cell(text: str) -> str:
        if not text:
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'

    names = "".join(f' xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    lines = [("", text) for text in (*report.head, *report.title)]
    body = "".join(map(row, [*lines, *report.table()]))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Phụ lục">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
    return buffer.getvalue()


def to_markdown(report: Report) -> bytes:
    """Bars between the cells, bold area headings, a rule under the header and a few marks of HTML."""
    lines = [*report.head, "", *report.title, ""]
    for number, row in enumerate(report.table()):
        cells = [text.replace("|", "/") for text in row]
        if cells[report.order.index(0)][:1] in ("I", "V"):
            cells = [f"**{text}**" if text else "" for text in cells]
        elif number % 7 == 3:
            cells = [f"<i>{text}</i>" if text else "" for text in cells]
        lines.append(f"| {' | '.join(cells)} |")
        if number == 0:
            lines.append("|---" * len(row) + "|")
    return "\n".join(lines).encode()


def shown_width(text: str) -> int:
    return sum(not unicodedata.combining(letter) for letter in text)


def to_aligned(report: Report) -> bytes:
    """Columns of one width with three blanks between; long notes run on to the right."""
    table = [[" ".join(text.split()) for text in row] for row in report.table()]
    widths = [max(shown_width(row[place]) for row in table) for place in range(len(table[0]))]
    lines = [*report.head, "", *report.title, ""]
    for row in table:
        cells = [text + " " * (width - shown_width(text)) for text, width in zip(row, widths, strict=True)]
        lines += ["   ".join(cells).rstrip()]
    return "\n".join(lines).encode()


def bordered_docx(report: Report) -> bytes:
    """A Word file whose tables have lines and wide enough columns, for LibreOffice to print."""
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    with zipfile.ZipFile(io.BytesIO(to_docx(report))) as archive:
        body = archive.read("word/document.xml").decode()
    body = body.partition("<w:body>")[2].rpartition("</w:body>")[0]
    lined = f'<w:tblPr><w:tblW w:w="9600" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
    return docx_of(body.replace("<w:tblPr/>", lined))


@dataclass(frozen=True)
class WrittenFormat:
    """File name, function that writes a report, and other code than the reader's that opens a location."""

    file_name: str
    write: Callable[[Report], bytes]
    reopen: Callable[[bytes], Callable[[str], str]] | None = None


FILE_FORMATS: dict[str, WrittenFormat] = {
    "docx": WrittenFormat("report.docx", to_docx, reopening.reopen_docx),
    "xlsx": WrittenFormat("report.xlsx", to_xlsx, reopening.reopen_xlsx),
    "ods": WrittenFormat("report.ods", to_ods, reopening.reopen_with_calamine),
    "xls": WrittenFormat("report.xls", to_xls, reopening.reopen_with_calamine),
    "txt": WrittenFormat("report.txt", to_txt, reopening.reopen_txt),
    "md": WrittenFormat("report.md", to_markdown, reopening.reopen_markdown),
    "aligned": WrittenFormat("report.txt", to_aligned, reopening.reopen_aligned),
    "json": WrittenFormat("report.json", to_json, reopening.reopen_json),
    "pdf": WrittenFormat("report.pdf", to_pdf),
    "unruled": WrittenFormat("report.pdf", to_unruled_pdf),
}
