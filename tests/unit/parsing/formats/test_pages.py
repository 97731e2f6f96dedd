"""File formats of other programs' making: PDF with and without lines, aligned text, Markdown, ods, xls, doc, scans."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from etl.decimals import format_decimal
from etl.errors import UnreadableFile
from etl.observations import ReportContent
from etl.parsing import read
from etl.parsing.formats import doc
from tests.needs import needs, program
from tests.unit.parsing import file_formats
from tests.unit.parsing.rendering import CATALOGUE, Report, long_phu, to_txt
from tests.unit.parsing.reopening import REOPENERS, reopen_docx, words_by_poppler, words_in_box

FILES = Path(__file__).parent / "files"
# Name of the file by file format, and what writes it.
RENDERERS = {
    "xls": ("report.xls", file_formats.to_xls),
    "ods": ("report.ods", file_formats.to_ods),
    "md": ("report.md", file_formats.to_markdown),
    "aligned": ("report.txt", file_formats.to_aligned),
    "pdf": ("report.pdf", file_formats.to_pdf),
    "unruled": ("report.pdf", file_formats.to_unruled_pdf),
}


def read_as(file_format: str, report: Report) -> tuple[bytes, ReportContent]:
    name, render = RENDERERS[file_format]
    content = render(report)
    return content, read(name, content, CATALOGUE)


def facts(content: ReportContent) -> list[tuple[str, ...]]:
    """What a report says, blanks aside: a page breaks lines where it likes."""
    said = [
        (
            row.reform_area,
            row.item,
            row.indicator_code,
            row.label,
            row.unit,
            format_decimal(row.value),
            row.note,
            row.status,
        )
        for row in content.rows
    ]
    return [tuple("".join(text.split()) for text in row) for row in said]


def expected(report: Report) -> ReportContent:
    return read("report.txt", to_txt(report), CATALOGUE)


@pytest.mark.parametrize("file_format", sorted(RENDERERS))
def test_every_file_format_gives_the_facts_of_plain_text(file_format: str) -> None:
    _, content = read_as(file_format, long_phu())
    assert facts(content) == facts(expected(long_phu()))
    assert content.head == expected(long_phu()).head
    assert content.findings == ()


@pytest.mark.parametrize("file_format", sorted(REOPENERS.keys() & RENDERERS))
def test_every_location_re_opens_to_the_raw_text(file_format: str) -> None:
    content, found = read_as(file_format, long_phu())
    at = REOPENERS[file_format](content)
    assert [row.raw_value for row in found.rows] == [at(row.location) for row in found.rows]


@pytest.mark.parametrize("file_format", ["pdf", "unruled", "long_phu.pdf"])
def test_the_words_in_a_cells_box_are_its_raw_text(file_format: str) -> None:
    if file_format in RENDERERS:
        content, found = read_as(file_format, long_phu())
    else:
        content = (FILES / file_format).read_bytes()
        found = read(file_format, content, CATALOGUE)
    for row in found.rows:
        page = re.fullmatch(r"page\[(\d+)]/table\[\d+]/row\[\d+]/col\[\d+]", row.location)
        assert page is not None
        assert words_in_box(content, int(page[1]), row.box) == row.raw_value


@needs("pdftotext")
def test_another_program_finds_the_same_words_in_the_boxes() -> None:
    path = FILES / "long_phu.pdf"
    rows = [row for row in read(path.name, path.read_bytes(), CATALOGUE).rows if row.status == "reported"]
    for row in rows[::7]:
        page = int(re.findall(r"\d+", row.location)[0])
        assert words_by_poppler(program("pdftotext"), str(path), page, row.box) == row.raw_value


def test_a_pdf_of_libreoffice_gives_the_same_facts() -> None:
    """Printed by LibreOffice over 17 pages, rows cut in two at their ends."""
    content = read("long_phu.pdf", (FILES / "long_phu.pdf").read_bytes(), CATALOGUE)
    assert facts(content) == facts(expected(long_phu()))
    assert content.findings == ()


def test_a_row_cut_at_the_end_of_a_page_is_one_row() -> None:
    whole = read("a.pdf", file_formats.to_pdf(long_phu(breaks=frozenset()), cut=False), CATALOGUE)
    cut = read("a.pdf", file_formats.to_pdf(long_phu(breaks=frozenset()), cut=True), CATALOGUE)
    assert facts(whole) == facts(cut) == facts(expected(long_phu()))


@needs("soffice")
def test_a_legacy_document_is_read_in_the_docx_that_is_kept() -> None:
    found = read("long_phu.doc", (FILES / "long_phu.doc").read_bytes(), CATALOGUE)
    assert facts(found) == facts(expected(long_phu()))
    at = reopen_docx(found.converted)
    assert [row.raw_value for row in found.rows] == [at(row.location) for row in found.rows]


def test_a_legacy_document_without_libreoffice_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc.shutil, "which", lambda name: None)
    with pytest.raises(UnreadableFile, match=r"Save the report as \.docx") as caught:
        read("long_phu.doc", (FILES / "long_phu.doc").read_bytes(), CATALOGUE)
    assert caught.value.rule == "file_needs_converter"


def test_an_unruled_page_of_words_that_are_no_known_labels_gives_no_figure_to_another_row() -> None:
    report = long_phu()
    lines = list(report.lines)
    for number in range(0, len(lines), 9):
        lines[number] = replace(lines[number], label=lines[number].label[::-1])
    _, found = read_as("unruled", long_phu(lines=tuple(lines)))
    right = {row.indicator_code: row.value for row in expected(report).rows}
    assert [
        row for row in found.rows if row.indicator_code and row.value not in (right[row.indicator_code], None)
    ] == []
