"""Listing and fetching files of a drive, here a local folder; tests/drives has the other kinds."""

from pathlib import Path

import pytest

from etl.catalogue import DriveRules, load_drive_rules
from etl.errors import UsageError
from etl.submissions import Drive, SourceFile, select_stable

RULES = load_drive_rules()


def files(folder: Path) -> list[SourceFile]:
    return list(Drive.open(str(folder)).files(RULES))


def names(folder: Path) -> list[str]:
    return [file.name for file in files(folder)]


def test_files_of_all_folders_are_listed_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("c.docx", "a.xlsx", "b/z.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert names(tmp_path) == ["a.xlsx", "z.txt", "c.docx"]


@pytest.mark.parametrize(
    "name", ["~$report.docx", ".hidden.docx", "report.docx.PART", "Thumbs.db", "._report.docx", ".git/report.docx"]
)
def test_temporary_and_hidden_files_are_not_listed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    assert names(tmp_path) == []


def test_a_changed_file_has_another_version(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"x")
    (before,) = files(path)
    path.write_bytes(b"xy")
    (after,) = files(path)
    assert before.url == after.url
    assert before.version != after.version


def test_a_name_with_spaces_and_accents_is_fetched_by_its_url(tmp_path: Path) -> None:
    (tmp_path / "Báo cáo quý I #1 100%.docx").write_bytes(b"x")
    drive = Drive.open(str(tmp_path))
    (listed,) = drive.files(RULES)
    assert drive.fetch(listed) == b"x"


def test_a_deleted_file_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    drive = Drive.open(str(tmp_path))
    (listed,) = drive.files(RULES)
    (tmp_path / "a.docx").unlink()
    assert drive.fetch(listed) is None


def test_a_file_that_changed_since_it_was_listed_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    drive = Drive.open(str(tmp_path))
    (listed,) = drive.files(RULES)
    (tmp_path / "a.docx").write_bytes(b"more")
    assert drive.fetch(listed) is None


def test_a_file_that_is_still_growing_is_left_for_the_next_run(tmp_path: Path) -> None:
    complete, growing = tmp_path / "a.docx", tmp_path / "b.docx"
    complete.write_bytes(b"x")
    growing.write_bytes(b"x")
    drive = Drive.open(str(tmp_path))
    listed = list(drive.files(RULES))
    growing.write_bytes(b"more")
    assert [file.name for file in select_stable(drive, listed, RULES)] == ["a.docx"]


def test_old_files_are_not_checked_a_second_time(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    drive = Drive.open(str(tmp_path))
    listed = list(drive.files(RULES))
    (tmp_path / "a.docx").write_bytes(b"more")
    later = (listed[0].changed_at or 0) + 60
    assert select_stable(drive, listed, RULES, now=later) == listed


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        files(tmp_path / "nowhere")


def test_an_unknown_kind_of_drive_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"gopher://drive/reports.*CCHC_DRIVES"):
        Drive.open("gopher://drive/reports")


def test_no_repr_and_no_error_shows_the_password_of_a_drive() -> None:
    drive = Drive.open("sftp-like-memory://".replace("sftp-like-memory", "memory") + "reports")
    assert "secret" not in repr(drive)
    with pytest.raises(UsageError) as raised:
        Drive.open("gopher://clerk:secret@drive/reports")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        ("2021-Q1/946_long-phu.docx", ("2021-Q1", "946")),
        ("reports/2021-q1/946/report.docx", ("2021-Q1", "946")),
        ("2021-Q1/report.docx", ("2021-Q1", "")),
        ("report.docx", ("", "")),
    ],
)
def test_a_path_declares_period_and_district(path: str, declared: tuple[str, str]) -> None:
    assert RULES.declares(path) == declared


def test_a_province_may_accept_word_files_only(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "a.xlsx").write_bytes(b"x")
    rules = DriveRules(include=("*.docx",), exclude=(), declared=(), settle_seconds=0)
    assert [file.name for file in Drive.open(str(tmp_path)).files(rules)] == ["a.docx"]
