"""Reviewing the examples: findings, waivers, validating again, corrections."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from etl import database, periods, pipeline, simulation
from etl.catalogue import load_catalogue
from etl.cli.app import main
from etl.errors import UsageError
from etl.operations import ingest, overrides, rankings, submissions, values
from etl.rules import load_rules
from etl.settings import PROJECT_ROOT, Settings

PERIOD = "2021-Q1"
FAR_FUTURE = date(2999, 12, 31)
REJECTED, WARNED = "947_my-xuyen_2021-Q1.docx", "946_long-phu_2021-Q1.docx"


@pytest.fixture
def submission_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Mapping[str, int]:
    """The examples validated and loaded: submission ids by file name."""
    folder = tmp_path / "drive"
    shutil.copytree(PROJECT_ROOT / "examples" / "drive", folder)
    monkeypatch.setenv("CCHC_DRIVES", str(folder))
    pipeline.prepare()
    pipeline.parse(pipeline.register(pipeline.discover()))
    pipeline.validate()
    pipeline.load()
    pipeline.refresh()
    return dict(rows(settings, "SELECT file_name, submission_id FROM mart.submission"))


def rows(settings: Settings, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with database.connect_url(settings.database_url) as connection:
        return connection.exec_driver_sql(query, values).fetchall()


def status(settings: Settings, submission_id: int) -> str:
    ((status,),) = rows(settings, "SELECT status FROM mart.submission WHERE submission_id = %s", submission_id)
    return str(status)


def facts(settings: Settings) -> list[tuple[Any, ...]]:
    return rows(settings, "SELECT fact::text FROM warehouse.fact_observation AS fact ORDER BY 1")


def test_a_review_shows_each_finding_with_its_cell(
    submission_ids: Mapping[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    summary, findings = submissions.review(submission_ids[REJECTED])
    assert REJECTED in summary
    assert "rejected" in summary
    assert "Đã kiểm tra" in summary
    assert findings.records()[0]["location"]
    assert any(row[0] == "critical" for row in findings.rows)
    assert main(["review", str(submission_ids[WARNED])]) == 0
    shown = capsys.readouterr().out
    assert "bảng" in shown
    assert not [rule for rule in load_rules().values() if rule.category == "form" and rule.rule_code in shown]


def test_passed_checks_are_counted_for_every_validated_report(
    submission_ids: Mapping[str, int], settings: Settings
) -> None:
    counted = rows(
        settings,
        "SELECT count(DISTINCT submission_id), bool_and(failed = 0) FROM mart.rule_result"
        " WHERE rule_code = 'procedures_in_force_sum'",
    )
    assert counted[0][0] >= 10
    failed = rows(
        settings, "SELECT submission_id FROM mart.rule_result WHERE failed > 0 AND rule_code LIKE '%%within%%'"
    )
    assert (submission_ids[REJECTED],) in failed


def test_a_manually_accepted_report_stays_accepted_when_validated_again(
    submission_ids: Mapping[str, int], settings: Settings
) -> None:
    submission_id = submission_ids[REJECTED]
    events = submissions.accept(submission_id, "Đã đối chiếu bản giấy", "trưởng phòng")
    assert events.rows[-1][2:] == ("accepted_with_warnings", "trưởng phòng", "Đã đối chiếu bản giấy")
    loaded = "SELECT count(*) FROM mart.observation WHERE submission_id = %s"
    assert rows(settings, loaded, submission_id) != [(0,)]
    before = facts(settings)
    submissions.replay([submission_id], None, "Quy tắc mới")
    assert status(settings, submission_id) == "accepted_with_warnings"
    assert facts(settings) == before


def test_a_waiver_lets_a_rejected_report_pass_and_an_unused_waiver_is_reported(
    submission_ids: Mapping[str, int], settings: Settings
) -> None:
    submission_id = submission_ids[REJECTED]
    critical = "SELECT DISTINCT rule_code FROM mart.finding WHERE submission_id = %s AND severity = 'critical'"
    for (rule_code,) in rows(settings, critical, submission_id):
        overrides.waive(rule_code, "Số liệu đang chuyển hệ thống", FAR_FUTURE, district_code="947", actor="chuyên viên")
    overrides.waive("plan_tasks_completed_within_assigned", "Phòng xa", FAR_FUTURE, district_code="947")
    after = submissions.replay([submission_id], None, "Đã cho miễn")
    assert after.rows == [(submission_id, "rejected", status(settings, submission_id))]
    assert status(settings, submission_id).startswith("accepted")
    messages = dict(
        rows(settings, "SELECT rule_code, message_vi FROM mart.finding WHERE submission_id = %s", submission_id)
    )
    assert "đang chuyển hệ thống" in messages["dossiers_resolved_district_within_received"]
    assert "plan_tasks_completed_within_assigned" in messages["waiver_not_needed"]
    used = dict(rows(settings, "SELECT rule_code, submissions_excused FROM mart.waiver"))
    assert used["dossiers_resolved_district_within_received"] == 1
    assert used["plan_tasks_completed_within_assigned"] == 0


@pytest.mark.parametrize(
    ("rule_code", "until", "message"),
    [
        ("made_up", FAR_FUTURE, "Unknown rule"),
        ("report_empty", FAR_FUTURE, "cannot be waived"),
        ("code_unknown", date(2020, 1, 1), "in the past"),
    ],
)
def test_an_invalid_waiver_is_refused(settings: Settings, rule_code: str, until: date, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        overrides.waive(rule_code, "Lý do", until)


def test_validating_again_without_a_change_changes_nothing(
    submission_ids: Mapping[str, int], settings: Settings
) -> None:
    everything = "SELECT finding::text FROM staging.finding AS finding ORDER BY submission_id, finding_number"
    before = facts(settings), rows(settings, everything), rankings.ranking(PERIOD).rows
    replayed = submissions.replay([], PERIOD, "Thử lại")
    assert all(before == after for _, before, after in replayed.rows)
    assert (facts(settings), rows(settings, everything), rankings.ranking(PERIOD).rows) == before


def test_a_stricter_rule_takes_out_reports_that_no_longer_pass(
    submission_ids: Mapping[str, int], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter = {
        **load_rules(),
        "autonomous_units_sum": replace(load_rules()["autonomous_units_sum"], severity="critical"),
    }
    for module in ("etl.rules", "etl.validation.validate"):
        monkeypatch.setattr(f"{module}.load_rules", lambda: stricter, raising=False)
    submission_id = submission_ids[WARNED]
    submissions.replay([submission_id], None, "Quy tắc mới")
    assert status(settings, submission_id) == "rejected"
    assert rows(settings, "SELECT count(*) FROM mart.observation WHERE submission_id = %s", submission_id) == [(0,)]


def test_a_correction_shows_in_lineage_history_and_ranking_input(
    submission_ids: Mapping[str, int], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    correct = ["correct", "--district", "946", "--period", PERIOD, "--indicator", "steering_documents_issued"]
    assert main([*correct, "--expect", "7", "--to", "9", "--reason", "Đếm lại", "--by", "sở"]) == 2
    assert "is 8, not 7" in capsys.readouterr().err
    assert main([*correct, "--expect", "8", "--to", "9", "--reason", "Đếm lại", "--by", "sở"]) == 0
    (lineage,) = values.lineage("946", PERIOD, "steering_documents_issued").records()
    assert (lineage["value"], lineage["raw_value"], lineage["corrected_by"], lineage["correction_reason"]) == (
        9,
        "8",
        "sở",
        "Đếm lại",
    )
    history = (
        "SELECT value, known_to IS NULL FROM mart.observation_history WHERE district_code = '946'"
        " AND indicator_code = 'steering_documents_issued' ORDER BY known_from"
    )
    assert rows(settings, history) == [(8, False), (9, True)]


@pytest.mark.parametrize("to", ["9.5", "-1", "nhiều", "NaN"])
def test_a_correction_to_an_impossible_value_is_refused(settings: Settings, to: str) -> None:
    with pytest.raises(UsageError):
        overrides.correct("946", PERIOD, "steering_documents_issued", "8", to, "Lý do")


def test_the_next_period_is_validated_against_accepted_values(
    submission_ids: Mapping[str, int], settings: Settings, tmp_path: Path
) -> None:
    out, catalogue = tmp_path / "half", load_catalogue()
    report = simulation.simulate_report(periods.parse("2021-H1"), catalogue.district("942"), 2021, catalogue)
    fewer = report.with_value("steering_documents_issued", Decimal(0))
    out.mkdir()
    (out / "942_2021-H1.xlsx").write_bytes(simulation.render(fewer, "xlsx"))
    ((submission_id, *_),) = ingest.ingest([str(out)])[0]
    found = rows(settings, "SELECT DISTINCT rule_code FROM mart.finding WHERE submission_id = %s", submission_id)
    checked = rows(
        settings,
        "SELECT checked FROM mart.rule_result"
        " WHERE submission_id = %s AND rule_code = 'derived_second_quarter_negative'",
        submission_id,
    )
    assert checked[0][0] > 50
    assert ("derived_second_quarter_negative",) in found
