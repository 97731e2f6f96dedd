"""Text files: tab-separated, Markdown or space-aligned table lines between lines of running text."""

from __future__ import annotations

import re
import unicodedata

from etl.errors import UnreadableFile
from etl.parsing.formats.container import MAX_PART_BYTES, too_large
from etl.parsing.formats.grid import MAX_COLUMNS, Cell, Document, Grid, Line, Row
from etl.parsing.formats.unruled_tables import Column, Field, placed, stretches

_RULE = re.compile(r"^[\s|:+-]+$")
_WIDE_BLANK = re.compile(r"\s{2,}")
_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_MIN_BLANK = 2
_LETTERS_WIDE = 1.0
_MAX_LINES = 60_000


def _locate(row: int, column: int) -> str:
    return f"line[{row}]/col[{column}]"


def _decode(content: bytes) -> str:
    encoding = next((name for mark, name in _ENCODINGS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile("file_damaged", "The text is not UTF-8", "Save it as UTF-8 text") from error
    if "\0" in text:
        raise UnreadableFile("file_type_unknown", "This is no text", "Save the report as .docx or .xlsx", ".txt")
    return text


def _fields(line: str) -> list[str] | None:
    """The fields of a table's line; None for running text."""
    if "\t" in line:
        return line.split("\t", MAX_COLUMNS)
    stripped = line.strip()
    if stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") > 2:
        return stripped[1:-1].split("|")
    return None


def _width(text: str) -> int:
    """How many places a text takes: marks above and below letters take none."""
    return len(text) if text.isascii() else sum(not unicodedata.combining(letter) for letter in text)


def _aligned_fields(line: str) -> list[Field]:
    """The pieces of a line between two or more blanks, with the places from where to where they run."""
    found, at, start = [], 0, 0
    for blank in [*_WIDE_BLANK.finditer(line), None]:
        end = blank.start() if blank is not None else len(line)
        text = line[start:end]
        if text.strip():
            inner = text.lstrip()
            left = at + _width(text) - _width(inner)
            found.append(Field(inner.rstrip(), left, left + _width(inner.rstrip()) * _LETTERS_WIDE))
        if blank is not None:
            at += _width(text) + len(blank[0])
            start = blank.end()
    return found


class _Aligned:
    """Lines without tabs and bars, waiting to be told apart into running text and tables."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines: list[tuple[int, str]] = []
        self._columns: list[Column] = []

    def add(self, number: int, line: str) -> None:
        if line.strip():
            self._lines.append((number, line.rstrip()))

    def flush(self, *, is_page_end: bool = False) -> None:
        """Hands the lines over to the document; at the end of a page a table may go on overleaf."""
        lines, self._lines = self._lines, []
        if not any(_WIDE_BLANK.search(line.strip()) for _, line in lines):
            self._document.blocks += map(_line, lines)
            return
        fields = [_aligned_fields(line) for _, line in lines]
        after = 0
        for stretch in stretches(fields, _MIN_BLANK, self._columns):
            self._document.blocks += map(_line, lines[after : stretch.first])
            grid = Grid(_locate, flow="lines")
            for index in range(stretch.first, stretch.end):
                grid.rows.append(_aligned_row(lines[index][0], fields[index], stretch.columns))
            self._document.blocks.append(grid)
            after, self._columns = stretch.end, stretch.columns
        self._document.blocks += map(_line, lines[after:])
        if not is_page_end:
            self._columns = []


def _line(numbered: tuple[int, str]) -> Line:
    return Line(numbered[1].strip(), f"line[{numbered[0]}]")


def _aligned_row(number: int, fields: list[Field], columns: list[Column]) -> Row:
    by_column = placed(fields, columns)
    texts = [" ".join(part.text for part in by_column.get(index, [])) for index in range(len(columns))]
    return Row(number, [Cell(text, number, column) for column, text in enumerate(texts, 1)])


def read_text(content: bytes) -> Document:
    """A document of the lines of a text file; a location is line and column of its table, both from 1."""
    if len(content) > MAX_PART_BYTES:
        raise too_large(f"The text has {len(content) // 2**20} MB")
    lines = _decode(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > _MAX_LINES:
        raise too_large(f"The text has {len(lines)} lines")
    document = Document()
    aligned = _Aligned(document)
    grid: Grid | None = None
    for number, line in enumerate(lines, 1):
        fields = _fields(line)
        if fields is None:
            grid = None
            if "\f" in line:
                aligned.flush(is_page_end=True)
            aligned.add(number, line.replace("\f", ""))
            continue
        if _RULE.match(line) and (grid is None or "\t" not in line):
            continue
        if grid is None:
            aligned.flush()
            grid = Grid(_locate)
            document.blocks.append(grid)
        cells = [Cell(text.strip(), number, column) for column, text in enumerate(fields[:MAX_COLUMNS], 1)]
        grid.rows.append(Row(number, [*cells]))
    aligned.flush()
    return document
