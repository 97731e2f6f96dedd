"""Manual decisions and the attribution of reports, from files on a drive to the marts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etl import database, simulation
from etl.catalogue import load_catalogue
from etl.errors import UsageError
from etl.operations import ingest, submissions, values
from etl.settings import Settings
from etl.tables import Table

PERIOD = "2021-Q1"
ITEMS = "communication_media_items"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One simulated report as text: 941, signed 16/3/2021, 23 items in the press."""
    (path,) = simulation.simulate(PERIOD, 1, 3, tmp_path_factory.mktemp("simulated"), ["txt"], load_catalogue())
    return path.read_text(encoding="utf-8")


@pytest.fixture
def drive(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    folder = tmp_path / "drive"
    folder.mkdir()
    yield folder


def send(folder: Path, name: str, text: str) -> int:
    """Put a report on the drive and ingest it; returns its submission id."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    rows, errors = ingest.ingest([str(folder)])
    assert not errors
    return max(row[0] for row in rows if row[1] == path.name)


def changed(report: str, items: int, day: int, title: str = "BÁO CÁO") -> str:
    text = re.sub(r"Tin, bài\t\d+", f"Tin, bài\t{items}", report)
    text = text.replace("ngày 16 tháng 3", f"ngày {day} tháng 3")
    return text.replace("\nBÁO CÁO\n", f"\n{title}\n")


def ask(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with database.connect_url(settings.database_url) as connection:
        return connection.exec_driver_sql(query).fetchall()


def status_of(settings: Settings, submission_id: int) -> str:
    ((status,),) = ask(settings, f"SELECT status FROM mart.submission WHERE submission_id = {submission_id}")
    return str(status)


def versions() -> list[tuple[int, bool]]:
    """The versions of the indicator's value, oldest first, and whether each is current."""
    table: Table = values.history("941", PERIOD, ITEMS)
    return [(int(row[1]), row[4] is None) for row in table.rows]


def test_returning_to_an_earlier_value_opens_a_new_version(drive: Path, settings: Settings, report: str) -> None:
    send(drive, "a.txt", report)
    send(drive, "b.txt", changed(report, 32, 17))
    send(drive, "a_again.txt", changed(report, 23, 18))
    assert versions() == [(23, False), (32, False), (23, True)]
    same_bytes = send(drive, "b_again.txt", changed(report, 32, 17))
    assert status_of(settings, same_bytes) == "duplicate"
    submissions.accept(same_bytes, "công văn", "lan")
    assert versions() == [(23, False), (32, False), (23, False), (32, True)]
    later = send(drive, "c.txt", changed(report, 40, 19))
    assert status_of(settings, later) == "accepted"
    assert versions()[-1] == (40, True)
    before = send(drive, "d.txt", changed(report, 41, 16))
    assert status_of(settings, before) == "superseded"


def test_a_report_titled_as_a_correction_changes_only_its_own_values(
    drive: Path, settings: Settings, report: str
) -> None:
    whole = send(drive, "a.txt", report)
    lines = changed(report, 33, 19, "BÁO CÁO ĐÍNH CHÍNH").splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("1\tKế hoạch CCHC"))
    end = next(number for number, line in enumerate(lines) if line.startswith("II\t"))
    partial = send(drive, "b.txt", "".join(lines[:end]))
    assert start < end
    assert [status_of(settings, submission_id) for submission_id in (whole, partial)] == ["accepted", "accepted"]
    current = ask(settings, "SELECT submission_id, count(*) FROM mart.observation GROUP BY 1 ORDER BY 1")
    assert current == [(whole, 144), (partial, 1)]
    findings = ask(settings, f"SELECT rule_code FROM mart.finding WHERE submission_id = {partial}")
    assert ("row_missing",) not in findings
    submissions.withdraw(partial, "sai")
    assert versions() == [(23, False), (33, False), (23, True)]


def test_a_file_name_that_contradicts_the_document_makes_the_report_misfiled(
    drive: Path, settings: Settings, report: str
) -> None:
    wrong = send(drive, f"{PERIOD}/942_report.txt", report)
    assert status_of(settings, wrong) == "misfiled"
    assert ask(settings, "SELECT count(*) FROM mart.observation") == [(0,)]
    critical = "SELECT rule_code, found, expected FROM mart.finding WHERE severity = 'critical'"
    assert ask(settings, critical) == [("declared_district_differs", "941", "942")]
    events = submissions.assign(wrong, "941", None, "nộp nhầm thư mục", "lan")
    assert [row[2] for row in events.rows] == ["received", "misfiled", "received", "parsed", "accepted"]
    assert [row[3] for row in events.rows][2] == "lan"
    assert ask(settings, "SELECT DISTINCT district_code FROM mart.observation") == [("941",)]


