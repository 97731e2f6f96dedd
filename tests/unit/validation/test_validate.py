"""Findings of a report, their order, and the status that follows. One run of the suites serves many tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from etl.errors import CatalogueError, UsageError
from etl.findings import Finding, describe_location
from etl.settings import PROJECT_ROOT
from etl.validation import Candidate, ValidationResult, validate
from etl.validation.evaluation import evaluate
from tests.unit.validation.factories import (
    CATALOGUE,
    FORM,
    PERIOD,
    blank_report,
    correct_report,
    location_of,
    long_phu,
)

BROKEN_SUM = {"procedures_in_force": "418", "procedures_in_force_district": "1", "procedures_in_force_commune": "2"}
PLENTY = 700


def _with_a_second_row() -> Candidate:
    candidate = correct_report()
    last = next(row for row in candidate.rows if row.indicator_code == "plan_tasks_completed")
    second = last._replace(value=Decimal(99), raw_value="99", location="table[1]/row[200]/col[4]")
    return replace(candidate, rows=(*candidate.rows, second))


BATCH: Mapping[str, Callable[[], Candidate]] = {
    "correct": correct_report,
    "real": long_phu,
    "empty": blank_report,
    "mistyped": lambda: correct_report(
        {"survey_satisfaction_pct": "1234567890123456", "steering_documents_issued": "1.5"}
    ),
    "broken sum": lambda: correct_report(BROKEN_SUM),
    "two validation stages": lambda: correct_report({**BROKEN_SUM, "survey_mode": "7", "dialogue_held": "9"}),
    "one validation stage": lambda: correct_report(
        {**BROKEN_SUM, "plan_tasks_completed": "9", "online_dossiers_level_3_pct": "1"}
    ),
    "warning": lambda: correct_report({"training_completed": "3"}),
    "undecided": lambda: correct_report({"survey_forms": {"status": "undecidable", "raw_value": "1,349"}}),
    "undecided by the reader": lambda: correct_report(
        {"survey_forms": {"status": "undecidable", "raw_value": "1,349"}},
        findings=[
            Finding("value_undecidable", location_of("survey_forms"), "survey_forms", "1,349", "1349 hoặc 1,349")
        ],
    ),
    "undecided aside": lambda: correct_report(
        {"communication_media_items": {"status": "undecidable", "raw_value": "1,349"}},
        findings=[Finding("value_undecidable", location_of("communication_media_items"), "communication_media_items")],
    ),
    "row missing": lambda: correct_report(
        without=["plan_tasks_assigned"], findings=[Finding("row_missing", indicator_code="plan_tasks_assigned")]
    ),
    "form unknown": lambda: correct_report(form_code="", findings=[Finding("form_unknown", found="40 %")]),
    "form nameless": lambda: correct_report(form_code="another-form"),
    "form unknown and critical": lambda: correct_report(
        form_code="", findings=[Finding("form_unknown", found="40 %"), Finding("appendix_missing")]
    ),
    "row twice": _with_a_second_row,
    "undated": lambda: correct_report(signed_on=None),
}


@pytest.fixture(scope="module")
def results() -> Mapping[str, ValidationResult]:
    """All reports above and 700 that break the same sum, validated in one batch."""
    named = [replace(make(), submission_id=number) for number, make in enumerate(BATCH.values())]
    broken = [correct_report(BROKEN_SUM, submission_id=1000 + number) for number in range(PLENTY)]
    validated = validate([*named, *broken], PERIOD, CATALOGUE)
    assert [one.submission_id for one in validated] == [one.submission_id for one in [*named, *broken]]
    return dict(zip([*BATCH, *(f"broken {number}" for number in range(PLENTY))], validated, strict=True))


def rules_found(result: ValidationResult, severity: str = "") -> list[str]:
    return [one.finding.rule_code for one in result.findings if severity in ("", one.severity)]


def alarms(result: ValidationResult) -> list[str]:
    return rules_found(result, "critical") + rules_found(result, "warning")


def test_a_correct_report_is_accepted_without_warnings(results: Mapping[str, ValidationResult]) -> None:
    assert (results["correct"].status, alarms(results["correct"])) == ("accepted", [])


def test_the_real_report_is_accepted_with_three_warnings(results: Mapping[str, ValidationResult]) -> None:
    real = results["real"]
    assert real.status == "accepted_with_warnings"
    assert rules_found(real, "critical") == []
    assert rules_found(real, "warning") == [
        "autonomous_bodies_within_departments_and_communes",
        "autonomous_units_sum",
        "note_of_another_row",
    ]
    assert set(rules_found(real, "info")) == {
        "label_against_unit",
        "not_applicable_zero",
        "label_misprinted",
        "unit_misprinted",
        "placeholder_in_note",
        "rate_without_base",
        "row_reprinted",
    }


def test_a_finding_contains_cell_found_expected_and_difference(
    results: Mapping[str, ValidationResult],
) -> None:
    (one,) = [found for found in results["broken sum"].findings if found.severity == "critical"]
    cell = location_of("procedures_in_force")
    assert one.finding == Finding("procedures_in_force_sum", cell, "procedures_in_force", "418", "3", "415")
    for sentence, place in zip((one.message_vi, one.message_en), describe_location(cell), strict=True):
        assert place in sentence
        assert "418" in sentence
        assert "415" in sentence


def test_an_empty_report_is_rejected_with_one_finding(results: Mapping[str, ValidationResult]) -> None:
    assert results["empty"].status == "rejected"
    assert rules_found(results["empty"]) == ["report_empty"]


def test_a_mistyped_cell_does_not_affect_other_reports(results: Mapping[str, ValidationResult]) -> None:
    assert rules_found(results["mistyped"], "critical") == ["count_not_whole", "rate_not_a_number"]
    assert results["correct"].status == "accepted"


def test_all_failing_reports_are_listed_however_many(results: Mapping[str, ValidationResult]) -> None:
    broken = [results[f"broken {number}"] for number in range(PLENTY)]
    assert {one.status for one in broken} == {"rejected"}
    assert all(rules_found(one, "critical") == ["procedures_in_force_sum"] for one in broken)


def test_a_critical_finding_stops_the_submission_after_its_stage(
    results: Mapping[str, ValidationResult],
) -> None:
    assert rules_found(results["two validation stages"], "critical") == ["code_unknown", "code_unknown"]
    assert rules_found(results["one validation stage"], "critical") == [
        "plan_tasks_completed_within_assigned",
        "procedures_in_force_sum",
    ]
    assert "rate_without_base" not in rules_found(results["one validation stage"])
    assert "rate_without_base" in rules_found(results["correct"])


def test_findings_are_ordered_by_stage_and_then_down_the_appendix(results: Mapping[str, ValidationResult]) -> None:
    real = results["real"]
    rows = {row.location: number for number, row in enumerate(long_phu().rows)}
    types = [rows[one.finding.location] for one in real.findings if one.finding.rule_code.startswith("label_")]
    notes = [rows[one.finding.location] for one in real.findings if one.finding.rule_code == "placeholder_in_note"]
    assert types == sorted(types)
    assert notes == sorted(notes)
    assert rules_found(real).index("placeholder_in_note") > rules_found(real).index("autonomous_units_sum")


def test_a_report_with_warnings_is_accepted_with_warnings(results: Mapping[str, ValidationResult]) -> None:
    assert results["warning"].status == "accepted_with_warnings"
    assert alarms(results["warning"]) == ["training_completed_within_planned"]


def test_an_undecidable_required_figure_is_held_for_review(results: Mapping[str, ValidationResult]) -> None:
    assert results["undecided"].status == "held"
    assert alarms(results["undecided"]) == ["value_undecidable"]
    assert results["undecided aside"].status == "accepted_with_warnings"


def test_a_finding_of_the_parser_is_not_reported_again(results: Mapping[str, ValidationResult]) -> None:
    (one,) = [found for found in results["undecided by the reader"].findings if found.severity == "warning"]
    assert one.finding.expected == "1349 hoặc 1,349"
    assert results["undecided by the reader"].status == "held"


def test_a_missing_row_is_reported_by_name_and_not_as_blank(results: Mapping[str, ValidationResult]) -> None:
    (one,) = [found for found in results["row missing"].findings if found.severity == "warning"]
    assert one.finding.rule_code == "row_missing"
    assert CATALOGUE.indicators["plan_tasks_assigned"].name_vi in one.message_vi


def test_an_unknown_form_is_held_for_review(results: Mapping[str, ValidationResult]) -> None:
    assert {results[name].status for name in ("form unknown", "form nameless", "form unknown and critical")} == {"held"}
    assert rules_found(results["form unknown"]) == ["form_unknown"]
    assert "another-form" in results["form nameless"].findings[0].message_vi


def test_the_first_of_two_equal_rows_counts(results: Mapping[str, ValidationResult]) -> None:
    assert results["row twice"].status == "accepted"


def test_a_report_without_a_date_is_accepted_with_a_note(results: Mapping[str, ValidationResult]) -> None:
    assert results["undated"].status == "accepted"
    assert "date_missing" in rules_found(results["undated"], "info")


def test_every_message_is_filled_in(results: Mapping[str, ValidationResult]) -> None:
    sentences = [
        text for one in results.values() for found in one.findings for text in (found.message_vi, found.message_en)
    ]
    assert sentences
    assert not [text for text in sentences if "{" in text or "}" in text]


def test_same_input_gives_the_same_findings_in_the_same_order(results: Mapping[str, ValidationResult]) -> None:
    candidates = [replace(make(), submission_id=number) for number, make in enumerate(BATCH.values())]
    backwards = validate(candidates[::-1], PERIOD, CATALOGUE)[::-1]
    assert backwards == [results[name] for name in BATCH]


def test_no_candidates_give_no_results_and_an_unknown_period_is_an_error() -> None:
    assert validate([], PERIOD, CATALOGUE) == []
    with pytest.raises(UsageError, match="2019-Q1"):
        validate([], "2019-Q1", CATALOGUE)


def test_a_finding_of_a_rule_that_does_not_exist_is_an_error() -> None:
    candidate = correct_report(form_code="", findings=[Finding("made_up")])
    with pytest.raises(CatalogueError, match="made_up"):
        validate([candidate], PERIOD, CATALOGUE)


def test_a_changed_form_runs_its_own_suites_and_not_the_kept_ones() -> None:
    rows = tuple(replace(row, is_required=row.indicator.indicator_code == "other_tasks") for row in FORM.rows)
    changed = replace(CATALOGUE, forms={FORM.form_code: replace(FORM, rows=rows)})
    blanks: Sequence[str] = ("other_tasks", "plan_tasks_assigned")
    candidate = correct_report({code: {"status": "blank"} for code in blanks}, signed_on=date(2021, 3, 18))
    (result,) = validate([candidate], PERIOD, changed)
    required = [one.finding.indicator_code for one in result.findings if one.finding.rule_code == "required_blank"]
    assert required == ["other_tasks"]


def test_importing_validation_loads_no_heavy_library() -> None:
    code = (
        "import sys, etl.validation; "
        "print([name for name in ('pandas', 'great_expectations', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_report_without_any_row_is_rejected() -> None:
    for run in (None, evaluate):
        (validated,) = validate([replace(correct_report(), rows=())], PERIOD, CATALOGUE, run=run)
        assert (validated.status, rules_found(validated)) == ("rejected", ["report_empty"])
