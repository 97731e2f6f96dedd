"""PDF files: PDFium reads words and ruled lines (pdf_worker.py); pages without text go through OCR (ocr.py)."""

from __future__ import annotations

from typing import Any

from etl.parsing.formats.child_process import ProcessLimits, read_in_worker
from etl.parsing.formats.grid import Document, Grid, TextLine
from etl.parsing.formats.page_words import Page, PageWord, RuledLine, drop_page_number, group_lines, read_paragraphs
from etl.parsing.formats.ruled_tables import find_ruled_tables, take_words, to_grid
from etl.parsing.formats.unruled_tables import TableFinder, take_unruled_tables

MAX_PAGES = 200


def _page(number: int, fields: dict[str, Any]) -> Page:
    for name, record in (("words", PageWord), ("horizontal", RuledLine), ("vertical", RuledLine)):
        fields[name] = [record(*values) for values in fields[name]]
    return Page(number, **fields)


def _blocks(page: Page, finder: TableFinder) -> list[TextLine | Grid]:
    """The paragraphs and tables of a page from top to bottom."""
    words, tables = page.words, []
    for table in find_ruled_tables(page):
        inside, words = take_words(table, words)
        if inside:
            tables.append((table, inside))
    tables.sort(key=lambda pair: (pair[0].rows[0], pair[0].columns[0]))
    blocks: list[tuple[float, TextLine | Grid]] = [
        (table.rows[0], to_grid(table, inside, f"page[{page.number}]/table[{number}]"))
        for number, (table, inside) in enumerate(tables, 1)
    ]
    if tables:
        finder.end_table()
    lines = drop_page_number(group_lines(words), page.number)
    grids, lines = take_unruled_tables(finder, lines, page.number, len(tables))
    blocks += grids
    for number, (top, text) in enumerate(read_paragraphs(lines), 1):
        blocks.append((top, TextLine(text, f"page[{page.number}]/paragraph[{number}]")))
    return [block for _, block in sorted(blocks, key=lambda block: block[0])]


def read(content: bytes, limits: ProcessLimits) -> Document:
    """The paragraphs and tables of a PDF. Cells have their box; those from OCR have their confidence too."""
    document, finder = Document(), TableFinder()
    for number, fields in enumerate(read_in_worker("pdf_worker.py", [MAX_PAGES], content, limits), 1):
        page = _page(number, fields)
        if page.is_scan:
            from etl.parsing.formats.ocr import recognise_page

            page = recognise_page(content, number, page.width, page.height)
            document.is_recognised = True
        document.blocks += _blocks(page, finder)
    return document
