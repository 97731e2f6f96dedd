"""Excel notes are placed on their cells, and nothing else in the file changes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from etl.catalogue import load_catalogue
from etl.parsing import read
from etl.reports.excel import annotate
from etl.reports.package import NotAnnotatable
from etl.reports.remarks import AUTHOR, Remark
from etl.settings import PROJECT_ROOT
from tests.needs import needs
from tests.programs import convert

EXAMPLE = PROJECT_ROOT / "examples" / "drive" / "2021-Q1" / "944_my-tu_2021-Q1.xlsx"
SENTENCE = "Ô Phụ lục!D72: “Tỷ lệ” ghi 96.5 % < 100 % & cần sửa."
AUTHOR_LINE = f"{AUTHOR}:\n"


def as_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*names: str) -> Workbook:
    """Return a workbook in which each of the cells A1:D9 contains its own location."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in names or ("Phụ lục",):
        sheet = book.create_sheet(name)
        for row in range(1, 10):
            for column in "ABCD":
                sheet[f"{column}{row}"] = f"{name} {column}{row}"
    return book


def notes(content: bytes) -> dict[str, str]:
    """Return the text of each note by location."""
    book = load_workbook(io.BytesIO(content))
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert len(package.namelist()) == len(set(package.namelist()))
        return {name: package.read(name) for name in package.namelist()}


