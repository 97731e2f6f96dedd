"""Notes stand on the cells that are named, and nothing else of an Excel file changes."""

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
INTRODUCED = f"{AUTHOR}:\n"


def as_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*names: str) -> Workbook:
    """Sheets whose cells A1:D9 say where they are."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in names or ("Phụ lục",):
        sheet = book.create_sheet(name)
        for row in range(1, 10):
            for column in "ABCD":
                sheet[f"{column}{row}"] = f"{name} {column}{row}"
    return book


def notes(content: bytes) -> dict[str, str]:
    """Sheet!Cell → text of its note."""
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


def test_a_note_stands_on_its_cell_with_author_and_sentence() -> None:
    done = annotate(as_bytes(workbook()), [Remark("Phụ lục!D7", SENTENCE)])
    assert notes(done.content) == {"Phụ lục!D7": INTRODUCED + SENTENCE}
    assert load_workbook(io.BytesIO(done.content))["Phụ lục"]["D7"].comment.author == AUTHOR


def test_each_sheet_gets_its_own_notes_whatever_its_name() -> None:
    names = ("Bìa", "Phụ lục!2", "Tháng 'ba'")
    remarks = [Remark("Bìa!A1", "a"), Remark("Phụ lục!2!B2", "b"), Remark("Tháng 'ba'!C3", "c")]
    done = annotate(as_bytes(workbook(*names)), remarks)
    assert {place: text.removeprefix(INTRODUCED) for place, text in notes(done.content).items()} == {
        "Bìa!A1": "a",
        "Phụ lục!2!B2": "b",
        "Tháng 'ba'!C3": "c",
    }


def test_two_remarks_on_one_cell_are_one_note() -> None:
    done = annotate(as_bytes(workbook()), [Remark("Phụ lục!A1", "one"), Remark("Phụ lục!A1", "two")])
    assert notes(done.content) == {"Phụ lục!A1": f"{INTRODUCED}one\ntwo"}


def test_a_merged_cell_carries_its_note_at_the_top_left() -> None:
    book = workbook()
    book["Phụ lục"].merge_cells("B2:C4")
    done = annotate(as_bytes(book), [Remark("Phụ lục!B2", "x")])
    assert notes(done.content) == {"Phụ lục!B2": INTRODUCED + "x"}
    assert [str(merged) for merged in load_workbook(io.BytesIO(done.content))["Phụ lục"].merged_cells.ranges] == [
        "B2:C4"
    ]


def with_note_of_the_office() -> bytes:
    book = workbook()
    book["Phụ lục"]["B2"].comment = Comment("Đã đối chiếu", "Văn phòng")
    return as_bytes(book)


def test_notes_of_others_stay() -> None:
    done = annotate(with_note_of_the_office(), [Remark("Phụ lục!D7", "x")])
    assert notes(done.content) == {"Phụ lục!B2": "Đã đối chiếu", "Phụ lục!D7": INTRODUCED + "x"}


def test_on_a_cell_with_a_note_ours_goes_below_it() -> None:
    done = annotate(with_note_of_the_office(), [Remark("Phụ lục!B2", "x")])
    assert notes(done.content) == {"Phụ lục!B2": f"Đã đối chiếu\n\n{INTRODUCED}x"}


def test_a_file_sent_again_with_our_notes_loses_the_old_ones() -> None:
    remarks = [Remark("Phụ lục!B2", "old"), Remark("Phụ lục!D7", "old")]
    first = annotate(with_note_of_the_office(), remarks).content
    second = annotate(first, [Remark("Phụ lục!A9", "new")]).content
    assert notes(second) == {"Phụ lục!B2": "Đã đối chiếu", "Phụ lục!A9": INTRODUCED + "new"}
    drawing = next(part for name, part in parts(second).items() if name.endswith(".vml")).decode()
    assert sorted(re.findall(r"<\w+:Row>(\d+)", drawing)) == ["1", "8"]


def test_every_box_has_a_number_of_its_own_and_lies_beside_its_cell() -> None:
    done = annotate(with_note_of_the_office(), [Remark("Phụ lục!D7", "x" * 500), Remark("Phụ lục!A1", "y")])
    drawing = next(part for name, part in parts(done.content).items() if name.endswith(".vml")).decode()
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
    assert bottom - top >= 10, "five hundred letters need more than ten rows"


def test_a_cell_with_a_conversation_of_the_newer_kind_is_left_alone() -> None:
    content = with_note_of_the_office()
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
    done = annotate(content, [Remark("Phụ lục!B2", "x"), Remark("Phụ lục!D7", "y")])
    assert done.unplaced == (Remark("Phụ lục!B2", "x"),)
    assert notes(done.content) == {"Phụ lục!B2": "Đã đối chiếu", "Phụ lục!D7": INTRODUCED + "y"}


def test_charts_macros_and_hidden_sheets_survive() -> None:
    book = workbook("Phụ lục", "Ẩn")
    book["Ẩn"].sheet_state = "veryHidden"
    chart = BarChart()
    chart.add_data(Reference(book["Phụ lục"], min_col=1, min_row=1, max_row=3))
    book["Phụ lục"].add_chart(chart, "F2")
    content = with_parts(as_bytes(book), {"xl/vbaProject.bin": b"\x00macro\xff"})
    done = annotate(content, [Remark("Phụ lục!D7", "x"), Remark("Ẩn!A1", "y")]).content
    before, after = parts(content), parts(done)
    touched = {name for name in before if before[name] != after[name]}
    assert {name for name in touched if "sheet" not in name} == {"[Content_Types].xml"}
    assert after["xl/vbaProject.bin"] == b"\x00macro\xff"
    assert any(name.startswith("xl/charts/") for name in after)
    again = load_workbook(io.BytesIO(done))
    assert again["Ẩn"].sheet_state == "veryHidden"
    assert set(notes(done)) == {"Phụ lục!D7", "Ẩn!A1"}
    sheet = etree.fromstring(after["xl/worksheets/sheet1.xml"])
    order = [etree.QName(child).localname for child in sheet]
    assert order.index("drawing") < order.index("legacyDrawing")


def test_the_drawing_of_notes_stands_where_the_schema_wants_it() -> None:
    content = as_bytes(workbook())
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    behind = b'<tableParts count="0"/><extLst/></worksheet>'
    content = with_parts(content, {"xl/worksheets/sheet1.xml": sheet.replace(b"</worksheet>", behind)})
    done = parts(annotate(content, [Remark("Phụ lục!A1", "x")]).content)["xl/worksheets/sheet1.xml"]
    order = [etree.QName(child).localname for child in etree.fromstring(done)]
    assert order[-3:] == ["legacyDrawing", "tableParts", "extLst"]


def test_a_place_that_is_not_there_is_said_so() -> None:
    remarks = [Remark(place, "x") for place in ("Bìa!A1", "Phụ lục!1A", "table[1]/row[1]/col[1]", "")]
    done = annotate(as_bytes(workbook()), remarks)
    assert done.unplaced == tuple(remarks)


def test_but_for_its_notes_the_workbook_says_what_it_said() -> None:
    original, catalogue = EXAMPLE.read_bytes(), load_catalogue()
    done = annotate(original, [Remark("Phụ lục!D72", "x")]).content
    assert read("a.xlsx", done, catalogue) == read("a.xlsx", original, catalogue)


def test_the_same_file_and_remarks_give_the_same_bytes() -> None:
    content = EXAMPLE.read_bytes()
    remarks = [Remark("Phụ lục!D72", SENTENCE)]
    assert annotate(content, remarks).content == annotate(content, remarks).content


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04broken"])
def test_what_cannot_be_written_to_is_said_so(content: bytes) -> None:
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
        INTRODUCED + "one": "Phụ lục B2",
        INTRODUCED + "two": "Bìa D7",
        f"Đã đối chiếu\n\n{INTRODUCED}three": "Phụ lục A9",
    }
