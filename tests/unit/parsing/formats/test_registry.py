"""One report in every file format gives the same facts, each with a cell that re-opens to its raw text."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from etl.decimals import format_decimal
from etl.observations import SIMULATION_MARK, DocumentHead, ReportContent
from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, FORM, RENDERERS, Report, long_phu, seed_file, to_txt, to_xlsx
from tests.unit.parsing.reopening import REOPENERS

FILE_FORMATS = sorted(RENDERERS)
PRINTED = {"reported": 100, "not_applicable": 1, "not_done": 6, "heading": 29, "blank": 38}


def read_as(file_format: str, report: Report) -> ReportContent:
    return read(f"report.{file_format}", RENDERERS[file_format](report), CATALOGUE)


def facts(content: ReportContent) -> list[tuple[str, ...]]:
    return [
        (
            row.reform_area,
            row.item,
            row.indicator_code,
            row.label,
            row.unit,
            format_decimal(row.value),
            row.status,
            row.note,
        )
        for row in content.rows
    ]


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_every_printed_row_is_read_with_its_status(file_format: str) -> None:
    content = read_as(file_format, long_phu())
    assert Counter(row.status for row in content.rows) == PRINTED
    assert [row.indicator_code for row in content.rows] == [
        row.indicator.indicator_code for row in FORM.rows if row.level
    ]
    assert content.findings == ()


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_the_head_tells_who_when_and_under_which_number(file_format: str) -> None:
    assert read_as(file_format, long_phu()).head == DocumentHead(
        "946", "2021-Q1", "56/BC-UBND", date(2021, 3, 18), "snv-380-2021", is_simulated=False
    )


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_a_simulated_report_says_so(file_format: str) -> None:
    assert read_as(file_format, long_phu(head=(SIMULATION_MARK, *long_phu().head))).head.is_simulated


def test_all_file_formats_give_the_same_facts() -> None:
    assert facts(read_as("docx", long_phu())) == facts(read_as("txt", long_phu()))
    assert facts(read_as("xlsx", long_phu())) == facts(read_as("txt", long_phu()))
    numbers = read("report.xlsx", to_xlsx(long_phu(), numbers=True), CATALOGUE)
    assert facts(numbers) == facts(read_as("txt", long_phu()))


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_every_location_re_opens_to_the_raw_text(file_format: str) -> None:
    content = RENDERERS[file_format](long_phu())
    at = REOPENERS[file_format](content)
    rows = read(f"report.{file_format}", content, CATALOGUE).rows
    assert [row.raw_value for row in rows] == [at(row.location) for row in rows]


def test_numeric_cells_re_open_to_their_stored_number() -> None:
    content = to_xlsx(long_phu(), numbers=True)
    at = REOPENERS["xlsx"](content)
    rows = read("report.xlsx", content, CATALOGUE).rows
    assert [row.raw_value for row in rows] == [at(row.location) for row in rows]
    assert {row.indicator_code: row.raw_value for row in rows}["dossiers_received_district"] == "2574"


@pytest.mark.parametrize("file_format", FILE_FORMATS)
@pytest.mark.parametrize("order", [(1, 0, 2, 3, 4), (0, 1, 3, 2, 4), (4, 3, 2, 1, 0)])
def test_columns_may_stand_in_another_order(file_format: str, order: tuple[int, ...]) -> None:
    one_line = (("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số lượng/Tỷ lệ", "Ghi chú"),)
    report = long_phu(order=order, headers=one_line)
    assert facts(read_as(file_format, report)) == facts(read_as("txt", long_phu()))


def test_the_real_report_reads_as_its_figures() -> None:
    """An extra check where the real file is at hand; everywhere else the figures of examples/ stand for it."""
    path = seed_file()
    content = path.read_bytes() if path else to_txt(long_phu())
    read_content = read("report.txt", content, CATALOGUE)
    assert Counter(row.status for row in read_content.rows) == PRINTED
    assert [row[:7] for row in facts(read_content)] == [row[:7] for row in facts(read_as("docx", long_phu()))]
    at = REOPENERS["txt"](content)
    assert all(row.raw_value == at(row.location) for row in read_content.rows)
    assert read_content.findings == ()


def test_reading_loads_no_heavy_library() -> None:
    code = "import sys, etl.parsing; print([n for n in ('pandas', 'sqlalchemy', 'airflow', 'openpyxl', 'docx',"
    code += " 'great_expectations', 'psycopg2') if n in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
