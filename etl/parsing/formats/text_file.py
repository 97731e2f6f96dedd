"""Text files: tables of tab-separated, Markdown or space-aligned lines between lines of running text."""

from __future__ import annotations

import re
import unicodedata

from etl.errors import UnreadableFile
from etl.parsing.formats.container import MAX_PART_BYTES, damaged, too_large
from etl.parsing.formats.grid import MAX_COLUMNS, Cell, Document, Grid, Row, TextLine
from etl.parsing.formats.page_words import TextSpan
from etl.parsing.formats.unruled_tables import TableFinder, split_by_column

_MARKDOWN_RULE = re.compile(r"^[\s|:+-]+$")
_WIDE_GAP = re.compile(r"\s{2,}")
_SPAN = re.compile(r"\S+(?:\s\S+)*")
_MIN_GAP = 2
_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_MAX_LINES = 60_000


def _locate(row: int, column: int) -> str:
    return f"line[{row}]/col[{column}]"


def _decode(content: bytes) -> str:
    encoding = next((name for mark, name in _ENCODINGS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise damaged("The text is not UTF-8") from error
    if "\0" in text:
        raise UnreadableFile("file_type_unknown", "The file is not text", "Save the report as .docx or .xlsx", ".txt")
    return text


def _fields(line: str) -> list[str] | None:
    """The fields of a tab-separated or Markdown line; None for any other line."""
    if "\t" in line:
        return line.split("\t", MAX_COLUMNS)
    stripped = line.strip()
    if stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") > 2:
        return stripped[1:-1].split("|")
    return None


def _row(number: int, texts: list[str]) -> Row:
    return Row(number, [Cell(text.strip(), number, column) for column, text in enumerate(texts[:MAX_COLUMNS], 1)])


def _width(text: str) -> int:
    """The number of columns that a text takes on a screen: combining marks take none."""
    return len(text) if text.isascii() else sum(not unicodedata.combining(letter) for letter in text)


def _spans(line: str) -> list[TextSpan]:
    """The parts of a line between two or more spaces."""
    spans, left, end = [], 0, 0
    for match in _SPAN.finditer(line):
        left += _width(line[end : match.start()])
        spans.append(TextSpan(match[0], left, left + _width(match[0])))
        left, end = left + _width(match[0]), match.end()
    return spans


class _TextReader:
    def __init__(self) -> None:
        self.document = Document()
        self._finder = TableFinder()
        self._grid: Grid | None = None  # of the delimited lines just before
        self._undelimited: list[tuple[int, str]] = []  # number and text of lines that are not yet in the document

    def add(self, number: int, line: str) -> None:
        fields = _fields(line)
        if fields is None:
            self._grid = None
            if "\f" in line:
                self.flush(is_page_end=True)
            if line.replace("\f", "").strip():
                self._undelimited.append((number, line.replace("\f", "").rstrip()))
        elif self._grid is None and not _MARKDOWN_RULE.match(line):
            self.flush()
            self._grid = Grid(_locate, [_row(number, fields)])
            self.document.blocks.append(self._grid)
        elif self._grid is not None and ("\t" in line or not _MARKDOWN_RULE.match(line)):
            self._grid.rows.append(_row(number, fields))

    def flush(self, *, is_page_end: bool = False) -> None:
        """Add the undelimited lines to the document. At the end of a page, a table may continue on the next one."""
        lines, self._undelimited = self._undelimited, []
        if not any(_WIDE_GAP.search(line.strip()) for _, line in lines):
            self._add_text(lines)
            return
        spans = [_spans(line) for _, line in lines]
        end = 0
        for region in self._finder.find(spans, _MIN_GAP):
            self._add_text(lines[end : region.first])
            end = region.end
            grid = Grid(_locate, flow="lines")
            for (number, _), line in zip(lines[region.first : end], spans[region.first : end], strict=True):
                cells = split_by_column(line, region.columns)
                grid.rows.append(_row(number, [" ".join(span.text for span in cell) for cell in cells]))
            self.document.blocks.append(grid)
        self._add_text(lines[end:])
        if not is_page_end:
            self._finder.end_table()

    def _add_text(self, lines: list[tuple[int, str]]) -> None:
        self.document.blocks += [TextLine(line.strip(), f"line[{number}]") for number, line in lines]


def read(content: bytes) -> Document:
    """The lines of a text file. A location is the line and the column of its table, both from 1."""
    if len(content) > MAX_PART_BYTES:
        raise too_large(f"The text has {len(content) // 2**20} MB")
    lines = _decode(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > _MAX_LINES:
        raise too_large(f"The text has {len(lines)} lines")
    reader = _TextReader()
    for number, line in enumerate(lines, 1):
        reader.add(number, line)
    reader.flush()
    return reader.document
