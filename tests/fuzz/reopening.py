"""Opens a location of a damaged file again with the standard library, by none of the reader's code.

The libraries of tests/unit/parsing/reopening.py refuse most mutants. xls files are opened by calamine.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, ClassVar
from xml.etree import ElementTree

from lxml import etree

from tests.unit.parsing.file_formats import FILE_FORMATS

At = Callable[[str], str]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _shortest(stored: str) -> str:
    """The shortest decimal of a stored number; the text itself if it is not a number or longer than any value."""
    try:
        number = Decimal(repr(float(stored)))
    except (ArithmeticError, ValueError):
        return stored.strip()
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return stored.strip()
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _xml(content: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        part = packed.read(name)
    try:
        return ElementTree.fromstring(part)  # noqa: S314
    except ElementTree.ParseError:  # expat knows fewer letters in names than libxml2
        return etree.fromstring(part)


class _Word:
    """Rows and cells of a table, through what may wrap them; the text of a cell, without that of a table inside it."""

    _UNSEEN: ClassVar = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}rPr", f"{_W}pPr", f"{_W}sdtPr"))
    _MARKS: ClassVar = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    _STOPS: ClassVar = (f"{_W}tbl", f"{_W}p", f"{_W}trPr", f"{_W}tcPr", f"{_W}t", *_MARKS)

    def __init__(self, content: bytes) -> None:
        root = _xml(content, "word/document.xml")
        self._tables = list(root.iter(f"{_W}tbl"))

    def _own(self, element: Any, tag: str) -> Iterator[Any]:
        """The elements with a tag below an element, without those inside another paragraph, table or property."""
        for child in element:
            if child.tag in self._UNSEEN:
                continue
            if child.tag == tag:
                yield child
            elif child.tag not in self._STOPS:
                yield from self._own(child, tag)

    def _text(self, element: Any, *, is_in_paragraph: bool = False) -> Iterator[str]:
        for child in element:
            if child.tag == f"{_W}t":
                yield child.text or "" if is_in_paragraph else ""
            elif child.tag in self._MARKS:
                yield self._MARKS[child.tag]
            elif child.tag == f"{_W}p":
                yield from ("\n", *self._text(child, is_in_paragraph=True)) if not is_in_paragraph else ()
            elif child.tag not in self._UNSEEN and child.tag not in (f"{_W}tbl", f"{_W}txbxContent"):
                yield from self._text(child, is_in_paragraph=is_in_paragraph)

    def at(self, location: str) -> str:
        table, row, column = map(int, re.findall(r"\[(\d+)]", location))
        line = list(self._own(self._tables[table - 1], f"{_W}tr"))[row - 1]
        before = line.find(f"{_W}trPr/{_W}gridBefore")
        place = int(before.get(f"{_W}val", "0")) if before is not None else 0
        for cell in self._own(line, f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            place += max(int(span.get(f"{_W}val", "1")), 1) if span is not None else 1
            if place >= column:
                return "".join(self._text(cell)).strip()
        return ""


def _letters(column: int) -> str:
    return "" if not column else _letters((column - 1) // 26) + chr(65 + (column - 1) % 26)


class _Workbook:
    _RUNS: ClassVar = (f"{_S}r", f"{_S}is")

    def __init__(self, content: bytes) -> None:
        self._content = content
        names = {
            relation.get("Id"): relation.get("Target", "") for relation in _xml(content, "xl/_rels/workbook.xml.rels")
        }
        self._sheets = {
            sheet.get("name", ""): posixpath.normpath(posixpath.join("/xl", names.get(sheet.get(_RELATION), "")))[1:]
            for sheet in _xml(content, "xl/workbook.xml").iter(f"{_S}sheet")
        }
        self._cells: dict[str, dict[str, Any]] = {}

    @staticmethod
    def _placed(sheet: Any) -> Iterator[tuple[str, Any]]:
        """The cells with their references; one without a reference follows the previous one."""
        number = 0
        for row in sheet.findall(f"{_S}sheetData/{_S}row"):
            number, column = int(row.get("r") or number + 1), 0
            for cell in row.findall(f"{_S}c"):
                letters = re.sub(r"\d", "", cell.get("r", ""))
                column = sum((ord(one) - 64) * 26**place for place, one in enumerate(reversed(letters))) or column + 1
                yield f"{_letters(column)}{number}", cell

    def _rich(self, item: Any) -> str:
        return "".join(self._runs(item)).strip()

    def _runs(self, item: Any) -> Iterator[str]:
        for child in item:
            if child.tag == f"{_S}t":
                yield child.text or ""
            elif child.tag in self._RUNS:
                yield from self._runs(child)

    def at(self, location: str) -> str:
        name, _, address = location.rpartition("!")
        if name not in self._cells:
            self._cells[name] = dict(self._placed(_xml(self._content, self._sheets[name])))
        cell = self._cells[name].get(address)
        if cell is None:
            return ""
        said = (part for part in cell if part.tag == f"{_S}is" or (part.tag == f"{_S}v" and part.text))
        stored, kind = next(said, None), cell.get("t", "n")
        if stored is None:
            return ""
        if stored.tag == f"{_S}is":
            return _shortest(self._rich(stored)) if kind == "n" else self._rich(stored)
        if kind == "s":
            strings = list(_xml(self._content, "xl/sharedStrings.xml").iter(f"{_S}si"))
            return self._rich(strings[int(stored.text)])
        return _shortest(stored.text) if kind == "n" else stored.text.strip()


class _Calc:
    def __init__(self, content: bytes) -> None:
        self._sheets = {
            table.get(f"{_TABLE}name", ""): table for table in _xml(content, "content.xml").iter(f"{_TABLE}table")
        }

    def _text(self, element: Any) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            if child.tag == f"{_TEXT}s":
                yield " " * int(child.get(f"{_TEXT}c", "1"))
            elif child.tag != f"{_OFFICE}annotation":
                yield {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}.get(child.tag) or "".join(self._text(child))
            yield child.tail or ""

    def at(self, location: str) -> str:
        name, letters, row = re.fullmatch(r"(.*)!([A-Z]+)(\d+)", location, re.DOTALL).groups()  # type: ignore[union-attr]
        column = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))
        left = int(row)
        for line in self._sheets[name].iter(f"{_TABLE}table-row"):
            left -= int(line.get(f"{_TABLE}number-rows-repeated", "1"))
            if left <= 0:
                break
        else:
            return ""
        for cell in line:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                column -= int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                if column <= 0:
                    break
        else:
            return ""
        kind = cell.get(f"{_OFFICE}value-type", "")
        text = "\n".join("".join(self._text(one)) for one in cell.findall(f"{_TEXT}p")).strip()
        return _shortest(cell.get(f"{_OFFICE}value", text)) if kind in ("float", "currency", "percentage") else text


class _Text:
    """Fields between tabs or bars. For aligned text, the whole line, which must contain the field."""

    def __init__(self, content: bytes) -> None:
        code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self._lines = re.split(r"\r\n|\r|\n", content.decode(code))

    def at(self, location: str) -> str:
        row, column = map(int, re.findall(r"\d+", location))
        line = self._lines[row - 1]
        if "\t" in line or line.strip().startswith("|"):
            fields = line.split("\t") if "\t" in line else line.strip()[1:-1].split("|")
            return fields[column - 1].strip() if column <= len(fields) else ""
        return _Piece(" ".join(line.split()))


class _Piece(str):
    """A text that is equal to any part of it: only the reader defines the columns of aligned text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return " ".join(str(other).split()) in str(self)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class _Json:
    def __init__(self, content: bytes) -> None:
        self._root = json.loads(content, parse_float=_Stored, parse_int=_Stored)

    def at(self, location: str) -> str:
        value = self._root
        for step in location.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            value = (value[int(key)] if int(key) < len(value) else None) if isinstance(value, list) else value.get(key)
        if isinstance(value, _Stored):
            return _shortest(value)
        return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value).strip()


class _Stored(str):
    __slots__ = ()


class _Legacy:
    def __init__(self, content: bytes) -> None:
        import python_calamine

        self._book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))

    def at(self, location: str) -> str:
        name, letters, row = re.fullmatch(r"(.*)!([A-Z]+)(\d+)", location, re.DOTALL).groups()  # type: ignore[union-attr]
        column = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))
        rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = rows[int(row) - 1] if int(row) <= len(rows) else []
        value = cells[column - 1] if column <= len(cells) else ""
        return _shortest(repr(value)) if isinstance(value, float) else str(value).strip()


_OPEN: dict[str, Callable[[bytes], Any]] = {
    "docx": _Word,
    "xlsx": _Workbook,
    "ods": _Calc,
    "txt": _Text,
    "md": _Text,
    "aligned": _Text,
    "json": _Json,
    "xls": _Legacy,
}


def open_again(file_format: str, content: bytes) -> At | None:
    """What gives the text at a location of a file; None for pages, whose cells have a box instead."""
    if file_format in _OPEN:
        at: At = _OPEN[file_format](content).at
        return at
    reopen = FILE_FORMATS[file_format].reopen
    return reopen(content) if reopen else None