def test_a_folder_of_another_period_makes_the_report_misfiled(drive: Path, settings: Settings, report: str) -> None:
    wrong = send(drive, "2021-H1/report.txt", report)
    assert status_of(settings, wrong) == "misfiled"
    month = send(drive, "2021-03/report_of_march.txt", report + "\n")
    assert status_of(settings, month) in ("accepted", "duplicate"), "a folder that names no period is ignored"


def test_a_district_known_only_from_the_file_name_is_accepted_with_a_warning(
    drive: Path, settings: Settings, report: str
) -> None:
    nameless = report
    for name in ("thành phố Sóc Trăng", "THÀNH PHỐ SÓC TRĂNG"):
        nameless = nameless.replace(name, "địa bàn" if name.islower() else "ĐỊA BÀN")
    submission_id = send(drive, f"{PERIOD}/941_report.txt", nameless)
    assert status_of(settings, submission_id) == "accepted_with_warnings"
    assert ("district_from_place",) in ask(settings, "SELECT rule_code FROM mart.finding")
    codes = "SELECT district_code, document_district_code, declared_district_code FROM mart.submission"
    assert ask(settings, codes) == [("941", "", "941")]


def test_history_keeps_what_was_accepted_for_the_wrong_district(drive: Path, settings: Settings, report: str) -> None:
    first = send(drive, "a.txt", report)
    events = submissions.assign(first, "942", None, "đơn vị ghi nhầm tên", "lan")
    second = events.rows[0][0]
    assert second != first
    assert status_of(settings, first) == "misfiled"
    assert status_of(settings, second).startswith("accepted")
    current = "SELECT DISTINCT district_code, submission_id FROM mart.observation"
    assert ask(settings, current) == [("942", second)]
    history = "SELECT DISTINCT district_code, submission_id FROM mart.observation_history ORDER BY 1"
    assert ask(settings, history) == [("941", first), ("942", second)]


def test_a_rejected_report_can_be_accepted_with_a_reason(drive: Path, settings: Settings, report: str) -> None:
    wrong = send(drive, "a.txt", re.sub(r"(Số TTHC đang có hiệu lực[^\t]*\t[^\t]*\t)\d+", r"\g<1>1", report, count=1))
    if status_of(settings, wrong) != "rejected":
        submissions.reject(wrong, "thử")
    with pytest.raises(UsageError, match="needs a reason"):
        submissions.accept(wrong, " ")
    submissions.accept(wrong, "đã xác minh với đơn vị", "lan")
    assert status_of(settings, wrong).startswith("accepted")
    assert ask(settings, "SELECT count(*) FROM mart.observation") == [(145,)]
    (last,) = submissions.events(wrong).rows[-1:]
    assert last[3:] == ("lan", "đã xác minh với đơn vị")


def test_impossible_decisions_are_refused_with_the_reason(drive: Path, settings: Settings, report: str) -> None:
    submission_id = send(drive, "a.txt", report)
    for decide, message in (
        (lambda: submissions.accept(submission_id, "x"), "already accepted"),
        (lambda: submissions.reread(submission_id, "x"), "was accepted once"),
        (lambda: submissions.accept(99, "x"), "Submission 99 does not exist"),
        (lambda: submissions.assign(submission_id, None, None, "x"), "Neither a district nor a period"),
        (lambda: submissions.assign(submission_id, "1", None, "x"), "unknown district"),
        (lambda: submissions.events(99), "Submission 99 does not exist"),
    ):
        with pytest.raises(UsageError, match=message):
            decide()


def test_every_fact_can_be_found_in_its_file_and_cell(drive: Path, settings: Settings) -> None:
    from etl.parsing import read
    from etl.settings import PROJECT_ROOT

    ingest.ingest([str(PROJECT_ROOT / "examples" / "drive")])
    cells: dict[tuple[str, str], dict[str, str]] = {}
    facts = ask(settings, "SELECT sha256, file_name, location, indicator_code, raw_value, reader FROM mart.lineage")
    count = ask(settings, "SELECT count(*) FROM mart.observation_history")
    assert count == [(len(facts),)] != [(0,)]
    for sha256, file_name, location, indicator_code, raw_value, reader in facts:
        if (sha256, file_name) not in cells:
            content = read(file_name, submissions.original(sha256), load_catalogue())
            cells[sha256, file_name] = {f"{row.location} {row.indicator_code}": row.raw_value for row in content.rows}
        assert cells[sha256, file_name][f"{location} {indicator_code}"] == raw_value
        assert reader


def test_the_history_command_prints_csv(drive: Path, settings: Settings, report: str, capsys: Any) -> None:
    from etl.cli.app import main

    send(drive, "a.txt", report)
    capsys.readouterr()
    assert main(["history", "--district", "941", "--period", PERIOD, "--indicator", ITEMS, "--format", "csv"]) == 0
    (row,) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["value"], row["known_to"], row["submission_id"]) == ("23", "", "1")
    assert main(["history", "--district", "941", "--period", PERIOD, "--as-of", "gestern"]) == 2
    assert main(["submission", "99"]) == 2
