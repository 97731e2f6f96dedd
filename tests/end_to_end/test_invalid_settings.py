"""Invalid settings and catalogue files: one line without secrets and exit code 2; a bug: exit code 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.cli.app import main
from etl.operations import periods
from etl.settings import Settings


@pytest.mark.parametrize("address", ["nonsense", "mysql://a:geheim@b/c", "postgresql://a:geheim@b/c?colour=red"])
def test_an_invalid_database_address_is_reported_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCHC_DATABASE_URL", address)
    assert main(["status", "--period", "2021-Q1"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    assert "CCHC_DATABASE_URL" in printed.err and "geheim" not in printed.err


@pytest.mark.parametrize("name", ["districts.csv", "methods/own.yml", "drives.yml"])
def test_a_catalogue_file_that_is_not_utf8_is_named_in_the_error(
    name: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "catalogue" / name
    path.parent.mkdir(parents=True)
    path.write_bytes("mã,tên".encode("utf-16"))
    monkeypatch.setenv("CCHC_CATALOGUE", str(tmp_path / "catalogue"))
    assert main(["ingest", str(tmp_path)]) == 2
    assert f"{path.name}:1: the file is not UTF-8" in capsys.readouterr().err


def test_a_file_store_that_cannot_be_written_is_one_line(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    report = tmp_path / "946_2021-Q1.docx"
    report.write_bytes(b"whatever")
    monkeypatch.setenv("CCHC_FILES", str(tmp_path / "taken"))
    assert main(["ingest", str(report)]) == 2
    error = capsys.readouterr().err
    assert "cannot be written" in error and "Traceback" not in error


def test_a_bug_is_exit_code_3(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def faulty(_: str | None) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(periods, "status", faulty)
    assert main(["status"]) == 3
