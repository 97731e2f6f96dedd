"""The main job over the examples on a real database: from files on a drive to the ranking."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from etl import database, pipeline
from etl.operations import files, periods, rankings, values
from etl.settings import Settings
from tests.end_to_end.conftest import run

PERIOD = "2021-Q1"
SUBMISSIONS = "SELECT file_name, status, status_reason <> '', is_simulated FROM mart.submission ORDER BY file_name"


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with database.connect_url(url) as connection:
        return connection.exec_driver_sql(query).fetchall()


def test_ten_districts_are_ranked_and_the_rejected_one_is_last_with_its_reason(drive: Path, settings: Settings) -> None:
    run()
    ranking = rankings.ranking(PERIOD).rows
    assert len(ranking) == 11
    ranks = [row[0] for row in ranking]
    assert ranks[:10] == sorted(ranks[:10])
    assert ranks[10] is None
    last = rankings.ranking(PERIOD).records()[10]
    assert last["score"] is None
    assert last["reason"]
    statuses = [row[1] for row in rows(settings.database_url, SUBMISSIONS)]
    assert statuses.count("rejected") == 1
    assert statuses.count("duplicate") == 1
    assert statuses.count("accepted_with_warnings") >= 2


def test_a_second_run_finds_nothing_new_and_changes_nothing(drive: Path, settings: Settings) -> None:
    assert len(run()) == 12
    facts = "SELECT fact::text FROM warehouse.fact_observation AS fact ORDER BY 1"
    before = rows(settings.database_url, facts), rows(settings.database_url, SUBMISSIONS), rankings.ranking(PERIOD).rows
    assert run() == []
    assert (
        rows(settings.database_url, facts),
        rows(settings.database_url, SUBMISSIONS),
        rankings.ranking(PERIOD).rows,
    ) == before
    assert "Nothing was new" in pipeline.summarise(PERIOD, 0)


def test_only_the_figures_of_long_phu_are_real(drive: Path, settings: Settings) -> None:
    run()
    real = "SELECT DISTINCT district_code FROM mart.observation WHERE NOT is_simulated"
    assert rows(settings.database_url, real) == [("946",)]
    assert "simulated" in pipeline.summarise(PERIOD)


def test_blank_values_are_null_in_the_mart(drive: Path, settings: Settings) -> None:
    run()
    query = (
        "SELECT value_status, count(*), count(value) FROM mart.observation"
        " WHERE district_code = '946' GROUP BY 1 ORDER BY 1"
    )
    assert rows(settings.database_url, query) == [
        ("blank", 38, 0),
        ("not_applicable", 1, 0),
        ("not_done", 6, 0),
        ("reported", 100, 100),
    ]


def test_lineage_of_a_value_names_file_and_cell(drive: Path, settings: Settings) -> None:
    run()
    (lineage,) = values.lineage("946", PERIOD, "dossiers_received_district").records()
    assert lineage["file_name"].startswith("946_")
    assert len(lineage["sha256"]) == 64
    assert lineage["raw_value"] in ("2,574", "2.574", "2574")
    assert lineage["location"]


BAD_FILES = {
    "empty.docx": b"",
    "not_a_workbook.xlsx": b"%PDF-1.7",
    "letter.txt": "Kính gửi Sở Nội vụ".encode(),
    "picture.docx": b"\x89PNG\r\n\x1a\n",
}


def test_unreadable_files_are_kept_with_a_reason_and_the_others_are_loaded(drive: Path, settings: Settings) -> None:
    for name, content in BAD_FILES.items():
        (drive / name).write_bytes(content)
    run()
    outcomes = {name: (status, has_reason) for name, status, has_reason, _ in rows(settings.database_url, SUBMISSIONS)}
    for name in BAD_FILES:
        assert outcomes[name] == ("unreadable", True)
    assert sum(1 for row in rankings.ranking(PERIOD).rows if row[0] is not None) == 10
    listed = periods.status().rows
    for name in BAD_FILES:
        assert any(name in row for row in listed), f"{name} is not listed in status"


def test_an_unreadable_file_counts_as_a_report_of_the_district_in_its_file_name(
    drive: Path, settings: Settings
) -> None:
    (report,) = (drive / PERIOD).glob("948_*.xlsx")
    report.write_bytes(report.read_bytes()[:2000])
    run()
    (status,) = (row for row in periods.status(PERIOD).rows if row[1] == "948")
    assert (status[3], status[10]) == ("unreadable", report.name)


ENGLISH = re.compile(r"\b(the|a|is|of|and|file|send|save|report|with|columns|content)\b", re.IGNORECASE)


def test_reasons_for_unreadable_files_are_in_vietnamese_only(tmp_path: Path) -> None:
    samples = {**BAD_FILES, "half.docx": b"PK\x03\x04half", "sheet.csv": b"1,2", "large.txt": b"x" * (100 * 2**20 + 1)}
    for name, content in samples.items():
        (tmp_path / name).write_bytes(content)
    checked = files.check(files.extract([str(tmp_path / name) for name in samples]))
    assert {result.status for result in checked} == {"unreadable"}
    for result in checked:
        assert not ENGLISH.search(result.findings[0].message_vi), result.findings[0].message_vi
        assert ENGLISH.search(result.findings[0].message_en)


def test_the_next_run_completes_an_interrupted_one(drive: Path, settings: Settings) -> None:
    pipeline.prepare()
    ids = pipeline.register(pipeline.discover())
    pipeline.parse(ids[:5])
    run()
    unfinished = "SELECT count(*) FROM raw.submission WHERE status IN ('received', 'parsed')"
    assert rows(settings.database_url, unfinished) == [(0,)]
    assert sum(1 for row in rankings.ranking(PERIOD).rows if row[0] is not None) == 10


def test_a_folder_without_reports_is_logged(
    drive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("CCHC_DRIVES", str(empty))
    assert run() == []
    assert "empty" in caplog.text
