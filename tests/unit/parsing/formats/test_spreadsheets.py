"""What only spreadsheets have: number formats, formulas, merges, hidden parts, several sheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from etl.decimals import format_decimal
from etl.observations import Observation, ReportContent
from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, FORM, long_phu, real_lines, saved, to_xlsx, workbook
from tests.unit.parsing.reopening import reopen_with_calamine

FILES = Path(__file__).parent / "files"
TOP = len(long_phu().head) + len(long_phu().title) + 2
PLAIN = long_phu(breaks=frozenset())


def sheet_row(code: str) -> int:
    """The sheet's row of an indicator in a report without page breaks."""
    return TOP + next(row.ordinal for row in FORM.rows if row.indicator.indicator_code == code)


def changed(*changes: tuple[str, object, str]) -> ReportContent:
    """The report with cells set: indicator, value, number format."""
    book = workbook(PLAIN, numbers=True)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for code, value, number_format in changes:
        cell = sheet.cell(sheet_row(code), 4)
        cell.value, cell.number_format = value, number_format  # type: ignore[assignment]
    return read("report.xlsx", saved(book), CATALOGUE)


def row_of(content: ReportContent, code: str) -> Observation:
    return next(row for row in content.rows if row.indicator_code == code)


@pytest.mark.parametrize(
    ("stored", "number_format", "raw", "value"),
    [
        (0.5, "0%", "0.5", "50"),
        (0.6215, "0.00%", "0.6215", "62.15"),
        (62.15, "0.00", "62.15", "62.15"),
        (1, "0%", "1", "100"),
    ],
)
def test_a_percentage_is_read_as_it_is_shown(stored: float, number_format: str, raw: str, value: str) -> None:
    row = row_of(changed(("documents_sent_electronic_pct", stored, number_format)), "documents_sent_electronic_pct")
    assert (row.raw_value, format_decimal(row.value)) == (raw, value)
    assert row.location == f"Phụ lục!D{sheet_row('documents_sent_electronic_pct')}"


def test_a_date_in_a_number_cell_is_no_number() -> None:
    content = changed(("departments", date(2021, 12, 12), "dd/mm/yyyy"))
    assert row_of(content, "departments").status == "undecidable"
    assert [finding.rule_code for finding in content.findings] == ["value_not_a_number"]


def test_a_formula_without_its_result_is_a_finding() -> None:
    content = changed(("procedures_in_force", "=D60+D61", "0"))
    assert row_of(content, "procedures_in_force").status == "undecidable"
    assert [finding.rule_code for finding in content.findings] == ["value_not_calculated"]


def test_a_stored_fraction_under_a_count_is_not_believed() -> None:
    content = changed(("dossiers_received_district", 2.574, "General"))
    assert row_of(content, "dossiers_received_district").status == "undecidable"
    assert [finding.expected for finding in content.findings] == ["2574 / 2.574"]


def test_merged_area_headings_hide_no_row() -> None:
    book = workbook(PLAIN, numbers=True)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in FORM.rows:
        if row.level == 0:
            number = TOP + row.ordinal
            sheet.cell(number, 1).value = f"{row.path}. {row.label}"
            sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=5)
    content = read("report.xlsx", saved(book), CATALOGUE)
    assert [row.indicator_code for row in content.rows] == [r.indicator.indicator_code for r in FORM.rows if r.level]
    assert content.findings == ()


def test_a_figure_merged_over_two_asked_rows_belongs_to_neither() -> None:
    book = workbook(PLAIN, numbers=True)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    first = sheet_row("plan_tasks_assigned")
    sheet.merge_cells(start_row=first, end_row=first + 1, start_column=4, end_column=4)
    content = read("report.xlsx", saved(book), CATALOGUE)
    for code in ("plan_tasks_assigned", "plan_tasks_completed"):
        assert (row_of(content, code).status, row_of(content, code).location) == ("undecidable", f"Phụ lục!D{first}")


def test_cover_sheets_and_sheet_names_do_not_matter() -> None:
    book = workbook(PLAIN, numbers=True)
    cover = book.create_sheet("Bìa", 0)
    cover["B2"] = "Nội dung"
    cover["C2"] = "Số lượng"
    cover.append(["", "Máy tính", 4])
    assert book.active is not None
    content = read("report.xlsx", saved(book), CATALOGUE)
    assert len(content.rows) == 174
    assert content.findings == ()


def test_a_hidden_copy_of_the_last_period_is_not_read() -> None:
    book = workbook(PLAIN, numbers=True)
    old = book.create_sheet("Quý trước", 0)
    for row in replace(PLAIN, lines=tuple(replace(line, value="9") for line in real_lines())).table():
        old.append(row)
    old.sheet_state = "hidden"
    book.active = 1
    content = read("report.xlsx", saved(book), CATALOGUE)
    assert row_of(content, "plan_tasks_assigned").value == 24
    assert len(content.rows) == 174


def test_a_column_of_the_last_period_is_not_the_value() -> None:
    headers = (("STT", "Chỉ tiêu", "Đơn vị tính", "Số lượng", "Ghi chú"),)
    book = workbook(long_phu(breaks=frozenset(), headers=headers), numbers=True)
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.insert_cols(4)
    sheet.cell(TOP - 1, 4).value = "Số lượng kỳ trước"
    for number in range(TOP, TOP + 181):
        sheet.cell(number, 4).value = 77
    content = read("report.xlsx", saved(book), CATALOGUE)
    assert 77 not in {row.value for row in content.rows}
    assert row_of(content, "plan_tasks_assigned").value == 24


@pytest.mark.parametrize("file_format", ["ods", "xls"])
def test_files_of_libreoffice_give_the_same_facts(file_format: str) -> None:
    content = (FILES / f"long_phu.{file_format}").read_bytes()
    rows = read(f"long_phu.{file_format}", content, CATALOGUE).rows
    expected = read("long_phu.xlsx", to_xlsx(long_phu(), numbers=True), CATALOGUE).rows
    assert [(row.indicator_code, row.value, row.note, row.location) for row in rows] == [
        (row.indicator_code, row.value, row.note, row.location) for row in expected
    ]
    at = reopen_with_calamine(content)
    assert [row.raw_value for row in rows] == [at(row.location) for row in rows]


@pytest.mark.parametrize("file_format", ["ods", "xls"])
def test_a_percentage_of_a_file_of_libreoffice_is_read_as_it_is_shown(file_format: str) -> None:
    content = read(f"a.{file_format}", (FILES / f"long_phu.{file_format}").read_bytes(), CATALOGUE)
    row = row_of(content, "documents_sent_electronic_pct")
    assert (row.raw_value, row.value) == ("0.6215", Decimal("62.15"))
