"""Files that no program writes so, but that came: what is read of them stands where it is said to stand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from etl.errors import UnreadableFile
from etl.observations import Observation
from etl.parsing import read
from tests.unit.parsing import file_formats
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
        lambda text: text.replace('<row r="20"', '<row r="19"'),  # twice
        lambda text: text.replace('<row r="20"', '<row r="7"'),  # out of its order
        lambda text: text.replace('<row r="20"', '<row r="x"'),
        lambda text: text.replace('r="B20"', 'r="C20"'),  # a cell twice
        lambda text: text.replace('r="B20"', 'r="B21"'),  # a cell of another row
    ],
)
def test_an_address_that_would_mean_two_cells_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("a.xlsx", sheet(change), CATALOGUE)
    assert caught.value.rule == "file_damaged"


def test_two_sheets_of_one_name_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(file_formats.to_ods(long_phu()))) as packed:
        table = packed.read("content.xml").decode().partition("<table:table ")[2].partition("</table:table>")[0]
    twice = f"</table:table><table:table {table}</table:table>"
    ods = changed(file_formats.to_ods(long_phu()), "content.xml", lambda text: text.replace("</table:table>", twice))
    entry = '<sheet name="Phụ lục" sheetId="9" xmlns:r="x" r:id="rId1"/></sheets>'
    xlsx = changed(to_xlsx(long_phu()), "xl/workbook.xml", lambda text: text.replace("</sheets>", entry))
    for name, content in (("a.ods", ods), ("a.xlsx", xlsx)):
        with pytest.raises(UnreadableFile, match="Two sheets are named"):
            read(name, content, CATALOGUE)


def test_of_several_values_of_a_cell_the_first_is_read() -> None:
    content = sheet(lambda text: text.replace("<v>24</v>", "<v>24</v><v>77</v>"))
    assert row_of("a.xlsx", content).value == 24


def test_text_beside_the_paragraphs_of_a_cell_is_not_joined_to_its_figure() -> None:
    figure = '<w:p><w:r><w:t xml:space="preserve">24</w:t></w:r></w:p>'
    beside = f"{figure}<w:r><w:t>7</w:t></w:r>"
    content = changed(to_docx(long_phu()), "word/document.xml", lambda text: text.replace(figure, beside))
    assert row_of("a.docx", content).value == 24


def two_value_columns(first: str, second: str) -> bytes:
    """A text with two columns that may hold the figure."""
    lines = [*long_phu().head, *long_phu().title, "STT\tChỉ tiêu\tĐơn vị tính\tSố lượng\tTỷ lệ\tGhi chú"]
    lines += ["\t".join((*line.cells()[:3], first, second, line.note)) for line in real_lines()]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(("first", "second", "column"), [("-", "5", 5), ("5", "-", 4), ("", "5", 5)])
def test_the_place_of_a_figure_is_its_own_where_a_dash_stands_in_another_column(
    first: str, second: str, column: int
) -> None:
    row = row_of("a.txt", two_value_columns(first, second))
    assert (row.raw_value, row.value) == ("5", 5)
    assert row.location.endswith(f"/col[{column}]")


def test_what_a_cell_says_is_kept_where_the_figure_slipped_into_the_unit() -> None:
    lines = [replace(line, unit="12", value="Văn bản số ...") if line.value == "24" else line for line in real_lines()]
    row = row_of("a.txt", to_txt(long_phu(lines=tuple(lines))))
    assert (row.status, row.raw_value, row.decision) == ("undecidable", "Văn bản số ...", "open")


def pdf(change: Callable[[file_formats.Pdf], None]) -> bytes:
    """A ruled page of one row of the appendix, and what else is put on it."""
    page = file_formats.Pdf()
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


def test_a_letter_without_meaning_is_not_left_out_of_a_figure() -> None:
    """24 with a letter between of which the file does not say what it means is not 24."""

    def put(page: file_formats.Pdf) -> None:
        page.write(3000, 10, "\u0007")
        code = page._code("\u0007")
        del page._codes["\u0007"]
        two, four = page._code("2"), page._code("4")
        page._pages[-1] = [line.replace(f"<{two}{four}>", f"<{two}{code}{four}>") for line in page._pages[-1]]

    rows = read("a.pdf", pdf(put), CATALOGUE).rows
    assert 24 in {row.value for row in read("a.pdf", pdf(lambda _: None), CATALOGUE).rows}
    assert 24 not in {row.value for row in rows}
    assert any(row.raw_value == "2\ufffd4" and row.status == "undecidable" for row in rows)


def test_what_stands_beside_the_paper_is_not_read() -> None:
    content = read("a.pdf", pdf(lambda page: page.write(700, 94, "999")), CATALOGUE)
    assert "999" not in repr(content)


@pytest.mark.parametrize("lines_before", range(3))
def test_a_header_of_two_lines_may_be_cut_by_the_end_of_a_page(lines_before: int) -> None:
    """Whichever row the header stands before, it is cut somewhere: the columns stay what both its lines say."""
    breaks = frozenset(range(lines_before, 181, 3))
    report: Report = long_phu(breaks=breaks)
    found = read("a.pdf", file_formats.to_pdf(report), CATALOGUE)
    whole = read("a.txt", to_txt(report), CATALOGUE)
    assert [row.value for row in found.rows] == [row.value for row in whole.rows]
    assert found.findings == ()


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (1, 0, 3, 2, 4)])
def test_aligned_columns_are_found_though_no_note_stands_under_its_header(order: tuple[int, ...]) -> None:
    lines = tuple(replace(line, note="") for line in real_lines())
    report = long_phu(lines=lines, headers=ONE_HEADER, order=order, breaks=frozenset())
    found = read("a.txt", file_formats.to_aligned(report), CATALOGUE)
    assert [row.value for row in found.rows] == [row.value for row in read("b.txt", to_txt(report), CATALOGUE).rows]