def with_parts(content: bytes, changes: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, part in (parts(content) | dict(changes)).items():
            target.writestr(name, part)
    return out.getvalue()


def test_a_note_is_placed_on_its_cell_with_author_and_text() -> None:
    annotated = annotate(as_bytes(workbook()), [Remark("Phụ lục!D7", SENTENCE)])
    assert notes(annotated.content) == {"Phụ lục!D7": AUTHOR_LINE + SENTENCE}
    assert load_workbook(io.BytesIO(annotated.content))["Phụ lục"]["D7"].comment.author == AUTHOR


def test_each_sheet_gets_its_own_notes_with_any_sheet_name() -> None:
    names = ("Bìa", "Phụ lục!2", "Tháng 'ba'")
    remarks = [Remark("Bìa!A1", "a"), Remark("Phụ lục!2!B2", "b"), Remark("Tháng 'ba'!C3", "c")]
    annotated = annotate(as_bytes(workbook(*names)), remarks)
    assert {location: text.removeprefix(AUTHOR_LINE) for location, text in notes(annotated.content).items()} == {
        "Bìa!A1": "a",
        "Phụ lục!2!B2": "b",
        "Tháng 'ba'!C3": "c",
    }


def test_two_remarks_on_a_cell_become_one_note() -> None:
    annotated = annotate(as_bytes(workbook()), [Remark("Phụ lục!A1", "one"), Remark("Phụ lục!A1", "two")])
    assert notes(annotated.content) == {"Phụ lục!A1": f"{AUTHOR_LINE}one\ntwo"}


def test_the_note_of_a_merged_cell_is_at_its_top_left() -> None:
    book = workbook()
    book["Phụ lục"].merge_cells("B2:C4")
    annotated = annotate(as_bytes(book), [Remark("Phụ lục!B2", "x")])
    assert notes(annotated.content) == {"Phụ lục!B2": AUTHOR_LINE + "x"}
    assert [str(merged) for merged in load_workbook(io.BytesIO(annotated.content))["Phụ lục"].merged_cells.ranges] == [
        "B2:C4"
    ]


def workbook_with_foreign_note() -> bytes:
    book = workbook()
    book["Phụ lục"]["B2"].comment = Comment("Đã đối chiếu", "Văn phòng")
    return as_bytes(book)


def test_notes_of_others_are_kept() -> None:
    annotated = annotate(workbook_with_foreign_note(), [Remark("Phụ lục!D7", "x")])
    assert notes(annotated.content) == {"Phụ lục!B2": "Đã đối chiếu", "Phụ lục!D7": AUTHOR_LINE + "x"}


def test_our_note_is_appended_to_an_existing_one() -> None:
    annotated = annotate(workbook_with_foreign_note(), [Remark("Phụ lục!B2", "x")])
    assert notes(annotated.content) == {"Phụ lục!B2": f"Đã đối chiếu\n\n{AUTHOR_LINE}x"}


def test_our_earlier_notes_are_removed_from_a_resubmitted_file() -> None:
    remarks = [Remark("Phụ lục!B2", "old"), Remark("Phụ lục!D7", "old")]
    first = annotate(workbook_with_foreign_note(), remarks).content
    second = annotate(first, [Remark("Phụ lục!A9", "new")]).content
    assert notes(second) == {"Phụ lục!B2": "Đã đối chiếu", "Phụ lục!A9": AUTHOR_LINE + "new"}
    drawing = next(part for name, part in parts(second).items() if name.endswith(".vml")).decode()
    assert sorted(re.findall(r"<\w+:Row>(\d+)", drawing)) == ["1", "8"]


def test_every_box_has_a_unique_number_and_is_beside_its_cell() -> None:
    annotated = annotate(workbook_with_foreign_note(), [Remark("Phụ lục!D7", "x" * 500), Remark("Phụ lục!A1", "y")])
    drawing = next(part for name, part in parts(annotated.content).items() if name.endswith(".vml")).decode()
    root = etree.fromstring(drawing.encode())
    numbers = re.findall(r'<\w+:shape [^>]*?id="_x0000_s(\d+)"', drawing)
    assert len(numbers) == len(set(numbers)) == 3
    boxes = {}
    for data in root.iter("{urn:schemas-microsoft-com:office:excel}ClientData"):
        if data.findtext("{*}Anchor"):
            boxes[data.findtext("{*}Row")] = [int(number) for number in data.findtext("{*}Anchor").split(",")]
    left, _, top, _, right, _, bottom, _ = boxes["6"]
    assert left == 4
    assert right > left
    assert bottom - top >= 10, "500 characters need more than ten rows"


def test_a_cell_with_a_threaded_comment_gets_no_note() -> None:
    content = workbook_with_foreign_note()
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    relation = (
        b'<Relationship Id="rId77" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"'
        b' Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    space = b'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    content = with_parts(
        content,
        {
            rels: parts(content)[rels].replace(b"</Relationships>", relation),
            "xl/threadedComments/threadedComment1.xml": b"<ThreadedComments %s>" % space
            + b'<threadedComment ref="B2" id="{1}"><text>?</text></threadedComment></ThreadedComments>',
        },
    )
    annotated = annotate(content, [Remark("Phụ lục!B2", "x"), Remark("Phụ lục!D7", "y")])
    assert annotated.unplaced == (Remark("Phụ lục!B2", "x"),)
    assert notes(annotated.content) == {"Phụ lục!B2": "Đã đối chiếu", "Phụ lục!D7": AUTHOR_LINE + "y"}


def test_charts_macros_and_hidden_sheets_are_kept() -> None:
    book = workbook("Phụ lục", "Ẩn")
    book["Ẩn"].sheet_state = "veryHidden"
    chart = BarChart()
    chart.add_data(Reference(book["Phụ lục"], min_col=1, min_row=1, max_row=3))
    book["Phụ lục"].add_chart(chart, "F2")
    content = with_parts(as_bytes(book), {"xl/vbaProject.bin": b"\x00macro\xff"})
    annotated = annotate(content, [Remark("Phụ lục!D7", "x"), Remark("Ẩn!A1", "y")]).content
    before, after = parts(content), parts(annotated)
    changed = {name for name in before if before[name] != after[name]}
    assert {name for name in changed if "sheet" not in name} == {"[Content_Types].xml"}
    assert after["xl/vbaProject.bin"] == b"\x00macro\xff"
    assert any(name.startswith("xl/charts/") for name in after)
    reopened = load_workbook(io.BytesIO(annotated))
    assert reopened["Ẩn"].sheet_state == "veryHidden"
    assert set(notes(annotated)) == {"Phụ lục!D7", "Ẩn!A1"}
    sheet = etree.fromstring(after["xl/worksheets/sheet1.xml"])
    order = [etree.QName(child).localname for child in sheet]
    assert order.index("drawing") < order.index("legacyDrawing")


def test_the_drawing_of_notes_is_in_schema_order() -> None:
    content = as_bytes(workbook())
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    following = b'<tableParts count="0"/><extLst/></worksheet>'
    content = with_parts(content, {"xl/worksheets/sheet1.xml": sheet.replace(b"</worksheet>", following)})
    sheet_xml = parts(annotate(content, [Remark("Phụ lục!A1", "x")]).content)["xl/worksheets/sheet1.xml"]
    order = [etree.QName(child).localname for child in etree.fromstring(sheet_xml)]
    assert order[-3:] == ["legacyDrawing", "tableParts", "extLst"]


def test_remarks_without_a_matching_cell_are_returned() -> None:
    remarks = [Remark(location, "x") for location in ("Bìa!A1", "Phụ lục!1A", "table[1]/row[1]/col[1]", "")]
    annotated = annotate(as_bytes(workbook()), remarks)
    assert annotated.unplaced == tuple(remarks)


def test_an_annotated_workbook_parses_like_the_original() -> None:
    original, catalogue = EXAMPLE.read_bytes(), load_catalogue()
    annotated = annotate(original, [Remark("Phụ lục!D72", "x")]).content
    assert read("a.xlsx", annotated, catalogue) == read("a.xlsx", original, catalogue)


def test_the_same_file_and_remarks_give_the_same_bytes() -> None:
    content = EXAMPLE.read_bytes()
    remarks = [Remark("Phụ lục!D72", SENTENCE)]
    assert annotate(content, remarks).content == annotate(content, remarks).content


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_changed_raises_an_error(content: bytes) -> None:
    with pytest.raises(NotAnnotatable):
        annotate(content, [Remark("Phụ lục!A1", "x")])


@needs("soffice")
def test_libreoffice_shows_each_note_on_its_cell(tmp_path: Path) -> None:
    book = workbook("Bìa", "Phụ lục")
    book["Phụ lục"].merge_cells("B2:C4")
    book["Phụ lục"]["A9"].comment = Comment("Đã đối chiếu", "Văn phòng")
    remarks = [Remark("Phụ lục!B2", "one"), Remark("Bìa!D7", "two"), Remark("Phụ lục!A9", "three")]
    file = tmp_path / "reply.xlsx"
    file.write_bytes(annotate(as_bytes(book), remarks).content)
    flat: Any = etree.parse(convert(file, "fods", tmp_path))
    shown = {}
    for note in flat.iterfind(".//{*}annotation"):
        cell = note.getparent()
        shown["\n".join("".join(p.itertext()) for p in note.findall("{*}p"))] = cell.findtext("{*}p")
    assert shown == {
        AUTHOR_LINE + "one": "Phụ lục B2",
        AUTHOR_LINE + "two": "Bìa D7",
        f"Đã đối chiếu\n\n{AUTHOR_LINE}three": "Phụ lục A9",
    }
