"""What becomes of a report: findings, their order, and the decision. One run of the suite serves many tests."""

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
from etl.validation import Candidate, Judgement, judge
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
def judged() -> Mapping[str, Judgement]:
    """All reports above and 700 that break the same sum, judged in one batch."""
    named = [replace(make(), submission_id=number) for number, make in enumerate(BATCH.values())]
    offenders = [correct_report(BROKEN_SUM, submission_id=1000 + number) for number in range(PLENTY)]
    judgements = judge([*named, *offenders], PERIOD, CATALOGUE)
    assert [one.submission_id for one in judgements] == [one.submission_id for one in [*named, *offenders]]
    return dict(zip([*BATCH, *(f"offender {number}" for number in range(PLENTY))], judgements, strict=True))


def rules_found(judgement: Judgement, severity: str = "") -> list[str]:
    return [one.finding.rule_code for one in judgement.findings if severity in ("", one.severity)]


def alarms(judgement: Judgement) -> list[str]:
    return rules_found(judgement, "critical") + rules_found(judgement, "warning")


def test_a_correct_report_is_accepted_without_an_alarm(judged: Mapping[str, Judgement]) -> None:
    assert (judged["correct"].status, alarms(judged["correct"])) == ("accepted", [])


def test_the_real_report_is_accepted_with_its_known_oddities(judged: Mapping[str, Judgement]) -> None:
    real = judged["real"]
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


def test_a_finding_says_where_what_was_found_what_was_expected_and_by_how_much(
    judged: Mapping[str, Judgement],
) -> None:
    (one,) = [found for found in judged["broken sum"].findings if found.severity == "critical"]
    cell = location_of("procedures_in_force")
    assert one.finding == Finding("procedures_in_force_sum", cell, "procedures_in_force", "418", "3", "415")
    for sentence, place in zip((one.message_vi, one.message_en), describe_location(cell), strict=True):
        assert place in sentence
        assert "418" in sentence
        assert "415" in sentence


def test_an_empty_report_is_rejected_and_told_so_once(judged: Mapping[str, Judgement]) -> None:
    assert judged["empty"].status == "rejected"
    assert rules_found(judged["empty"]) == ["report_empty"]


def test_a_mistyped_cell_is_found_and_spoils_nobody_elses_result(judged: Mapping[str, Judgement]) -> None:
    assert rules_found(judged["mistyped"], "critical") == ["count_not_whole", "rate_not_a_number"]
    assert judged["correct"].status == "accepted"


def test_no_finding_is_cut_off_however_many_submissions_share_it(judged: Mapping[str, Judgement]) -> None:
    offenders = [judged[f"offender {number}"] for number in range(PLENTY)]
    assert {one.status for one in offenders} == {"rejected"}
    assert all(rules_found(one, "critical") == ["procedures_in_force_sum"] for one in offenders)


def test_a_validation_stage_is_told_whole_and_then_stops_the_next_for_that_submission(
    judged: Mapping[str, Judgement],
) -> None:
    assert rules_found(judged["two validation stages"], "critical") == ["code_unknown", "code_unknown"]
    assert rules_found(judged["one validation stage"], "critical") == [
        "plan_tasks_completed_within_assigned",
        "procedures_in_force_sum",
    ]
    assert "rate_without_base" not in rules_found(judged["one validation stage"])
    assert "rate_without_base" in rules_found(judged["correct"])


def test_findings_stand_by_validation_stage_and_then_down_the_appendix(judged: Mapping[str, Judgement]) -> None:
    real = judged["real"]
    rows = {row.location: number for number, row in enumerate(long_phu().rows)}
    types = [rows[one.finding.location] for one in real.findings if one.finding.rule_code.startswith("label_")]
    notes = [rows[one.finding.location] for one in real.findings if one.finding.rule_code == "placeholder_in_note"]
    assert types == sorted(types)
    assert notes == sorted(notes)
    assert rules_found(real).index("placeholder_in_note") > rules_found(real).index("autonomous_units_sum")


