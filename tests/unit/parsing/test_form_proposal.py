"""A proposal shows each printed row beside the nearest form, and guesses nothing."""

from __future__ import annotations

from dataclasses import replace

from etl.catalogue.proposals import Proposal
from etl.parsing import propose
from tests.unit.parsing.rendering import CATALOGUE, FORM, Line, long_phu, printed_item, real_lines, to_txt

LINES = real_lines()
DRAFT = CATALOGUE.forms["snv-2022-draft"]
ONLY_2021 = replace(CATALOGUE, forms={FORM.form_code: FORM})


def proposed(lines: list[Line]) -> Proposal:
    return propose("report.txt", to_txt(long_phu(lines=tuple(lines))), ONLY_2021)


def changed(made: Proposal, change: str) -> list[str]:
    return [row.label or row.nearest_label for row in made.rows if row.change == change]


def test_an_unchanged_appendix_is_proposed_as_its_form() -> None:
    made = proposed(list(LINES))
    assert [(row.path, row.item, row.indicator_code) for row in made.form_rows] == [
        (row.path, row.item, row.indicator.indicator_code) for row in FORM.rows
    ]
    assert {(row.change, row.confirmed) for row in made.rows} == {("kept", "yes")}
    assert str(made.valid_from) == "2020-12-15"


def test_added_and_dropped_rows_are_proposed_with_their_nearest_row() -> None:
    lines = [Line(printed_item(row), row.label, row.unit, "1" if row.is_asked else "", "") for row in DRAFT.rows]
    made = proposed(lines)
    added = [row for row in made.rows if row.change == "added"]
    assert len(added) == len(changed(made, "dropped")) == 6
    assert all(row.indicator_code.startswith("new_") and not row.confirmed and not row.name_en for row in added)
    assert {row.label: row.nearest_label for row in added}["Tỷ lệ hồ sơ xử lý trực tuyến một phần"].startswith(
        "Tỷ lệ hồ sơ xử lý trực tuyến mức độ"
    )
    assert [row.path for row in made.form_rows] == [row.path for row in DRAFT.rows]


def test_renamed_and_moved_rows_need_confirmation() -> None:
    lines = list(LINES)
    lines[2] = replace(lines[2], label="Số nhiệm vụ được giao trong kế hoạch năm")
    lines.insert(20, lines.pop(4))
    made = proposed(lines)
    waiting = {row.change: row for row in made.rows if not row.confirmed}
    assert waiting["renamed"].indicator_code == "plan_tasks_assigned"
    assert waiting["moved"].indicator_code == "steering_documents_issued"
    assert 0.8 < float(waiting["renamed"].similarity) < 1


def test_kind_unit_and_nature_of_a_new_row_are_suggested() -> None:
    lines = [
        *LINES,
        Line("7", "Chuyển đổi số", "", "", ""),
        Line("", "Tỷ lệ hộ dân có địa chỉ số lũy kế đến thời điểm báo cáo", "%", "5", ""),
        Line("", "Có thành lập tổ công nghệ", "Có = 1 Không = 0", "1", ""),
        Line("", "Số tổ công nghệ", "Tổ", "4", ""),
    ]
    heading, rate, code, count = (row for row in proposed(lines).rows if row.change == "added")
    assert (heading.kind, heading.path) == ("heading", "VII.7")
    assert (rate.kind, rate.unit_code, rate.nature, rate.path) == ("rate", "percent", "cumulative", "VII.7.1")
    assert (code.kind, code.code_list) == ("code_list", "yes_no")
    assert (count.kind, count.unit_code, count.nature) == ("count", "", "")


def test_contacts_are_masked_in_a_proposal() -> None:
    made = proposed([*LINES, Line("", "Liên hệ 0912 345 678, lan@example.gov.vn", "Người", "1", "")])
    assert "345" not in repr(made)
    assert "@" not in repr(made)
