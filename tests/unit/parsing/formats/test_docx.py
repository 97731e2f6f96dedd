"""What Word files contain besides plain paragraphs and tables."""

from __future__ import annotations

import io

import docx

from etl.parsing.formats.grid import Document, Grid
from etl.parsing.formats.registry import open_document
from tests.unit.parsing.rendering import docx_of


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl><w:tblGrid/>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def read(body: str) -> Document:
    return open_document("report.docx", docx_of(body))


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row.cells] for row in grid.rows]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def test_a_nested_table_follows_its_table_and_is_no_text_of_the_cell() -> None:
    inner = table([paragraph("inner"), paragraph("7")])
    outer, nested, last = grids(
        read(table([paragraph("outer") + inner + paragraph("24")]) + table([paragraph("last")]))
    )
    assert texts(outer) == [["outer\n24"]]
    assert texts(nested) == [["inner", "7"]]
    assert [grid.locate(1, 1) for grid in (outer, nested, last)] == [
        "table[1]/row[1]/col[1]",
        "table[2]/row[1]/col[1]",
        "table[3]/row[1]/col[1]",
    ]


def test_a_text_box_follows_its_paragraph_and_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
    namespace = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    alternatives = f"<mc:AlternateContent {namespace}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    body = f"<w:p><w:r><w:t>before</w:t>{alternatives}</mc:AlternateContent></w:r></w:p>{paragraph('after')}"
    assert read(body).blocks == ["before", "in the box", "after"]


def test_content_controls_are_transparent_and_tracked_deletions_are_not_read() -> None:
    cell = f"<w:sdt><w:sdtPr><w:t>hint</w:t></w:sdtPr><w:sdtContent>{paragraph('24')}</w:sdtContent></w:sdt>"
    deleted = "<w:p><w:del><w:r><w:t>31</w:t></w:r></w:del><w:ins><w:r><w:t>32</w:t></w:r></w:ins></w:p>"
    assert texts(grids(read(table([cell, deleted])))[0]) == [["24", "32"]]


def test_tabs_and_breaks_are_text_but_tab_stops_are_not() -> None:
    tab_stops = "<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>"
    cell = f"<w:p>{tab_stops}<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r></w:p>"
    assert texts(grids(read(table([cell])))[0]) == [["a\tb\nc-"]]


def test_merged_cells_fill_the_positions_that_they_cover() -> None:
    document = docx.Document()
    word_table = document.add_table(rows=3, cols=3)
    for index, cell in enumerate(word_table._cells):
        cell.text = str(index)
    word_table.cell(0, 0).merge(word_table.cell(0, 1)).text = "wide"
    word_table.cell(1, 2).merge(word_table.cell(2, 2)).text = "tall"
    buffer = io.BytesIO()
    document.save(buffer)
    grid = grids(open_document("report.docx", buffer.getvalue()))[0]
    assert texts(grid) == [["wide", "wide", "2"], ["3", "4", "tall"], ["6", "7", "tall"]]
    tall = grid.rows[2].cells[2]
    assert tall is not None
    assert (tall.row, tall.column, tall.row_span) == (2, 3, 2)
