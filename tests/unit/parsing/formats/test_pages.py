"""PDFs with and without ruled lines, and legacy Word files: boxes of cells, page breaks, files of LibreOffice."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from etl.errors import UnreadableFile
from etl.observations import ReportContent
from etl.parsing import read
from etl.parsing.formats import doc
from tests.needs import needs, program
from tests.unit.parsing.formats.test_registry import facts
from tests.unit.parsing.pdf_writer import to_pdf, to_unruled_pdf
from tests.unit.parsing.rendering import CATALOGUE, Report, long_phu, to_txt
from tests.unit.parsing.reopening import reopen_docx, words_by_poppler, words_in_box

FILES = Path(__file__).parent / "files"
PDFS = {
    "ruled": lambda: to_pdf(long_phu()),
    "unruled": lambda: to_unruled_pdf(long_phu()),
    "LibreOffice": (FILES / "long_phu.pdf").read_bytes,
}


def expected(report: Report) -> ReportContent:
    return read("report.txt", to_txt(report), CATALOGUE)


@pytest.mark.parametrize("name", PDFS)
def test_the_words_in_the_box_of_a_cell_are_its_raw_text(name: str) -> None:
    content = PDFS[name]()
    for row in read("report.pdf", content, CATALOGUE).rows:
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
    """LibreOffice printed it on 17 pages and split rows at their ends."""
    content = read("long_phu.pdf", (FILES / "long_phu.pdf").read_bytes(), CATALOGUE)
    assert facts(content) == facts(expected(long_phu()))
    assert content.findings == ()


def test_a_row_split_by_a_page_break_is_one_row() -> None:
    unbroken = long_phu(breaks=frozenset())
    whole, split = (read("report.pdf", to_pdf(unbroken, cut=cut), CATALOGUE) for cut in (False, True))
    assert facts(whole) == facts(split) == facts(expected(long_phu()))


@needs("soffice")
def test_a_legacy_document_is_read_from_the_docx_that_is_kept() -> None:
    report = read("long_phu.doc", (FILES / "long_phu.doc").read_bytes(), CATALOGUE)
    assert facts(report) == facts(expected(long_phu()))
    text_at = reopen_docx(report.converted)
    assert [row.raw_value for row in report.rows] == [text_at(row.location) for row in report.rows]


def test_a_legacy_document_without_libreoffice_is_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc.shutil, "which", lambda name: None)
    with pytest.raises(UnreadableFile, match=r"Save the report as \.docx") as caught:
        read("long_phu.doc", (FILES / "long_phu.doc").read_bytes(), CATALOGUE)
    assert caught.value.rule == "file_needs_converter"


def test_unknown_labels_on_an_unruled_page_give_no_value_to_another_row() -> None:
    report = long_phu()
    lines = list(report.lines)
    for number in range(0, len(lines), 9):
        lines[number] = replace(lines[number], label=lines[number].label[::-1])
    rows = read("report.pdf", to_unruled_pdf(long_phu(lines=tuple(lines))), CATALOGUE).rows
    values = {row.indicator_code: row.value for row in expected(report).rows}
    assert [row for row in rows if row.indicator_code and row.value not in (values[row.indicator_code], None)] == []
