"""PDF files: PDFium gives words and ruled lines (pdf_worker.py); pages without text are recognised (ocr.py)."""

from __future__ import annotations

import json
from typing import Any

from etl.errors import UnreadableFile
from etl.parsing.formats.child_process import ChildFailed, run_python
from etl.parsing.formats.container import damaged, too_large
from etl.parsing.formats.grid import Document, Grid, Line
from etl.parsing.formats.page_words import Page, Word, lines_of, paragraphs, without_page_number
from etl.parsing.formats.ruled_tables import grid_of, tables_of, take
from etl.parsing.formats.unruled_tables import UnruledTables

MAX_PAGES = 200
SECONDS = 30
MEGABYTES = 2_048
# A page with fewer visible letters than this, of which pictures cover this share, is a scan.
_FEW_LETTERS = 20
_PICTURE_SHARE = 0.4


def _pages(content: bytes) -> list[dict[str, Any]]:
    try:
        output = run_python("pdf_worker.py", [str(MAX_PAGES)], content, seconds=SECONDS, megabytes=MEGABYTES)
    except ChildFailed as error:
        raise damaged("The PDF cannot be opened") from error
    found = json.loads(output)
    if found == "encrypted":
        raise UnreadableFile("file_encrypted", "The PDF is protected by a password", "Remove the password")
    if found == "too_many_pages":
        raise too_large(f"The PDF has more than {MAX_PAGES} pages")
    if found == "too_many_words":
        raise too_large("The PDF has more words and lines than any report")
    if not isinstance(found, list):
        raise damaged("The file is no PDF")
    return found


def _is_scan(page: dict[str, Any]) -> bool:
    """Whether the page shows a picture, or letters of which the file does not tell what they mean."""
    letters = sum(len(word[0].replace("\ufffd", "")) for word in page["words"])
    if letters >= _FEW_LETTERS and page["unseen"] < letters:
        return False
    return bool(page["picture"] >= _PICTURE_SHARE or page["unseen"] > 0)


def _page(number: int, found: dict[str, Any]) -> Page:
    page = Page(number, found["width"], found["height"])
    page.words = [Word(*word) for word in found["words"]]
    page.horizontal = [(place, start, end) for place, start, end in found["horizontal"]]
    page.vertical = [(place, start, end) for place, start, end in found["vertical"]]
    return page


def _blocks(page: Page, unruled: UnruledTables) -> list[tuple[float, str | Grid]]:
    """The paragraphs and tables of a page, each with where it begins."""
    words, found = page.words, []
    for table in tables_of(page):
        inside, words = take(table, words)
        if inside:
            found.append((table, inside))
    found.sort(key=lambda pair: (pair[0].rows[0], pair[0].columns[0]))
    blocks: list[tuple[float, str | Grid]] = []
    for number, (table, inside) in enumerate(found, 1):
        blocks.append((table.rows[0], grid_of(table, inside, f"page[{page.number}]/table[{number}]")))
    if found:
        unruled.forget()
    grids, rest = unruled.find(without_page_number(lines_of(words), page.number), page.number, len(found))
    blocks += grids
    for number, (top, text) in enumerate(paragraphs(rest), 1):
        blocks.append((top, Line(text, f"page[{page.number}]/paragraph[{number}]")))
    return sorted(blocks, key=lambda block: block[0])


def read_pdf(content: bytes) -> Document:
    """The paragraphs and tables of a PDF, page by page; a cell keeps its box, a recognised one its confidence."""
    document, unruled = Document(), UnruledTables()
    for number, found in enumerate(_pages(content), 1):
        if _is_scan(found):
            from etl.parsing.formats.ocr import recognised

            page = recognised(content, number, (found["width"], found["height"]))
            document.is_recognised = True
        else:
            page = _page(number, found)
        document.blocks += [block for _, block in _blocks(page, unruled)]
    return document
