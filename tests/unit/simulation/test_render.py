"""Rendering to four file formats: same rows, reproducible bytes, the simulation mark, and no contact details."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from docx import Document

from etl.errors import UsageError
from etl.observations import SIMULATION_MARK
from etl.simulation import FILE_FORMATS, render
from etl.simulation.numbers import format_value
from tests.unit.simulation.factories import numbers, real_report, simulated_report

CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?<![\d.,/])0\d{2,3}[ .]?\d{3}[ .]?\d{3}(?!\d)")


def text_of(content: bytes, file_format: str) -> str:
    """All text of the file, including properties and headers."""
    if file_format in ("txt", "json"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    return html.unescape("\n".join(re.sub(r"<[^>]+>", "\n", part) for part in parts))


def table_of(content: bytes, file_format: str) -> list[list[object]]:
    """The appendix rows below the header, five cells each."""
    if file_format == "json":
        return json.loads(content)["tables"][0]["rows"]
    if file_format == "txt":
        lines = [line.split("\t") for line in content.decode().split("\n") if line.count("\t") == 4]
        return [line for line in lines if line[0] != "STT" and line[2] != "Đơn vị tính"]
    if file_format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        return rows[next(n for n, row in enumerate(rows) if row[0] == "STT") + 2 :]
    table = next(table for table in Document(io.BytesIO(content)).tables if len(table.columns) == 5)
    return [[cell.text for cell in row.cells] for row in list(table.rows)[2:]]


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_the_same_report_gives_the_same_bytes(file_format: str):
    assert render(simulated_report(), file_format) == render(simulated_report(), file_format)


@pytest.mark.parametrize("file_format", ["docx", "xlsx"])
def test_an_office_file_has_no_timestamp_and_no_author(file_format: str):
    with zipfile.ZipFile(io.BytesIO(render(simulated_report(), file_format))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "creator" not in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"1980-01-01T00:00:00Z"}


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_only_a_simulated_report_has_the_simulation_mark(file_format: str):
    assert SIMULATION_MARK in text_of(render(simulated_report(), file_format), file_format)
    assert SIMULATION_MARK not in text_of(render(real_report(), file_format), file_format)


def test_the_mark_is_the_first_line_of_a_simulated_document():
    document = Document(io.BytesIO(render(simulated_report(), "docx")))
    assert document.paragraphs[0].text == SIMULATION_MARK
    assert document.sections[0].header.paragraphs[0].text == SIMULATION_MARK
    assert render(simulated_report(), "txt").decode().startswith(SIMULATION_MARK + "\n")


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_every_file_format_has_the_rows_of_the_form_in_order(file_format: str):
    appendix = real_report()
    rows = table_of(render(appendix, file_format), file_format)
    labels = [re.sub("</?i>", "", str(row[1])) for row in rows]
    assert labels == [row.label for row in appendix.form.rows]
    assert [str(row[0]) for row in rows] == [row.stt for row in appendix.rows]
    assert [row[2] for row in rows] == [row.unit for row in appendix.form.rows]


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_every_file_format_has_the_values_of_the_report(file_format: str):
    appendix = simulated_report(seed=7)
    values = [row[3] for row in table_of(render(appendix, file_format), file_format)]
    if file_format in ("docx", "txt"):
        assert values == [format_value(row.value, appendix.number_style) for row in appendix.rows]
    else:
        assert [Decimal(str(value)) if isinstance(value, int | float) else value for value in values] == [
            row.value for row in appendix.rows
        ]


@pytest.mark.parametrize("file_format", FILE_FORMATS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_report_holds_a_phone_number_or_an_address(file_format: str, seed: int):
    for appendix in (simulated_report(seed), real_report()):
        assert CONTACT.findall(text_of(render(appendix, file_format), file_format)) == []


def test_the_pattern_for_contacts_matches_phone_numbers_and_addresses():
    assert CONTACT.findall("gọi 0900 000 000 hoặc ai@vidu.vn") == ["0900 000 000", "ai@vidu.vn"]


def test_a_spreadsheet_has_numeric_cells_without_percentage_formats():
    sheet = openpyxl.load_workbook(io.BytesIO(render(real_report(), "xlsx"))).worksheets[0]
    cells = {row[1].value: row[3] for row in sheet.iter_rows() if row[3].value is not None}
    cell = next(
        cell for label, cell in cells.items() if str(label).startswith("- Tỷ lệ văn bản được gửi hoàn toàn dưới")
    )
    assert (cells["Tổng số TTHC đang có hiệu lực:"].value, cell.value) in ((418, 62.15), (418, 31.56))
    assert not any("%" in cell.number_format for cell in cells.values())


def test_the_table_header_is_repeated_at_page_breaks():
    document = Document(io.BytesIO(render(real_report(), "docx")))
    table = next(table for table in document.tables if len(table.columns) == 5)
    assert len(table._tbl.xpath(".//w:tblHeader")) == 2
    sheet = openpyxl.load_workbook(io.BytesIO(render(real_report(), "xlsx"))).worksheets[0]
    assert sheet.print_title_rows is not None
    assert render(real_report(), "txt").decode().count("STT\tChỉ tiêu thống kê") > 10


def test_numbers_are_formatted_in_the_style_of_the_report():
    assert [format_value(Decimal(text), "vi") for text in ("2574", "62.15", "100", "4.70")] == [
        "2.574",
        "62,15",
        "100",
        "4,7",
    ]
    assert [format_value(Decimal(text), "en") for text in ("2574", "62.15", "1000000")] == [
        "2,574",
        "62.15",
        "1,000,000",
    ]


def test_a_json_value_is_located_at_its_pointer():
    appendix = real_report()
    index = next(n for n, row in enumerate(appendix.rows) if row.indicator_code == "dossiers_received_district")
    document = json.loads(render(appendix, "json"))
    assert document["tables"][0]["rows"][index][3] == numbers(appendix)["dossiers_received_district"] == 2574


def test_the_narrative_omits_blank_values():
    appendix = simulated_report().with_value("departments", "")
    assert "phòng chuyên môn;" in render(simulated_report(), "txt").decode().replace("- Các phòng chuyên môn;", "")
    assert "phòng chuyên môn;" not in render(appendix, "txt").decode().replace("- Các phòng chuyên môn;", "")


def test_an_unknown_file_format_is_refused():
    with pytest.raises(UsageError, match="docx"):
        render(real_report(), "odt")
