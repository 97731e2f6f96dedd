"""One report in every file format gives the same facts, each with a location that re-opens to its raw text."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from etl.decimals import format_decimal
from etl.observations import SIMULATION_MARK, DocumentHead, ReportContent
from etl.parsing import read
from etl.parsing.formats import registry
from tests.unit.parsing.file_formats import FILE_FORMATS
from tests.unit.parsing.rendering import CATALOGUE, FORM, Report, long_phu, seed_file, to_txt, to_xlsx
from tests.unit.parsing.reopening import reopen_txt, reopen_xlsx

EXPECTED_STATUSES = {"reported": 100, "not_applicable": 1, "not_done": 6, "heading": 29, "blank": 38}
WITH_REOPENER = [name for name, written in FILE_FORMATS.items() if written.reopen]


def read_as(file_format: str, report: Report) -> ReportContent:
    written = FILE_FORMATS[file_format]
    return read(written.file_name, written.write(report), CATALOGUE)


def facts(content: ReportContent) -> list[tuple[str, ...]]:
    """What a report says, without spaces: a page breaks lines anywhere."""
    texts = [
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
    return [tuple("".join(text.split()) for text in row) for row in texts]


def test_every_file_format_of_the_registry_is_tested() -> None:
    tested = {written.file_name.rpartition(".")[2] for written in FILE_FORMATS.values()}
    assert {file_format.name for file_format in registry.FILE_FORMATS} - tested == {"doc"}  # needs LibreOffice


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_every_file_format_gives_the_same_facts_without_findings(file_format: str) -> None:
    content = read_as(file_format, long_phu())
    assert facts(content) == facts(read_as("txt", long_phu()))
    assert Counter(row.status for row in content.rows) == EXPECTED_STATUSES
    assert [row.indicator_code for row in content.rows] == [
        row.indicator.indicator_code for row in FORM.rows if row.level
    ]
    assert content.findings == ()


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_the_head_has_district_period_number_and_date(file_format: str) -> None:
    assert read_as(file_format, long_phu()).head == DocumentHead(
        "946", "2021-Q1", "56/BC-UBND", date(2021, 3, 18), "snv-380-2021", is_simulated=False
    )


@pytest.mark.parametrize("file_format", FILE_FORMATS)
def test_a_simulated_report_is_marked(file_format: str) -> None:
    assert read_as(file_format, long_phu(head=(SIMULATION_MARK, *long_phu().head))).head.is_simulated


@pytest.mark.parametrize("file_format", WITH_REOPENER)
def test_every_location_re_opens_to_the_raw_text(file_format: str) -> None:
    written = FILE_FORMATS[file_format]
    assert written.reopen is not None
    content = written.write(long_phu())
    text_at = written.reopen(content)
    rows = read(written.file_name, content, CATALOGUE).rows
    assert [row.raw_value for row in rows] == [text_at(row.location) for row in rows]


def test_numeric_cells_re_open_to_their_stored_number() -> None:
    content = to_xlsx(long_phu(), numbers=True)
    text_at = reopen_xlsx(content)
    report = read("report.xlsx", content, CATALOGUE)
    assert facts(report) == facts(read_as("txt", long_phu()))
    assert [row.raw_value for row in report.rows] == [text_at(row.location) for row in report.rows]
    assert {row.indicator_code: row.raw_value for row in report.rows}["dossiers_received_district"] == "2574"


@pytest.mark.parametrize("file_format", ["txt", "docx", "xlsx", "json"])
@pytest.mark.parametrize("order", [(1, 0, 2, 3, 4), (0, 1, 3, 2, 4), (4, 3, 2, 1, 0)])
def test_columns_may_be_in_another_order(file_format: str, order: tuple[int, ...]) -> None:
    one_line = (("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số lượng/Tỷ lệ", "Ghi chú"),)
    report = long_phu(order=order, headers=one_line)
    assert facts(read_as(file_format, report)) == facts(read_as("txt", long_phu()))


def test_the_real_report_has_the_figures_of_the_examples() -> None:
    """Reads the real file where it is available; the figures of examples/ replace it elsewhere."""
    path = seed_file()
    content = path.read_bytes() if path else to_txt(long_phu())
    report = read("report.txt", content, CATALOGUE)
    assert Counter(row.status for row in report.rows) == EXPECTED_STATUSES
    assert [row[:7] for row in facts(report)] == [row[:7] for row in facts(read_as("docx", long_phu()))]
    text_at = reopen_txt(content)
    assert all(row.raw_value == text_at(row.location) for row in report.rows)
    assert report.findings == ()


def test_reading_loads_no_heavy_library() -> None:
    code = "import sys, etl.parsing; print([n for n in ('pandas', 'sqlalchemy', 'airflow', 'openpyxl', 'docx',"
    code += " 'great_expectations', 'psycopg2') if n in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
