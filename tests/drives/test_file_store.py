"""The store of original files at a URL (CCHC_FILES), on real servers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from etl import settings as settings_module
from etl.errors import SourceUnavailable, UsageError
from etl.operations import backup, ingest, submissions
from etl.settings import PROJECT_ROOT, Settings
from etl.submissions import Store, file_store
from tests.drives.servers import Served
from tests.drives.test_real_drives import KINDS, PARAMETERS

EXAMPLE = PROJECT_ROOT / "examples" / "drive" / "2021-Q1" / "945_cu-lao-dung_2021-Q1.txt"


@pytest.fixture(params=PARAMETERS, scope="module")
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with KINDS[request.param](tmp_path_factory.mktemp(request.param), is_writable=True) as place:
        yield place


def credentials(served: Served, folder: Path) -> Path:
    path = folder / "credentials.json"
    path.write_text(json.dumps({served.url: dict(served.options)}))
    return path


def store_at(served: Served, folder: Path, below: str) -> Store:
    now = settings_module.load_settings()
    url = f"{served.url}/{below}"
    return file_store(replace(now, files_url=url, drive_credentials_file=credentials(served, folder)))


def names(served: Served, below: str) -> list[str]:
    system, root = fsspec.core.url_to_fs(f"{served.url}/{below}", **served.options)
    system.invalidate_cache()
    return sorted(path.rpartition("/")[2] for path in system.find(root))


def test_content_is_stored_once_and_can_be_read_back(served: Served, tmp_path: Path) -> None:
    store = store_at(served, tmp_path, "once")
    contents = [b"", b"report", b"large" * 200_000]
    kept = [store.put(content) for content in contents + contents]
    assert kept == [hashlib.sha256(content).hexdigest() for content in contents + contents]
    assert [store.get(sha256) for sha256 in kept[:3]] == contents
    assert names(served, "once") == sorted(kept[:3])


def test_concurrent_writers_store_content_once(served: Served, tmp_path: Path) -> None:
    settings = replace(
        settings_module.load_settings(),
        files_url=f"{served.url}/many",
        drive_credentials_file=credentials(served, tmp_path),
    )
    with ThreadPoolExecutor(4) as pool:  # each with a connection of its own, as processes have
        kept = set(pool.map(lambda _: file_store(settings).put(b"the same"), range(8)))
    assert names(served, "many") == sorted(kept)


def test_a_missing_file_names_its_hash_and_the_setting(served: Served, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has no file 000.*CCHC_FILES"):
        store_at(served, tmp_path, "none").get("0" * 64)


def test_ingest_backup_and_restore_work_with_a_remote_store(
    served: Served, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCHC_FILES", f"{served.url}/warehouse")
    monkeypatch.setenv("CCHC_DRIVE_CREDENTIALS", str(credentials(served, tmp_path)))
    ((_, _, status, _),), errors = ingest.ingest([str(EXAMPLE)])
    assert (status, errors) == ("accepted", [])
    sha256 = hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    assert submissions.original(sha256) == EXAMPLE.read_bytes()
    assert names(served, "warehouse") == [sha256]
    backup.backup(tmp_path / "backup")
    monkeypatch.setenv("CCHC_FILES", f"{served.url}/restored")
    backup.restore(tmp_path / "backup", replace=True)
    assert names(served, "restored") == [sha256]
    assert submissions.original(sha256) == EXAMPLE.read_bytes()


def test_an_unreachable_store_is_reported_without_its_secret(tmp_path: Path) -> None:
    options = {"key": "k", "secret": "secret-word", "client_kwargs": {"endpoint_url": "http://127.0.0.1:9"}}
    store = store_at(Served("s3://reports", options), tmp_path, "down")
    for work in (lambda: store.put(b"x"), lambda: store.get("0" * 64)):
        with pytest.raises(SourceUnavailable, match=r"File store s3://reports/down does not respond") as raised:
            work()
        assert "secret-word" not in str(raised.value) + repr(store)


def test_an_unsupported_url_scheme_names_the_setting() -> None:
    with pytest.raises(UsageError, match=r"gopher://drive/files.*CCHC_FILES"):
        file_store(replace(settings_module.load_settings(), files_url="gopher://drive/files"))
