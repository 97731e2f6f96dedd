"""Commands on a warehouse: exit codes and output."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from etl import database
from etl.cli.app import main
from etl.periods import PROVINCE_TIME
from etl.settings import Settings

RANKING = ["rank", "district_code", "district_name", "score", "band", "is_tied", "coverage"]


def test_a_rejected_submission_is_exit_code_1(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(drive), "--format", "csv"]) == 1
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(lines) == 12
    assert {line["status"] for line in lines} >= {"accepted", "rejected", "duplicate"}


def test_accepted_submissions_are_exit_code_0(drive: Path) -> None:
    assert main(["ingest", str(next(drive.rglob("941_*")))]) == 0


def test_a_path_without_files_is_reported_after_the_others_are_loaded(
    drive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "nowhere", str(next(drive.rglob("941_*"))), "--format", "csv"]) == 2
    printed = capsys.readouterr()
    assert "941_" in printed.out
    assert printed.err.count("nowhere") == 1


def test_the_ranking_in_csv_has_the_promised_columns_and_every_expected_district(
    drive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ingest", str(drive)])
    capsys.readouterr()
    assert main(["ranking", "--period", "2021-Q1", "--format", "csv"]) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(lines[0]) == RANKING
    assert len(lines) == 11
    assert [line["rank"] for line in lines].count("") == 1
    assert lines[-1]["district_code"] == "947"
    assert lines[-1]["score"] == ""


def test_the_ranking_as_of_a_timestamp_is_the_one_known_then(drive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def rows(*args: str) -> list[dict[str, str]]:
        capsys.readouterr()
        assert main(["ranking", "--period", "2021-Q1", "--format", "csv", *args]) == 0
        return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    main(["ingest", str(next(drive.rglob("941_*")))])
    between = datetime.now(PROVINCE_TIME).isoformat()
    before = rows()
    main(["ingest", str(next(drive.rglob("945_*")))])
    assert rows("--as-of", between) == before
    assert rows("--as-of", datetime.now(PROVINCE_TIME).isoformat()) == rows() != before
    assert {row["rank"] for row in rows("--as-of", "2020-01-01")} == {""}


@pytest.mark.parametrize(
    "args",
    [
        ["ranking", "--period", "2021-Q9"],
        ["ranking", "--period", "2021-Q1", "--as-of", "yesterday"],
        ["explain", "--period", "2021-Q1", "--district", "999"],
        ["explain", "--period", "2021-Q1", "--district", "946", "--method", "nobody's"],
        ["ranking", "--period", "2021-Q1", "--method", "nobody's"],
        ["status", "--period", "1999-Q1"],
        ["lineage", "--district", "999", "--period", "2021-Q1", "--indicator", "procedures_in_force"],
        ["lineage", "--district", "946", "--period", "2021-Q1", "--indicator", "nothing"],
        ["lineage", "--district", "946", "--period", "2021-Q1", "--indicator", "procedures_in_force"],
    ],
)
def test_an_unknown_code_is_one_line_and_exit_code_2(
    drive: Path, args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    capsys.readouterr()
    assert main(args) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


def test_the_actor_is_recorded(drive: Path, settings: Settings) -> None:
    main(["ingest", str(next(drive.rglob("941_*"))), "--by", "Văn thư huyện"])
    with database.connect_url(settings.database_url) as connection:
        actors = connection.exec_driver_sql("SELECT DISTINCT actor FROM raw.submission_event WHERE status = 'received'")
        assert actors.fetchall() == [("Văn thư huyện",)]
