"""The drives of a department, each on a real server: Samba, OpenSSH, S3."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import fsspec
import pytest

from etl.catalogue import load_drive_rules
from etl.errors import SourceUnavailable, UsageError
from etl.submissions import Drive, select_stable
from tests.drives.servers import Served, openssh, s3, samba
from tests.needs import needs

RULES = load_drive_rules()
FILES = {
    "2021-Q1/946_Long Phú.docx": b"one",
    "2021-Q1/947.xlsx": b"two" * 100_000,
    "2021-Q1/~$946_Long Phú.docx": b"lock",
    "2021-Q1/.hidden/report.docx": b"hidden",
    "report.docx.part": b"half",
}
KINDS: dict[str, Callable[..., AbstractContextManager[Served]]] = {"samba": samba, "openssh": openssh, "s3": s3}
PARAMETERS = [
    pytest.param("samba", marks=needs("smbd")),
    pytest.param("openssh", marks=needs("sshd")),
    pytest.param("s3"),
]


def put(served: Served, name: str, content: bytes) -> None:
    """Writes as a district would: to the folder behind the server, or to the store itself."""
    if served.folder:
        path = served.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    else:
        system, root = fsspec.core.url_to_fs(served.url, **served.options)
        system.pipe_file(f"{root}/{name}", content)


def fingerprint(served: Served) -> str:
    """All names and bytes on the drive, to show that nothing changed there."""
    system, root = fsspec.core.url_to_fs(served.url, **served.options)
    system.invalidate_cache()
    found = sorted(system.find(root))
    return hashlib.sha256(b"".join(path.encode() + system.cat_file(path) for path in found)).hexdigest()


@pytest.fixture(params=PARAMETERS, scope="module")
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with KINDS[request.param](tmp_path_factory.mktemp(request.param)) as drive:
        for name, content in FILES.items():
            put(drive, name, content)
        yield drive


def opened(served: Served) -> Drive:
    return Drive.open(served.url, {served.url: served.options})


def test_only_reports_are_listed_and_read(served: Served) -> None:
    drive = opened(served)
    found = list(drive.files(RULES))
    assert [file.name for file in found] == ["946_Long Phú.docx", "947.xlsx"]
    assert [file.url for file in found] == [f"{served.url}/2021-Q1/{file.name}" for file in found]
    for file in found:
        assert drive.fetch(file) == FILES[f"2021-Q1/{file.name}"]
        assert file.declared_period == "2021-Q1"


def test_nothing_on_the_drive_is_changed(served: Served) -> None:
    before = fingerprint(served)
    drive = opened(served)
    for file in drive.files(RULES):
        drive.fetch(file)
    assert fingerprint(served) == before


def test_a_changed_report_has_another_version(served: Served) -> None:
    put(served, "2021-Q1/948.docx", b"first")
    (before,) = (file for file in opened(served).files(RULES) if file.name == "948.docx")
    put(served, "2021-Q1/948.docx", b"second, longer")
    (after,) = (file for file in opened(served).files(RULES) if file.name == "948.docx")
    assert before.version != after.version


def test_a_file_that_is_still_being_written_is_skipped_until_it_is_complete(served: Served) -> None:
    drive = opened(served)
    put(served, "2021-Q1/949.txt", b"half")
    listed = [file for file in drive.files(RULES) if file.name == "949.txt"]
    writing = threading.Timer(1.5, put, (served, "2021-Q1/949.txt", b"half and half"))
    writing.start()
    assert select_stable(drive, listed, RULES) == []
    writing.join()
    again = [file for file in drive.files(RULES) if file.name == "949.txt"]
    assert select_stable(drive, again, RULES) == again
    assert [drive.fetch(file) for file in again] == [b"half and half"]


def test_a_missing_folder_is_reported_without_its_secret(served: Served) -> None:
    drive = Drive.open(served.url + "/nowhere", {served.url: served.options})
    with pytest.raises(UsageError, match="nowhere") as raised:
        list(drive.files(RULES))
    for secret in served.options.values():
        assert str(secret) not in str(raised.value) or str(secret) in served.url


def test_a_server_that_is_down_is_reported() -> None:
    drive = "s3://reports"
    options = {"key": "k", "secret": "s", "client_kwargs": {"endpoint_url": "http://127.0.0.1:9"}}
    with pytest.raises(SourceUnavailable, match="does not respond"):
        list(Drive.open(drive, {drive: options}).files(RULES))
