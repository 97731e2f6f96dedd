"""Alignment: a missing, added, renamed or moved row never shifts its neighbours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.observations import ReportContent
from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, FORM, Line, long_phu, real_lines, to_txt

LINES = real_lines()
CODES = [row.indicator.indicator_code for row in FORM.rows]
BELOW = [index for index, row in enumerate(FORM.rows) if row.level]
UNIQUE = [index for index in BELOW if sum(line.label == LINES[index].label for line in LINES) == 1]


def read_lines(lines: list[Line]) -> ReportContent:
    return read("report.txt", to_txt(long_phu(lines=tuple(lines), breaks=frozenset())), CATALOGUE)


def codes(content: ReportContent) -> list[str]:
    return [row.indicator_code for row in content.rows]


def rules(content: ReportContent) -> list[str]:
    return [finding.rule_code for finding in content.findings]


def expected_codes(*without: int) -> list[str]:
    return [CODES[index] for index in BELOW if index not in without]


def index_of(code: str) -> int:
    return CODES.index(code)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(UNIQUE), min_size=1, max_size=12))
def test_missing_rows_are_reported_and_shift_no_other_row(dropped: set[int]) -> None:
    content = read_lines([line for index, line in enumerate(LINES) if index not in dropped])
    assert codes(content) == expected_codes(*dropped)
    missing = [f.indicator_code for f in content.findings if f.rule_code == "row_missing"]
    assert missing == [CODES[index] for index in sorted(dropped)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, len(LINES) - 1), min_size=1, max_size=6, unique=True))
def test_added_rows_have_no_indicator_and_shift_no_other_row(places: list[int]) -> None:
    lines = list(LINES)
    for place in sorted(places, reverse=True):
        lines.insert(place, Line("", f"Số chuyến tham quan học tập {place} do ngành tổ chức", "Chuyến", "7", ""))
    content = read_lines(lines)
    assert [code for code in codes(content) if code] == expected_codes()
    added = [row for row in content.rows if not row.indicator_code]
    assert len(added) == len(places)
    assert {row.value for row in added} == {7}
    assert rules(content).count("row_added") == len(places)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(UNIQUE), st.data())
def test_a_misprinted_label_is_matched_with_its_row(index: int, data: st.DataObject) -> None:
    label = LINES[index].label
    place = data.draw(st.integers(0, len(label) - 1).filter(lambda place: label[place].isalpha()))
    lines = list(LINES)
    lines[index] = replace(lines[index], label=label[:place] + label[place + 1 :])
    content = read_lines(lines)
    row = content.rows[BELOW.index(index)]
    # A letter lost from a word that tells rows apart may make it another row: without an indicator, never a wrong one.
    assert row.indicator_code in (CODES[index], "")
    assert [code for code in codes(content) if code] in (expected_codes(), expected_codes(index))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(UNIQUE), st.sampled_from(UNIQUE))
def test_swapped_rows_keep_their_own_indicators(first: int, second: int) -> None:
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    content = read_lines(lines)
    expected = list(CODES)
    expected[first], expected[second] = expected[second], expected[first]
    assert codes(content) == [expected[index] for index in BELOW]
    assert set(rules(content)) == ({"row_moved"} if first != second else set())


def test_a_row_printed_twice_counts_once() -> None:
    index = index_of("plan_tasks_completed")
    content = read_lines([*LINES[: index + 1], replace(LINES[index], value="99"), *LINES[index + 1 :]])
    assert rules(content) == ["row_twice"]
    values = [row.value for row in content.rows if row.indicator_code == "plan_tasks_completed"]
    assert values == [11]


def test_rows_of_different_levels_of_government_are_not_matched() -> None:
    """A row of the province in place of the district's is not a misprint."""
    index = index_of("procedures_in_force_district")
    lines = list(LINES)
    lines[index] = replace(lines[index], label="Số TTHC áp dụng tại UBND cấp tỉnh", value="1,802")
    content = read_lines(lines)
    assert "procedures_in_force_district" not in codes(content)
    assert sorted(rules(content)) == ["row_added", "row_missing"]


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("legal_documents_issued", "Số văn bản quy phạm pháp luật đã ban hành"),
        ("departments", "SỐ PHÒNG CHUYÊN MÔN THUỘC ỦY BAN NHÂN DÂN CẤP HUYỆN"),
        ("portal_procedures", "- Số thủ tục hành chính được tích hợp lên Cổng dịch vụ công;"),
        ("district_financial_autonomy", "**Uỷ ban nhân dân cấp huyện thực hiện cơ chế tự chủ theo quy định**"),
    ],
)
def test_labels_are_matched_in_any_spelling(code: str, label: str) -> None:
    index = index_of(code)
    lines = list(LINES)
    lines[index] = replace(lines[index], label=label)
    content = read_lines(lines)
    assert codes(content) == expected_codes()
    assert content.findings == ()


def test_duplicate_labels_are_matched_by_their_neighbours() -> None:
    """If the first of two groups of equal labels is missing, the rest is matched with the second."""
    dropped = [index_of(code) for code in ("legal_documents_self_checked", "self_check_unlawful_found")]
    dropped.append(index_of("self_check_unlawful_handled"))
    content = read_lines([line for index, line in enumerate(LINES) if index not in dropped])
    assert codes(content) == expected_codes(*dropped)


def test_a_missing_area_heading_moves_no_row_to_another_area() -> None:
    index = index_of("procedures")
    content = read_lines([line for place, line in enumerate(LINES) if place != index])
    assert codes(content) == expected_codes()
    assert [row.reform_area for row in content.rows] == [FORM.rows[index].reform_area_code for index in BELOW]


def test_other_tables_are_not_part_of_the_appendix() -> None:
    table = "Nội dung\tSố lượng\nMáy tính\t40\nMáy in\t12\n\n"
    content = read("report.txt", table.encode() + to_txt(long_phu()), CATALOGUE)
    assert codes(content) == expected_codes()
    assert content.findings == ()


def test_an_unknown_form_is_reported_with_the_nearest_one() -> None:
    lines = [Line(str(number), f"Chỉ tiêu tự đặt thứ {number} của ngành", "Người", "5", "") for number in range(30)]
    content = read_lines(lines)
    assert rules(content) == ["form_unknown"]
    assert content.head.form_code == ""
    assert set(codes(content)) == {""}
