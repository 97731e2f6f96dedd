"""Files that no program writes but that arrived: each value that is read is at its location."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from etl.errors import UnreadableFile
from etl.observations import Observation
from etl.parsing import read
from tests.unit.parsing.file_formats import to_aligned, to_ods
from tests.unit.parsing.pdf_writer import Pdf, to_pdf
from tests.unit.parsing.rendering import CATALOGUE, Report, long_phu, real_lines, to_docx, to_txt, to_xlsx

CODE = "plan_tasks_assigned"
ONE_HEADER = (("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số lượng/Tỷ lệ", "Ghi chú"),)


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A zip file with one part changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert change(parts[part]) != parts[part]
    parts[part] = change(parts[part])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def sheet(change: Callable[[str], str]) -> bytes:
    return changed(to_xlsx(long_phu(), numbers=True), "xl/worksheets/sheet1.xml", change)


def row_of(name: str, content: bytes, code: str = CODE) -> Observation:
    return next(row for row in read(name, content, CATALOGUE).rows if row.indicator_code == code)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('<row r="20"', '<row r="19"'),  # repeated
        lambda text: text.replace('<row r="20"', '<row r="7"'),  # out of order
        lambda text: text.replace('<row r="20"', '<row r="x"'),
        lambda text: text.replace('r="B20"', 'r="C20"'),  # repeated cell
        lambda text: text.replace('r="B20"', 'r="B21"'),  # cell of another row
    ],
)
def test_a_location_that_would_mean_two_cells_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("a.xlsx", sheet(change), CATALOGUE)
    assert caught.value.rule == "file_damaged"


def test_two_sheets_of_one_name_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(to_ods(long_phu()))) as packed:
        table = packed.read("content.xml").decode().partition("<table:table ")[2].partition("</table:table>")[0]
    twice = f"</table:table><table:table {table}</table:table>"
    ods = changed(to_ods(long_phu()), "content.xml", lambda text: text.replace("</table:table>", twice))
    entry = '<sheet name="Phụ lục" sheetId="9" xmlns:r="x" r:id="rId1"/></sheets>'
    xlsx = changed(to_xlsx(long_phu()), "xl/workbook.xml", lambda text: text.replace("</sheets>", entry))
    for name, content in (("a.ods", ods), ("a.xlsx", xlsx)):
        with pytest.raises(UnreadableFile, match="Two sheets are named"):
            read(name, content, CATALOGUE)


def test_the_first_of_several_values_of_a_cell_is_read() -> None:
    content = sheet(lambda text: text.replace("<v>24</v>", "<v>24</v><v>77</v>"))
    assert row_of("a.xlsx", content).value == 24


def test_text_outside_the_paragraphs_of_a_cell_is_not_joined_to_its_value() -> None:
    figure = '<w:p><w:r><w:t xml:space="preserve">24</w:t></w:r></w:p>'
    beside = f"{figure}<w:r><w:t>7</w:t></w:r>"
    content = changed(to_docx(long_phu()), "word/document.xml", lambda text: text.replace(figure, beside))
    assert row_of("a.docx", content).value == 24


def two_value_columns(first: str, second: str) -> bytes:
    """A text with two columns that may hold the value."""
    lines = [*long_phu().head, *long_phu().title, "STT\tChỉ tiêu\tĐơn vị tính\tSố lượng\tTỷ lệ\tGhi chú"]
    lines += ["\t".join((*line.cells()[:3], first, second, line.note)) for line in real_lines()]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(("first", "second", "column"), [("-", "5", 5), ("5", "-", 4), ("", "5", 5)])
def test_the_location_of_a_value_is_its_own_if_another_column_has_a_dash(first: str, second: str, column: int) -> None:
    row = row_of("a.txt", two_value_columns(first, second))
    assert (row.raw_value, row.value) == ("5", 5)
    assert row.location.endswith(f"/col[{column}]")


def test_the_text_of_a_value_cell_is_kept_if_the_value_slipped_into_the_unit() -> None:
    lines = [replace(line, unit="12", value="Văn bản số ...") if line.value == "24" else line for line in real_lines()]
    row = row_of("a.txt", to_txt(long_phu(lines=tuple(lines))))
    assert (row.status, row.raw_value, row.decision) == ("undecidable", "Văn bản số ...", "open")


def pdf(change: Callable[[Pdf], None]) -> bytes:
    """A ruled page of one row of the appendix, and what else is put on it."""
    page = Pdf()
    edges = [40.0, 70.0, 250.0, 350.0, 430.0, 560.0]
    rows: Sequence[Sequence[str]] = [*ONE_HEADER, *(line.cells() for line in real_lines()[:30])]
    for number, cells in enumerate(rows):
        top = 40 + 24 * number
        page.line(edges[0], top, edges[-1], top)
        page.line(edges[0], top + 24, edges[-1], top + 24)
        for left, text in zip(edges, cells, strict=False):
            page.line(left, top, left, top + 24)
            page.write(left + 3, top + 14, text[: 36 if left == 70.0 else 14])
        page.line(edges[-1], top, edges[-1], top + 24)
    change(page)
    return page.saved()


def test_a_letter_without_unicode_value_is_not_left_out_of_a_value() -> None:
    """2 and 4 with an unknown letter between them are not 24."""

    def put(page: Pdf) -> None:
        page.write(3000, 10, "\u0007")
        code = page._code("\u0007")
        del page._codes["\u0007"]
        two, four = page._code("2"), page._code("4")
        page._pages[-1] = [line.replace(f"<{two}{four}>", f"<{two}{code}{four}>") for line in page._pages[-1]]

    rows = read("a.pdf", pdf(put), CATALOGUE).rows
    assert 24 in {row.value for row in read("a.pdf", pdf(lambda _: None), CATALOGUE).rows}
    assert 24 not in {row.value for row in rows}
    assert any(row.raw_value == "2\ufffd4" and row.status == "undecidable" for row in rows)


def test_text_outside_the_page_is_not_read() -> None:
    content = read("a.pdf", pdf(lambda page: page.write(700, 94, "999")), CATALOGUE)
    assert "999" not in repr(content)


@pytest.mark.parametrize("lines_before", range(3))
def test_a_header_of_two_lines_may_be_split_by_a_page_break(lines_before: int) -> None:
    """With a header before every third row one is split somewhere; both of its lines still name the columns."""
    breaks = frozenset(range(lines_before, 181, 3))
    report: Report = long_phu(breaks=breaks)
    found = read("a.pdf", to_pdf(report), CATALOGUE)
    whole = read("a.txt", to_txt(report), CATALOGUE)
    assert [row.value for row in found.rows] == [row.value for row in whole.rows]
    assert found.findings == ()


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (1, 0, 3, 2, 4)])
def test_an_aligned_column_with_nothing_but_a_header_is_found(order: tuple[int, ...]) -> None:
    lines = tuple(replace(line, note="") for line in real_lines())
    report = long_phu(lines=lines, headers=ONE_HEADER, order=order, breaks=frozenset())
    found = read("a.txt", to_aligned(report), CATALOGUE)
    assert [row.value for row in found.rows] == [row.value for row in read("b.txt", to_txt(report), CATALOGUE).rows]
