"""Replies and reports, from files on a drive to the documents."""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from etl import pipeline
from etl.cli.app import main
from etl.findings import describe_location
from etl.operations import ingest, reports
from etl.settings import PROJECT_ROOT, Settings
from tests.unit.reports.test_word import commented

DRIVE = PROJECT_ROOT / "examples" / "drive"
PERIOD = "2021-Q1"


@pytest.fixture
def submission_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[dict[str, int]]:
    """The examples and an unreadable file, validated: submission ids by file name."""
    folder = tmp_path / "drive"
    shutil.copytree(DRIVE, folder)
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    monkeypatch.setenv("CCHC_DRIVES", str(folder))
    rows, _ = ingest.ingest([str(folder)])
    yield {name: submission_id for submission_id, name, _, _ in rows}


def write_reply(folder: Path, submission_id: int) -> dict[str, bytes]:
    assert main(["reply", str(submission_id), "--out", str(folder)]) == 0
    return {path.name: path.read_bytes() for path in folder.glob(f"{submission_id}_*")}


def test_each_district_gets_its_reply_and_the_province_its_page(
    submission_ids: dict[str, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "replies"
    _check_the_rejected_word_file(submission_ids["947_my-xuyen_2021-Q1.docx"], out)
    _check_the_workbook_with_a_warning(submission_ids["944_my-tu_2021-Q1.xlsx"], out)
    assert len(write_reply(out, submission_ids["945_cu-lao-dung_2021-Q1.txt"])) == 1, (
        "nothing to fix: only a cover page"
    )
    files = write_reply(out, submission_ids["scan.pdf"])
    assert sorted(Path(name).suffix for name in files) == [".docx", ".xlsx"]
    capsys.readouterr()
    assert main(["report", "--period", PERIOD, "--out", str(tmp_path)]) == 0
    page = Path(capsys.readouterr().out.strip())
    text = page.read_text(encoding="utf-8")
    assert page.name == f"report-{PERIOD}.html"
    assert "scan.pdf" in text
    assert "Huyện Mỹ Xuyên" in text
    assert "10 trong 12 tệp là số liệu mô phỏng" in text


def _check_the_rejected_word_file(submission_id: int, out: Path) -> None:
    files = write_reply(out, submission_id)
    name = f"{submission_id}_947_my-xuyen_2021-Q1_co-ghi-chu.docx"
    comments = commented(files[name])
    assert sorted(comments) == ["2.194", "413"]
    assert all(text.startswith("Lỗi nghiêm trọng. Ô ") for text in comments.values())
    cover = Document(io.BytesIO(files[f"{submission_id}_phieu-tra-loi.docx"]))
    text = "\n".join(cell.text for table in cover.tables for row in table.rows for cell in row.cells)
    assert describe_location("table[3]/row[50]/col[4]")[0] in text
    if os.name == "posix":
        assert stat.S_IMODE((out / name).stat().st_mode) == 0o600, "it may contain what the original contains"
    assert write_reply(out, submission_id) == files, "replying twice gives the same files"


def _check_the_workbook_with_a_warning(submission_id: int, out: Path) -> None:
    files = write_reply(out, submission_id)
    book = load_workbook(io.BytesIO(files[f"{submission_id}_944_my-tu_2021-Q1_co-ghi-chu.xlsx"]))
    note = book["Phụ lục"]["D72"].comment
    assert note is not None
    assert "Cảnh báo. Ô Phụ lục!D72" in note.text


def test_data_docs_show_the_message_of_each_rule(submission_ids: dict[str, int], tmp_path: Path) -> None:
    assert submission_ids
    first = reports.data_docs(PERIOD, tmp_path)
    pages = [path.read_text(encoding="utf-8") for path in first.parent.rglob("*.html")]
    assert first.exists()
    assert len(pages) == 5, "an index, two suites and their runs"
    assert sum("phải là số nguyên từ 0 trở lên" in text for text in pages) == 2
    reports.data_docs(PERIOD, tmp_path)
    assert len(list(first.parent.rglob("*.html"))) == 5, "the pages of an earlier run are removed"


@pytest.mark.parametrize(
    "args",
    [
        ["reply", "99", "--out", "{folder}"],
        ["report", "--period", "2021-Q9", "--out", "{folder}"],
        ["report", "--period", PERIOD, "--out", "/proc/nowhere"],
    ],
)
def test_a_user_error_is_one_line(
    args: list[str], settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.prepare()
    assert main([arg.format(folder=tmp_path) for arg in args]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert settings.database_url not in printed.err
