"""Settings and catalogue files that cannot be used: one line, exit 2, and no secret in it; a fault of ours: exit 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.__main__ import main
from etl.operations import queries
from etl.settings import Settings


@pytest.mark.parametrize("address", ["nonsense", "mysql://a:geheim@b/c", "postgresql://a:geheim@b/c?colour=red"])
def test_an_address_that_is_none_is_told_without_its_secret(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCHC_DATABASE_URL", address)
    assert main(["status", "--period", "2021-Q1"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert "CCHC_DATABASE_URL" in told.err and "geheim" not in told.err


@pytest.mark.parametrize("name", ["districts.csv", "methods/own.yml", "drives.yml"])
def test_a_catalogue_file_that_is_not_utf8_is_named(
    name: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "catalogue" / name
    path.parent.mkdir(parents=True)
    path.write_bytes("mã,tên".encode("utf-16"))
    monkeypatch.setenv("CCHC_CATALOGUE", str(tmp_path / "catalogue"))
    assert main(["ingest", str(tmp_path)]) == 2
    assert f"{path.name}:1: this is not UTF-8" in capsys.readouterr().err


def test_a_file_store_that_cannot_be_written_is_named(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file")
    report = tmp_path / "946_2021-Q1.docx"
    report.write_bytes(b"whatever")
    monkeypatch.setenv("CCHC_FILES", str(tmp_path / "taken"))
    assert main(["ingest", str(report)]) == 2
    told = capsys.readouterr().err
    assert "cannot be written" in told and "Traceback" not in told


def test_a_fault_of_ours_is_no_verdict_on_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty(_: str | None) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(queries, "status", faulty)
    assert main(["status"]) == 3
