"""The store of original files."""

import hashlib
import stat
from pathlib import Path

import pytest

from etl.errors import UsageError
from etl.submissions import FileStore


def test_the_same_bytes_are_stored_once_and_read_back(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    first, second = store.put(b"report"), store.put(b"report")
    assert first == second == hashlib.sha256(b"report").hexdigest()
    assert store.get(first) == b"report"
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_only_the_owner_may_read_the_store(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    sha256 = store.put(b"report")
    folder = tmp_path / "files"
    for path in (folder, folder / sha256[:2]):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / sha256[:2] / sha256).stat().st_mode) == 0o600


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no file"):
        FileStore(tmp_path).get("0" * 64)
