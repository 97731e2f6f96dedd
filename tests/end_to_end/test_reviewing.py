"""What people do with judgements, on the examples: read them, decide, set a rule aside, judge again, correct."""

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
from etl.__main__ import main
from etl.catalogue import load_catalogue
from etl.errors import UsageError
from etl.operations import decisions, ingest, overrides, queries, reviews
from etl.rules import load_rules
from etl.settings import PROJECT_ROOT, Settings

PERIOD = "2021-Q1"
FAR = date(2999, 12, 31)
REJECTED, WARNED = "947_my-xuyen_2021-Q1.docx", "946_long-phu_2021-Q1.docx"


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Mapping[str, int]:
    """The examples read, judged and loaded; submission numbers by file."""
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
    ((found,),) = rows(settings, "SELECT status FROM mart.submission WHERE submission_id = %s", submission_id)
    return str(found)


def facts(settings: Settings) -> list[tuple[Any, ...]]:
    return rows(settings, "SELECT fact::text FROM warehouse.fact_observation AS fact ORDER BY 1")


def test_a_review_shows_each_finding_with_its_cell(
    judged: Mapping[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    told, findings = reviews.review(judged[REJECTED])
    assert REJECTED in told
    assert "rejected" in told
    assert "Đã kiểm tra" in told
    first = dict(zip(findings.columns, findings.rows[0], strict=True))
    assert first["location"]
    assert any(row[0] == "critical" for row in findings.rows)
    assert main(["review", str(judged[WARNED])]) == 0
    shown = capsys.readouterr().out
    assert "bảng" in shown
    assert not [rule for rule in load_rules().values() if rule.category == "form" and rule.rule_code in shown]


def test_passes_are_counted_for_every_judged_report(judged: Mapping[str, int], settings: Settings) -> None:
    counted = rows(
        settings,
        "SELECT count(DISTINCT submission_id), bool_and(failed = 0) FROM mart.rule_result"
        " WHERE rule_code = 'procedures_in_force_sum'",
    )
    assert counted[0][0] >= 10
    failed = rows(
        settings, "SELECT submission_id FROM mart.rule_result WHERE failed > 0 AND rule_code LIKE '%%within%%'"
    )
    assert (judged[REJECTED],) in failed


def test_a_rejected_report_that_a_person_accepts_is_loaded_and_stays_accepted_when_judged_again(
    judged: Mapping[str, int], settings: Settings
) -> None:
    number = judged[REJECTED]
    events = decisions.accept(number, "Đã đối chiếu bản giấy", "trưởng phòng")
    assert events.rows[-1][2:] == ("accepted_with_warnings", "trưởng phòng", "Đã đối chiếu bản giấy")
    loaded = "SELECT count(*) FROM mart.observation WHERE submission_id = %s"
    assert rows(settings, loaded, number) != [(0,)]
    before = facts(settings)
    reviews.replay([number], None, "Quy tắc mới")
    assert status(settings, number) == "accepted_with_warnings"
    assert facts(settings) == before


def test_a_waiver_lets_a_rejected_report_pass_says_so_and_is_told_when_nobody_needs_it(
    judged: Mapping[str, int], settings: Settings
) -> None:
    number = judged[REJECTED]
    critical = "SELECT DISTINCT rule_code FROM mart.finding WHERE submission_id = %s AND severity = 'critical'"
    for (rule_code,) in rows(settings, critical, number):
        overrides.waive(rule_code, "Số liệu đang chuyển hệ thống", FAR, district_code="947", actor="chuyên viên")
    overrides.waive("plan_tasks_completed_within_assigned", "Phòng xa", FAR, district_code="947")
    after = reviews.replay([number], None, "Đã cho miễn")
    assert after.rows == [(number, "rejected", status(settings, number))]
    assert status(settings, number).startswith("accepted")
    told = dict(rows(settings, "SELECT rule_code, message_vi FROM mart.finding WHERE submission_id = %s", number))
    assert "đang chuyển hệ thống" in told["dossiers_resolved_district_within_received"]
    assert "plan_tasks_completed_within_assigned" in told["waiver_not_needed"]
    used = dict(rows(settings, "SELECT rule_code, submissions_excused FROM mart.waiver"))
    assert used["dossiers_resolved_district_within_received"] == 1
    assert used["plan_tasks_completed_within_assigned"] == 0


@pytest.mark.parametrize(
    ("rule_code", "until", "says"),
    [
        ("made_up", FAR, "unknown rule"),
        ("report_empty", FAR, "cannot be waived"),
        ("code_unknown", date(2020, 1, 1), "passed"),
    ],
)
def test_a_waiver_that_cannot_be_meant_is_refused(settings: Settings, rule_code: str, until: date, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        overrides.waive(rule_code, "Lý do", until)


def test_judging_again_without_a_change_changes_nothing(judged: Mapping[str, int], settings: Settings) -> None:
    everything = "SELECT finding::text FROM staging.finding AS finding ORDER BY submission_id, finding_number"
    before = facts(settings), rows(settings, everything), queries.ranking(PERIOD).rows
    after = reviews.replay([], PERIOD, "Thử lại")
    assert all(was == now for _, was, now in after.rows)
    assert (facts(settings), rows(settings, everything), queries.ranking(PERIOD).rows) == before


def test_a_rule_that_grew_stricter_takes_out_what_it_no_longer_lets_pass(
    judged: Mapping[str, int], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter = {
        **load_rules(),
        "autonomous_units_sum": replace(load_rules()["autonomous_units_sum"], severity="critical"),
    }
    for module in ("etl.rules", "etl.validation.validate"):
        monkeypatch.setattr(f"{module}.load_rules", lambda: stricter, raising=False)
    number = judged[WARNED]
    reviews.replay([number], None, "Quy tắc mới")
    assert status(settings, number) == "rejected"
    assert rows(settings, "SELECT count(*) FROM mart.observation WHERE submission_id = %s", number) == [(0,)]


def test_a_correction_shows_in_lineage_history_and_ranking_input(
    judged: Mapping[str, int], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["correct", "--district", "946", "--period", PERIOD, "--indicator", "steering_documents_issued"]
    assert main([*words, "--expect", "7", "--to", "9", "--reason", "Đếm lại", "--by", "sở"]) == 2
    assert "is 8, not 7" in capsys.readouterr().err
    assert main([*words, "--expect", "8", "--to", "9", "--reason", "Đếm lại", "--by", "sở"]) == 0
    table = queries.lineage("946", PERIOD, "steering_documents_issued")
    found = dict(zip(table.columns, table.rows[0], strict=True))
    assert (found["value"], found["raw_value"], found["corrected_by"], found["correction_reason"]) == (
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
def test_a_correction_to_what_the_row_cannot_hold_is_refused(settings: Settings, to: str) -> None:
    with pytest.raises(UsageError):
        overrides.correct("946", PERIOD, "steering_documents_issued", "8", to, "Lý do")


def test_the_next_period_is_judged_against_what_was_accepted(
    judged: Mapping[str, int], settings: Settings, tmp_path: Path
) -> None:
    out, known = tmp_path / "half", load_catalogue()
    report = simulation.simulate_report(periods.parse("2021-H1"), known.district("942"), 2021, known)
    fewer = report.with_value("steering_documents_issued", Decimal(0))
    out.mkdir()
    (out / "942_2021-H1.xlsx").write_bytes(simulation.render(fewer, "xlsx"))
    ((number, *_),) = ingest.ingest([str(out)])[0]
    found = rows(settings, "SELECT DISTINCT rule_code FROM mart.finding WHERE submission_id = %s", number)
    said = rows(
        settings,
        "SELECT checked FROM mart.rule_result"
        " WHERE submission_id = %s AND rule_code = 'derived_second_quarter_negative'",
        number,
    )
    assert said[0][0] > 50
    assert ("derived_second_quarter_negative",) in found
