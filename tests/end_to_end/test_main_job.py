"""The whole path twice over the examples, on a real database: from files on a drive to a ranked province."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from etl import database, pipeline
from etl.operations import files, queries
from etl.settings import Settings
from tests.end_to_end.conftest import run

PERIOD = "2021-Q1"
SUBMISSIONS = "SELECT file_name, status, status_reason <> '', is_simulated FROM mart.submission ORDER BY file_name"


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with database.connect_url(url) as connection:
        return connection.exec_driver_sql(query).fetchall()


def test_ten_districts_are_ranked_and_the_rejected_one_comes_last_with_its_reason(
    drive: Path, settings: Settings
) -> None:
    run()
    ranking = queries.ranking(PERIOD).rows
    assert len(ranking) == 11
    ranks = [row[0] for row in ranking]
    assert ranks[:10] == sorted(ranks[:10])
    assert ranks[10] is None
    last = dict(zip(queries.ranking(PERIOD).columns, ranking[10], strict=True))
    assert last["score"] is None
    assert last["reason"]
    statuses = [row[1] for row in rows(settings.database_url, SUBMISSIONS)]
    assert statuses.count("rejected") == 1
    assert statuses.count("duplicate") == 1
    assert statuses.count("accepted_with_warnings") >= 2


def test_a_second_run_finds_nothing_new_and_changes_nothing(drive: Path, settings: Settings) -> None:
    assert len(run()) == 12
    facts = "SELECT fact::text FROM warehouse.fact_observation AS fact ORDER BY 1"
    before = rows(settings.database_url, facts), rows(settings.database_url, SUBMISSIONS), queries.ranking(PERIOD).rows
    assert run() == []
    assert (
        rows(settings.database_url, facts),
        rows(settings.database_url, SUBMISSIONS),
        queries.ranking(PERIOD).rows,
    ) == before
    assert "Nothing was new" in pipeline.summarise(PERIOD, 0)


def test_only_long_phu_is_real_and_everything_says_so(drive: Path, settings: Settings) -> None:
    run()
    real = "SELECT DISTINCT district_code FROM mart.observation WHERE NOT is_simulated"
    assert rows(settings.database_url, real) == [("946",)]
    assert "simulated" in pipeline.summarise(PERIOD)


def test_a_blank_stays_a_blank_up_to_the_mart(drive: Path, settings: Settings) -> None:
    run()
    counted = (
        "SELECT value_status, count(*), count(value) FROM mart.observation"
        " WHERE district_code = '946' GROUP BY 1 ORDER BY 1"
    )
    assert rows(settings.database_url, counted) == [
        ("blank", 38, 0),
        ("not_applicable", 1, 0),
        ("not_done", 6, 0),
        ("reported", 100, 100),
    ]


def test_a_value_leads_back_to_its_cell(drive: Path, settings: Settings) -> None:
    run()
    table = queries.lineage("946", PERIOD, "dossiers_received_district")
    found = dict(zip(table.columns, table.rows[0], strict=True))
    assert found["file_name"].startswith("946_")
    assert len(found["sha256"]) == 64
    assert found["raw_value"] in ("2,574", "2.574", "2574")
    assert found["location"]


BAD_FILES = {
    "empty.docx": b"",
    "not_a_workbook.xlsx": b"%PDF-1.7",
    "letter.txt": "Kính gửi Sở Nội vụ".encode(),
    "picture.docx": b"\x89PNG\r\n\x1a\n",
}


def test_bad_files_are_kept_with_a_reason_and_the_others_go_on(drive: Path, settings: Settings) -> None:
    for name, content in BAD_FILES.items():
        (drive / name).write_bytes(content)
    run()
    kept = {name: (status, has_reason) for name, status, has_reason, _ in rows(settings.database_url, SUBMISSIONS)}
    for name in BAD_FILES:
        assert kept[name] == ("unreadable", True)
    assert sum(1 for row in queries.ranking(PERIOD).rows if row[0] is not None) == 10
    listed = queries.status().rows
    for name in BAD_FILES:
        assert any(name in row for row in listed), f"{name} is not listed in status"


def test_an_unreadable_file_speaks_for_the_district_that_its_place_names(drive: Path, settings: Settings) -> None:
    (report,) = (drive / PERIOD).glob("948_*.xlsx")
    report.write_bytes(report.read_bytes()[:2000])
    run()
    (status,) = (row for row in queries.status(PERIOD).rows if row[1] == "948")
    assert (status[3], status[10]) == ("unreadable", report.name)


ENGLISH = re.compile(r"\b(the|a|is|of|and|file|send|save|report|with|columns|content)\b", re.IGNORECASE)


def test_why_a_file_cannot_be_read_is_said_in_vietnamese_alone(tmp_path: Path) -> None:
    samples = {**BAD_FILES, "half.docx": b"PK\x03\x04half", "sheet.csv": b"1,2", "large.txt": b"x" * (100 * 2**20 + 1)}
    for name, content in samples.items():
        (tmp_path / name).write_bytes(content)
    checked = files.check([str(tmp_path / name) for name in samples])
    assert {one.status for one in checked} == {"unreadable"}
    for one in checked:
        assert not ENGLISH.search(one.findings[0].message_vi), one.findings[0].message_vi
        assert ENGLISH.search(one.findings[0].message_en)


def test_an_unfinished_run_is_finished_by_the_next(drive: Path, settings: Settings) -> None:
    pipeline.prepare()
    ids = pipeline.register(pipeline.discover())
    pipeline.parse(ids[:5])
    run()
    unfinished = "SELECT count(*) FROM raw.submission WHERE status IN ('received', 'parsed')"
    assert rows(settings.database_url, unfinished) == [(0,)]
    assert sum(1 for row in queries.ranking(PERIOD).rows if row[0] is not None) == 10


def test_a_folder_without_reports_is_said_so(
    drive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("CCHC_DRIVES", str(empty))
    assert run() == []
    assert "empty" in caplog.text
