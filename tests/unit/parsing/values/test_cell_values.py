"""Cells that are not plain numbers: absence, text, codes, ambiguity."""

from __future__ import annotations

from decimal import Decimal

import pytest

from etl.decimals import format_decimal
from etl.observations import Observation, ReportContent
from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, to_txt, with_values


def read_with(values: dict[str, str], notes: dict[str, str] | None = None) -> ReportContent:
    return read("report.txt", to_txt(with_values(values, notes)), CATALOGUE)


def row_of(content: ReportContent, code: str) -> Observation:
    return next(row for row in content.rows if row.indicator_code == code)


def status_and_value(code: str, text: str, note: str = "") -> tuple[str, str]:
    row = row_of(read_with({code: text}, {code: note}), code)
    assert row.raw_value == text
    return row.status, format_decimal(row.value)


def test_a_blank_is_not_a_zero() -> None:
    assert status_and_value("feedback_received", "") == ("blank", "")
    assert status_and_value("feedback_received", "0") == ("reported", "0")


@pytest.mark.parametrize("text", ["-", "–", "...", "…", "Văn bản số ...", "Thời gian tổ chức"])
def test_placeholders_are_blank(text: str) -> None:
    assert status_and_value("feedback_received", text) == ("blank", "")


@pytest.mark.parametrize("text", ["Chưa thực hiện", "chưa thực hiện", "CHƯA TRIỂN KHAI"])
def test_not_done_is_recognised_by_its_words(text: str) -> None:
    assert status_and_value("feedback_received", text) == ("not_done", "")


def test_not_done_on_a_heading_covers_only_its_blank_children() -> None:
    content = read_with({"reform_inspection": "Chưa thực hiện", "inspection_problems_found": "2"})
    assert row_of(content, "reform_inspection").status == "not_done"
    assert row_of(content, "inspected_departments").status == "not_done"
    assert row_of(content, "inspection_problems_found").status == "reported"
    assert row_of(content, "communication_articles_published").status == "blank"


def test_nothing_arisen_is_not_applicable() -> None:
    assert status_and_value("feedback_resolved", "Không phát sinh") == ("not_applicable", "")


def test_a_zero_with_an_excusing_note_is_not_applicable() -> None:
    code = "land_dossiers_on_time_commune_pct"
    assert status_and_value(code, "0", "Cấp xã không có lĩnh vực đất đai") == ("not_applicable", "")
    assert status_and_value(code, "95", "Cấp xã không có lĩnh vực xây dựng") == ("reported", "95")


@pytest.mark.parametrize(("text", "code"), [("Có", "1"), ("không", "0"), ("1", "1"), ("01", "1")])
def test_a_code_is_read_from_its_label(text: str, code: str) -> None:
    assert status_and_value("dialogue_held", text) == ("reported", code)


def test_code_labels_take_precedence_over_words_of_absence() -> None:
    assert status_and_value("appointment_by_examination", "Chưa thực hiện") == ("reported", "0")


@pytest.mark.parametrize("text", ["x", "Không rõ", "Có", "12/3/2021", "2,5", "85%"])
def test_text_under_a_count_is_undecidable_with_a_finding(text: str) -> None:
    content = read_with({"feedback_received": text})
    row = row_of(content, "feedback_received")
    assert (row.status, row.value) == ("undecidable", None)
    assert [(finding.location, finding.found) for finding in content.findings] == [(row.location, text)]


def test_a_number_on_a_heading_is_a_finding_and_no_value() -> None:
    content = read_with({"reform_inspection": "3"})
    assert row_of(content, "reform_inspection").status == "heading"
    assert [finding.rule_code for finding in content.findings] == ["value_on_heading"]


def test_a_fraction_is_its_numerator_or_its_share() -> None:
    assert status_and_value("departments", "12/13") == ("reported", "12")
    assert status_and_value("dossiers_on_time_district_pct", "13/13") == ("reported", "100")


