"""Word comments are placed on their cells, and nothing else in the file changes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from etl.catalogue import load_catalogue
from etl.parsing import read
from etl.reports.package import NotAnnotatable
from etl.reports.remarks import AUTHOR, Remark
from etl.reports.word import annotate
from etl.reports.word_cells import W, find_cell
from etl.settings import PROJECT_ROOT
from tests.needs import needs
from tests.programs import convert

DRIVE = PROJECT_ROOT / "examples" / "drive" / "2021-Q1"
SENTENCE = "Ô bảng 1, dòng 2, cột 2: ghi “413” < 412 & cần sửa."


def as_bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def report(rows: int = 3, columns: int = 3) -> tuple[Any, Any]:
    """Return a document with one table, in which each cell contains its own location, and the table."""
    document = Document()
    document.add_paragraph("Kính gửi: Sở Nội vụ")
    return document, fill(document.add_table(rows, columns), "t1")


def fill(table: Any, name: str) -> Any:
    for row_number, row in enumerate(table.rows, 1):
        for column_number, cell in enumerate(row.cells, 1):
            cell.text = f"{name} r{row_number} c{column_number}"
    return table


def commented(content: bytes) -> dict[str, str]:
    """Return the text of each comment by the text that it covers."""
    document = Document(io.BytesIO(content))
    texts = {comment.comment_id: comment.text for comment in document.comments}
    spans: dict[str, str] = {}
    open_comments: list[int] = []
    pieces: dict[int, list[str]] = {}
    for element in document.element.body.iter():
        if element.tag == f"{W}commentRangeStart":
            open_comments.append(int(element.get(f"{W}id")))
        elif element.tag == f"{W}commentRangeEnd":
            open_comments.remove(int(element.get(f"{W}id")))
        elif element.tag == f"{W}t":
            for number in open_comments:
                pieces.setdefault(number, []).append(element.text or "")
    for number, text in texts.items():
        spans["".join(pieces.get(number, []))] = text
    return spans


def test_a_comment_is_placed_on_its_cell_with_author_and_text() -> None:
    document, _ = report()
    annotated = annotate(as_bytes(document), [Remark("table[1]/row[2]/col[2]", SENTENCE)])
    assert commented(annotated.content) == {"t1 r2 c2": SENTENCE}
    assert [comment.author for comment in Document(io.BytesIO(annotated.content)).comments] == [AUTHOR]
    assert annotated.unplaced == ()


def test_a_merged_cell_is_found_at_every_position_it_covers() -> None:
    document, table = report(4, 4)
    table.cell(0, 1).merge(table.cell(1, 2)).text = "merged"
    for location in ("table[1]/row[1]/col[2]", "table[1]/row[2]/col[3]", "table[1]/row[1]/col[3]"):
        assert commented(annotate(as_bytes(document), [Remark(location, "x")]).content) == {"merged": "x"}
    beside = annotate(as_bytes(document), [Remark("table[1]/row[2]/col[4]", "x")])
    assert commented(beside.content) == {"t1 r2 c4": "x"}


def test_tables_are_numbered_in_document_order_including_nested_ones() -> None:
    document, table = report()
    fill(table.cell(1, 0).add_table(2, 2), "nested")
    fill(document.add_table(1, 2), "last")
    remarks = [Remark("table[2]/row[2]/col[1]", "in the nested"), Remark("table[3]/row[1]/col[2]", "in the last")]
    assert commented(annotate(as_bytes(document), remarks).content) == {
        "nested r2 c1": "in the nested",
        "last r1 c2": "in the last",
    }
    outer = annotate(as_bytes(document), [Remark("table[1]/row[2]/col[1]", "x")]).content
    assert list(commented(outer)) == ["t1 r2 c1"]


def test_skipped_columns_at_the_start_of_a_row_are_counted() -> None:
    document, table = report()
    row = table.rows[1]._tr
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    row.remove(row.findall(qn("w:tc"))[0])
    annotated = annotate(as_bytes(document), [Remark("table[1]/row[2]/col[2]", "x")])
    assert list(commented(annotated.content)) == ["t1 r2 c2"]


def test_an_empty_cell_can_get_a_comment() -> None:
    document, table = report()
    table.cell(2, 2).text = ""
    content = annotate(as_bytes(document), [Remark("table[1]/row[3]/col[3]", "để trống")]).content
    cell = find_cell(Document(io.BytesIO(content)).element, "table[1]/row[3]/col[3]")
    assert cell is not None
    assert cell.findall(f".//{W}commentReference")


def test_comments_of_others_are_kept_and_ours_get_unique_numbers() -> None:
    document, table = report()
    document.add_comment(table.cell(0, 0).paragraphs[0].runs, text="Đã kiểm tra", author="Văn phòng")
    annotated = annotate(
        as_bytes(document), [Remark("table[1]/row[2]/col[2]", "x"), Remark("table[1]/row[2]/col[2]", "y")]
    )
    comments = list(Document(io.BytesIO(annotated.content)).comments)
    assert [(comment.author, comment.text) for comment in comments] == [
        ("Văn phòng", "Đã kiểm tra"),
        (AUTHOR, "x"),
        (AUTHOR, "y"),
    ]
    assert len({comment.comment_id for comment in comments}) == 3


def test_our_earlier_comments_are_removed_from_a_resubmitted_file() -> None:
    document, _ = report()
    first = annotate(as_bytes(document), [Remark("table[1]/row[1]/col[1]", "old")]).content
    second = annotate(first, [Remark("table[1]/row[2]/col[2]", "new")]).content
    assert commented(second) == {"t1 r2 c2": "new"}
    assert first != second
    body = etree.tostring(Document(io.BytesIO(annotate(second, []).content)).element.body)
    assert b"comment" not in body


def test_remarks_without_a_matching_cell_are_returned() -> None:
    document, _ = report()
    remarks = [
        Remark(location, "x") for location in ("table[9]/row[1]/col[1]", "table[1]/row[1]/col[9]", "paragraph[3]")
    ]
    annotated = annotate(as_bytes(document), remarks)
    assert annotated.unplaced == tuple(remarks)
    assert commented(annotated.content) == {}


def test_all_other_parts_stay_identical() -> None:
    original = (DRIVE / "947_my-xuyen_2021-Q1.docx").read_bytes()
    content = with_parts(original, {"word/vbaProject.bin": b"\x00macro\xff", "customXml/item9.xml": b"<a> <b/></a>"})
    annotated = annotate(content, [Remark("table[3]/row[50]/col[4]", "x")]).content
    changed = {"word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}
    before, after = zipfile.ZipFile(io.BytesIO(content)), zipfile.ZipFile(io.BytesIO(annotated))
    assert after.testzip() is None
    assert set(after.namelist()) - set(before.namelist()) == {"word/comments.xml"}
    for name in set(before.namelist()) - changed:
        assert after.read(name) == before.read(name)


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return out.getvalue()


def test_an_annotated_document_parses_like_the_original() -> None:
    original = (DRIVE / "947_my-xuyen_2021-Q1.docx").read_bytes()
    annotated = annotate(original, [Remark("table[3]/row[50]/col[4]", "x")]).content
    catalogue = load_catalogue()
    assert read("a.docx", annotated, catalogue) == read("a.docx", original, catalogue)


def test_the_same_file_and_remarks_give_the_same_bytes() -> None:
    document, _ = report()
    content, remarks = as_bytes(document), [Remark("table[1]/row[1]/col[1]", "x")]
    assert annotate(content, remarks).content == annotate(content, remarks).content


def test_control_characters_are_replaced_in_comments() -> None:
    document, _ = report()
    content = annotate(as_bytes(document), [Remark("table[1]/row[1]/col[1]", "ghi “\x07\x0b”")]).content
    assert list(commented(content).values()) == ["ghi “\ufffd\ufffd”"]


@pytest.mark.parametrize("path", sorted(DRIVE.glob("*.docx")), ids=lambda path: path.stem)
def test_every_location_from_the_parser_leads_to_the_text_it_read(path: Path) -> None:
    content = path.read_bytes()
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    rows = read(path.name, content, load_catalogue()).rows
    assert len(rows) > 150
    for row in rows:
        cell = find_cell(root, row.location)
        assert cell is not None, row.location
        text = "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in cell.findall(f"{W}p"))
        assert text.strip() == row.raw_value


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip", b"PK\x03\x04broken", pytest.param(None, id="a document type")],
)
def test_a_file_that_cannot_be_changed_raises_an_error(content: bytes | None) -> None:
    if content is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            target.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
        content = out.getvalue()
    with pytest.raises(NotAnnotatable):
        annotate(content, [Remark("table[1]/row[1]/col[1]", "x")])


@needs("soffice")
def test_libreoffice_shows_each_comment_on_its_cell(tmp_path: Path) -> None:
    document, table = report()
    table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
    fill(table.cell(1, 0).add_table(1, 2), "nested")
    document.add_comment(table.cell(2, 2).paragraphs[0].runs, text="Đã kiểm tra", author="Văn phòng")
    remarks = [
        Remark("table[1]/row[1]/col[1]", "one"),
        Remark("table[2]/row[1]/col[2]", "two"),
        Remark("table[1]/row[3]/col[2]", "three"),
    ]
    file = tmp_path / "reply.docx"
    file.write_bytes(annotate(as_bytes(document), remarks).content)
    flat = etree.parse(convert(file, "fodt", tmp_path))
    assert libreoffice_comments(flat) == {
        "one": "merged",
        "two": "nested r1 c2",
        "three": "t1 r3 c2",
        "Đã kiểm tra": "t1 r3 c3",
    }


def libreoffice_comments(flat: Any) -> dict[str, str]:
    """Return the text of the innermost cell of each comment, without nested tables, by the text of the comment."""
    cells = {}
    for note in flat.iterfind(".//{*}annotation"):
        cells["".join(note.itertext("{*}p", "{*}span")).strip()] = next(note.iterancestors("{*}table-cell"))
    etree.strip_elements(flat, "{*}annotation", with_tail=False)
    return {comment: "".join("".join(p.itertext()) for p in cell.findall("{*}p")) for comment, cell in cells.items()}