def test_a_warning_is_kept_and_shown_with_the_acceptance(judged: Mapping[str, Judgement]) -> None:
    assert judged["warning"].status == "accepted_with_warnings"
    assert alarms(judged["warning"]) == ["training_completed_within_planned"]


def test_a_required_figure_that_nobody_can_read_waits_for_a_person(judged: Mapping[str, Judgement]) -> None:
    assert judged["undecided"].status == "held"
    assert alarms(judged["undecided"]) == ["value_undecidable"]
    assert judged["undecided aside"].status == "accepted_with_warnings"


def test_what_the_reader_said_of_a_cell_is_not_said_again(judged: Mapping[str, Judgement]) -> None:
    (one,) = [found for found in judged["undecided by the reader"].findings if found.severity == "warning"]
    assert one.finding.expected == "1349 hoặc 1,349"
    assert judged["undecided by the reader"].status == "held"


def test_a_missing_row_is_told_by_its_name_and_not_as_a_blank(judged: Mapping[str, Judgement]) -> None:
    (one,) = [found for found in judged["row missing"].findings if found.severity == "warning"]
    assert one.finding.rule_code == "row_missing"
    assert CATALOGUE.indicators["plan_tasks_assigned"].name_vi in one.message_vi


def test_a_form_that_nobody_knows_waits_for_a_person(judged: Mapping[str, Judgement]) -> None:
    assert {judged[name].status for name in ("form unknown", "form nameless", "form unknown and critical")} == {"held"}
    assert rules_found(judged["form unknown"]) == ["form_unknown"]
    assert "another-form" in judged["form nameless"].findings[0].message_vi


def test_of_a_row_that_stands_twice_the_first_counts(judged: Mapping[str, Judgement]) -> None:
    assert judged["row twice"].status == "accepted"


def test_a_report_without_a_date_is_accepted_and_told(judged: Mapping[str, Judgement]) -> None:
    assert judged["undated"].status == "accepted"
    assert "date_missing" in rules_found(judged["undated"], "info")


def test_every_sentence_is_filled_in(judged: Mapping[str, Judgement]) -> None:
    sentences = [
        text for one in judged.values() for found in one.findings for text in (found.message_vi, found.message_en)
    ]
    assert sentences
    assert not [text for text in sentences if "{" in text or "}" in text]


def test_same_input_gives_the_same_findings_in_the_same_order(judged: Mapping[str, Judgement]) -> None:
    candidates = [replace(make(), submission_id=number) for number, make in enumerate(BATCH.values())]
    backwards = judge(candidates[::-1], PERIOD, CATALOGUE)[::-1]
    assert backwards == [judged[name] for name in BATCH]


def test_no_candidates_give_no_judgements_and_an_unknown_period_is_an_error() -> None:
    assert judge([], PERIOD, CATALOGUE) == []
    with pytest.raises(UsageError, match="2019-Q1"):
        judge([], "2019-Q1", CATALOGUE)


def test_a_finding_of_a_rule_that_does_not_exist_is_an_error() -> None:
    candidate = correct_report(form_code="", findings=[Finding("made_up")])
    with pytest.raises(CatalogueError, match="made_up"):
        judge([candidate], PERIOD, CATALOGUE)


def test_a_form_that_was_changed_runs_its_own_suite_and_not_the_kept_one() -> None:
    rows = tuple(replace(row, is_required=row.indicator.indicator_code == "other_tasks") for row in FORM.rows)
    changed = replace(CATALOGUE, forms={FORM.form_code: replace(FORM, rows=rows)})
    blanks: Sequence[str] = ("other_tasks", "plan_tasks_assigned")
    candidate = correct_report({code: {"status": "blank"} for code in blanks}, signed_on=date(2021, 3, 18))
    (judgement,) = judge([candidate], PERIOD, changed)
    required = [one.finding.indicator_code for one in judgement.findings if one.finding.rule_code == "required_blank"]
    assert required == ["other_tasks"]


def test_importing_the_room_loads_no_heavy_library() -> None:
    code = (
        "import sys, etl.validation; "
        "print([name for name in ('pandas', 'great_expectations', 'numpy', 'sqlalchemy') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