def test_the_column_distinguishes_thousands_from_decimals() -> None:
    vietnamese = {
        "dossiers_received_district": "2.574",
        "dossiers_resolved_district": "1.378",
        "dossiers_received_commune": "11.374",
        "dossiers_resolved_commune": "11.366",
        "public_employees_allotted": "1.349",
        "public_employees_present": "1.190",
        "documents_sent": "4.000",
        "documents_sent_electronic_pct": "62,15",
        "documents_sent_electronic_and_paper_pct": "31,56",
        "online_dossiers_level_4_pct": "4,7",
    }
    content = read_with(vietnamese)
    values = {row.indicator_code: row.value for row in content.rows}
    assert values["documents_sent"] == 4000
    assert values["documents_sent_electronic_pct"] == Decimal("62.15")
    assert values["public_employees_allotted"] == 1349
    assert content.findings == ()


def test_an_ambiguous_count_in_a_mixed_column_is_undecidable() -> None:
    content = read_with({"documents_sent": "4,000", "documents_sent_electronic_pct": "62,15"})
    row = row_of(content, "documents_sent")
    assert (row.status, row.value) == ("undecidable", None)
    finding = next(f for f in content.findings if f.indicator_code == "documents_sent")
    assert (finding.rule_code, finding.expected) == ("value_undecidable", "4 / 4000")


def test_words_in_a_text_row_are_kept_with_a_finding() -> None:
    content = read_with({"recruitment": "Đang xây dựng kế hoạch tuyển dụng"})
    row = row_of(content, "recruitment")
    assert (row.status, row.value, row.raw_value) == ("undecidable", None, "Đang xây dựng kế hoạch tuyển dụng")
    assert [(finding.rule_code, finding.location) for finding in content.findings] == [
        ("text_not_counted", row.location)
    ]


@pytest.mark.parametrize(
    ("code", "text", "decision"),
    [
        ("feedback_received", "24", "plain"),
        ("feedback_received", "2,574", "en whole"),
        ("feedback_received", "1.234.567", "vi digits"),
        ("feedback_received", "12/12", "plain, numerator"),
        ("dossiers_on_time_district_pct", "12/12", "plain, share"),
        ("dossiers_on_time_district_pct", "62.15", "en digits"),
        ("documents_sent", "4,000", "en column"),
        ("dialogue_held", "Có", "code words"),
        ("feedback_received", "Chưa thực hiện", "words"),
        ("feedback_received", "không phát sinh", "words"),
        ("feedback_received", "x", "open"),
        ("feedback_received", "", ""),
    ],
)
def test_the_decision_is_kept_with_the_value(code: str, text: str, decision: str) -> None:
    assert row_of(read_with({code: text}), code).decision == decision


def test_decisions_by_heading_or_note_are_kept() -> None:
    content = read_with({"reform_inspection": "Chưa thực hiện"})
    assert row_of(content, "inspected_departments").decision == "heading words"
    assert row_of(content, "construction_dossiers_on_time_commune_pct").decision == "note words"


@pytest.mark.parametrize("text", ["31 /", "31\u202f", "３１", "031", "\u200b31"])
def test_counts_are_read_as_clerks_type_them(text: str) -> None:
    assert row_of(read_with({"survey_forms": text}), "survey_forms").value == 31


@pytest.mark.parametrize("text", ["11\u202f374", "11\u2009374", "11 374", "11.374", "11,374", "１１．３７４"])
def test_thousands_are_read_as_clerks_group_them(text: str) -> None:
    assert row_of(read_with({"dossiers_received_commune": text}), "dossiers_received_commune").value == 11374


@pytest.mark.parametrize("code", ["feedback_received", "survey_satisfaction_pct", "dialogue_held"])
def test_a_cross_is_undecidable(code: str) -> None:
    """It may mean yes, done or not applicable: only the clerk knows."""
    content = read_with({code: "x"})
    assert row_of(content, code).status == "undecidable"
    assert [finding.rule_code for finding in content.findings] == ["value_not_a_number"]
