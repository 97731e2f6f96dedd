"""Opens a location by other code than the reader's: python-docx, openpyxl, splitting lines."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from decimal import Decimal


def reopen_txt(content: bytes) -> Callable[[str], str]:
    lines = content.decode().split("\n")

    def at(location: str) -> str:
        line, column = map(int, re.fullmatch(r"line\[(\d+)]/col\[(\d+)]", location).groups())  # type: ignore[union-attr]
        return lines[line - 1].split("\t")[column - 1].strip()

    return at


def reopen_docx(content: bytes) -> Callable[[str], str]:
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(content))
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tbl"
    rows = [
        [[cell.text.strip() for cell in row.cells] for row in Table(table, document).rows]
        for table in document.element.body.iter(name)
    ]

    def at(location: str) -> str:
        table, row, column = map(int, re.findall(r"\[(\d+)]", location))
        return rows[table - 1][row - 1][column - 1]

    return at


def reopen_xlsx(content: bytes) -> Callable[[str], str]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def at(location: str) -> str:
        sheet, _, cell = location.rpartition("!")
        value = book[sheet][cell].value
        if isinstance(value, float | int) and not isinstance(value, bool):
            text = format(Decimal(repr(value)), "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        return "" if value is None else str(value).strip()

    return at


def reopen_json(content: bytes) -> Callable[[str], str]:
    document = json.loads(content)

    def at(location: str) -> str:
        value = document
        for step in location.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        return str(value).strip()

    return at


def reopen_with_calamine(content: bytes) -> Callable[[str], str]:
    """Numbers as floats, so that only text cells and numbers without a format re-open as they stand."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))

    def at(location: str) -> str:
        sheet, letters, row = re.fullmatch(r"(.*)!([A-Z]+)(\d+)", location).groups()  # type: ignore[union-attr]
        column = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))
        value = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[int(row) - 1][column - 1]
        return str(value).removesuffix(".0").strip()

    return at


def reopen_markdown(content: bytes) -> Callable[[str], str]:
    lines = content.decode().split("\n")

    def at(location: str) -> str:
        line, column = map(int, re.findall(r"\d+", location))
        return lines[line - 1].strip().split("|")[column].strip()

    return at


def reopen_aligned(content: bytes) -> Callable[[str], str]:
    """Columns begin where the words of the nearest header above begin."""
    lines = content.decode().split("\n")

    def shown(line: str) -> list[str]:
        """The line's letters with their marks, one for each place."""
        return re.findall(r"[^\u0300-\u036f][\u0300-\u036f]*", line)

    def at(location: str) -> str:
        number, column = map(int, re.findall(r"\d+", location))
        header = next(index for index in range(number - 2, -1, -1) if "Số lượng/Tỷ lệ" in lines[index])
        starts = [place.start() for place in re.finditer(r"(?<=  )\S", f"  {lines[header - 1]}  ")]
        starts = sorted({*starts, *(place.start() for place in re.finditer(r"(?<=  )\S", f"  {lines[header]}"))})
        edges = [start - 2 for start in starts] + [10_000]
        return "".join(shown(lines[number - 1])[edges[column - 1] : edges[column]]).strip()

    return at


def words_in_box(content: bytes, page: int, box: str) -> str:
    """The words inside a box of a page, as PDFium's own search by place finds them."""
    import pypdfium2 as pdfium

    left, top, right, bottom = map(float, box.split(","))
    shown = pdfium.PdfDocument(content)[page - 1]
    height = shown.get_height()
    text = shown.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
    return " ".join(text.split())


def words_by_poppler(program: str, path: str, page: int, box: str) -> str:
    """The words inside a box of a page, by pdftotext, another program."""
    left, top, right, bottom = map(float, box.split(","))
    place = ["-x", left, "-y", top, "-W", right - left, "-H", bottom - top]
    command = [program, "-r", "72", "-f", page, "-l", page, *(round(x) if isinstance(x, float) else x for x in place)]
    result = subprocess.run([*map(str, command), path, "-"], capture_output=True, text=True, check=True)
    return " ".join(result.stdout.split())
