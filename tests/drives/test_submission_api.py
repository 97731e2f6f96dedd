"""The client of the submission API against a real server, whole and failing."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp

from etl import database
from etl.catalogue import load_drive_rules
from etl.errors import SourceUnavailable, UsageError
from etl.settings import PROJECT_ROOT, Settings
from etl.simulation.server import Portal
from etl.submissions import SubmissionApi
from etl.submissions.api import ATTEMPTS, INVALID_SUFFIX, LONGEST_PAUSE, validator
from tests.drives.servers import free_port
from tests.end_to_end.conftest import run

RULES = load_drive_rules()
TOKEN = "only-for-this-test"


@contextmanager
def serving(application: ASGIApp) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(5):
        path = tmp_path / "2021-Q1" / f"94{number + 1}_report.docx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes([number]) * 300_000)
    return tmp_path


class Pauses:
    """Stands for time.sleep, so that a test of retries does not wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def client(url: str, token: str = TOKEN, pauses: Pauses | None = None) -> SubmissionApi:
    return SubmissionApi(url, token, sleep=pauses or Pauses())


def test_all_pages_and_files_are_fetched_completely(folder: Path) -> None:
    with serving(Portal(folder, TOKEN, page_size=2).application()) as url:
        api = client(url)
        listed = list(api.files(RULES))
        assert [file.name for file in listed] == [f"94{number}_report.docx" for number in range(1, 6)]
        assert {(file.declared_period, file.declared_district) for file in listed} == {
            ("2021-Q1", f"94{number}") for number in range(1, 6)
        }
        for file in listed:
            assert api.fetch(file) == (folder / "2021-Q1" / file.name).read_bytes()


def test_the_server_responds_as_its_openapi_description_says(folder: Path) -> None:
    import httpx

    with serving(Portal(folder, TOKEN, page_size=2).application()) as url:
        answer = httpx.get(f"{url}/v1/submissions", headers={"Authorization": f"Bearer {TOKEN}"})
    validator("SubmissionPage").validate(answer.json())


def test_an_invalid_token_is_reported_without_showing_it(folder: Path) -> None:
    with (
        serving(Portal(folder, TOKEN).application()) as url,
        pytest.raises(UsageError, match="CCHC_API_TOKEN") as raised,
    ):
        list(client(url, "another-secret").files(RULES))
    assert "another-secret" not in str(raised.value)
    assert "another-secret" not in repr(client(url, "another-secret"))


def test_a_file_that_changed_after_listing_is_skipped_until_the_next_run(folder: Path) -> None:
    with serving(Portal(folder).application()) as url:
        api = client(url)
        file = next(api.files(RULES))
        (folder / "2021-Q1" / file.name).write_bytes(b"another")
        assert api.fetch(file) is None
        (folder / "2021-Q1" / file.name).unlink()
        assert api.fetch(file) is None


def failing_first(times: int, portal: ASGIApp, failure: Callable[[Request], Response]) -> ASGIApp:
    """The portal behind a door that fails the first `times` requests."""
    left = times

    async def door(scope: Any, receive: Any, send: Any) -> None:
        nonlocal left
        if scope["type"] == "http" and left > 0:
            left -= 1
            await failure(Request(scope))(scope, receive, send)
        else:
            await portal(scope, receive, send)

    return door


def test_a_busy_portal_is_retried_after_its_retry_after_header(folder: Path) -> None:
    pauses = Pauses()
    busy = failing_first(
        2, Portal(folder).application(), lambda _: Response(status_code=429, headers={"Retry-After": "7"})
    )
    with serving(busy) as url:
        assert len(list(client(url, pauses=pauses).files(RULES))) == 5
    assert len(pauses.seconds) == 2
    assert all(7 <= pause <= LONGEST_PAUSE for pause in pauses.seconds)


def test_retry_after_may_be_a_timestamp(folder: Path) -> None:
    pauses = Pauses()
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    busy = failing_first(
        1, Portal(folder).application(), lambda _: Response(status_code=503, headers={"Retry-After": until})
    )
    with serving(busy) as url:
        assert len(list(client(url, pauses=pauses).files(RULES))) == 5
    assert 15 < pauses.seconds[0] <= 20


def test_a_silent_portal_times_out(folder: Path) -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(1)

    pauses = Pauses()
    with serving(silent) as url, pytest.raises(SourceUnavailable, match="ReadTimeout"):
        list(SubmissionApi(url, TOKEN, sleep=pauses, seconds=0.1).files(RULES))
    assert len(pauses.seconds) == ATTEMPTS - 1


def test_the_list_can_be_filtered_by_period(folder: Path) -> None:
    other = folder / "2021-H1" / "941_report.docx"
    other.parent.mkdir()
    other.write_bytes(b"x")
    with serving(Portal(folder, TOKEN, page_size=2).application()) as url:
        api = client(url)
        assert len(list(api.files(RULES))) == 6
        assert [file.declared_period for file in api.files(RULES, period_code="2021-H1")] == ["2021-H1"]
        assert len(list(api.files(RULES, period_code="2021-Q1"))) == 5


def test_reports_of_a_portal_are_loaded_and_its_errors_become_findings(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = PROJECT_ROOT / "examples" / "drive" / "2021-Q1" / "945_cu-lao-dung_2021-Q1.txt"
    held = tmp_path / "portal" / "2021-Q1"
    held.mkdir(parents=True)
    shutil.copy(example, held)
    portal = Portal(held.parent, TOKEN)
    valid_item = portal._item
    monkeypatch.setattr(portal, "_item", lambda entry, path: valid_item(entry, path) | {"size_bytes": "many"})
    with serving(portal.application()) as url:
        monkeypatch.setenv("CCHC_API_URL", url)
        monkeypatch.setenv("CCHC_API_TOKEN", TOKEN)
        assert run() != []
        monkeypatch.setattr(portal, "_item", valid_item)
        assert run() != []
        assert run() == []
    with database.connect(settings) as connection:
        rows = connection.exec_driver_sql(
            "SELECT s.status, s.channel, f.rule_code FROM mart.submission AS s LEFT JOIN mart.finding AS f"
            " ON f.submission_id = s.submission_id AND f.severity = 'critical' ORDER BY s.submission_id"
        ).fetchall()
    assert rows == [("unreadable", "api", "api_item_invalid"), ("accepted", "api", None)]


def test_a_portal_that_stays_busy_is_retried_with_growing_pauses_then_given_up(folder: Path) -> None:
    pauses = Pauses()
    busy = failing_first(100, Portal(folder).application(), lambda _: Response(status_code=503))
    with serving(busy) as url, pytest.raises(SourceUnavailable, match=r"did not respond: status 503.*next run"):
        list(client(url, pauses=pauses).files(RULES))
    assert len(pauses.seconds) == ATTEMPTS - 1
    assert pauses.seconds == sorted(pauses.seconds)
    assert max(pauses.seconds) <= LONGEST_PAUSE


def test_an_interrupted_transfer_is_resumed_where_it_stopped(folder: Path) -> None:
    asked: list[str | None] = []
    portal = Portal(folder).application()

    async def door(scope: Any, receive: Any, send: Any) -> None:
        is_file = scope["type"] == "http" and scope["path"].endswith("/file")
        if is_file:
            asked.append(Request(scope).headers.get("range"))
        if not is_file or len(asked) > 1:
            await portal(scope, receive, send)
            return
        whole = (folder / "2021-Q1" / "941_report.docx").read_bytes()
        tag = f'"{api_etag}"'

        async def half() -> Any:
            yield whole[:100_000]
            raise RuntimeError("the line breaks")

        answer = StreamingResponse(half(), headers={"ETag": tag, "Content-Length": str(len(whole))})
        await answer(scope, receive, send)

    with serving(door) as url:
        api = client(url)
        file = next(api.files(RULES))
        api_etag = file.version
        assert api.fetch(file) == (folder / "2021-Q1" / file.name).read_bytes()
    assert asked == [None, "bytes=100000-"]


def test_an_invalid_item_is_kept_as_received(folder: Path) -> None:
    async def odd(scope: Any, receive: Any, send: Any) -> None:
        items = [{"submission_id": "x", "file_name": 7}, "not even an object"]
        await JSONResponse({"items": items, "next_page_token": None})(scope, receive, send)

    with serving(odd) as url:
        api = client(url)
        listed = list(api.files(RULES))
        assert [file.name for file in listed] == [f"x{INVALID_SUFFIX}", f"item{INVALID_SUFFIX}"]
        assert [api.fetch(file) for file in listed] == [
            b'{"file_name": 7, "submission_id": "x"}',
            b'"not even an object"',
        ]


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"items": 1}', b"{"])
def test_a_response_that_is_not_a_page_names_the_setting(answer: bytes) -> None:
    async def odd(scope: Any, receive: Any, send: Any) -> None:
        await Response(answer)(scope, receive, send)

    with serving(odd) as url, pytest.raises(UsageError, match="CCHC_API_URL"):
        list(client(url).files(RULES))


def test_a_portal_that_repeats_a_page_is_an_error() -> None:
    async def odd(scope: Any, receive: Any, send: Any) -> None:
        await JSONResponse({"items": [], "next_page_token": "again"})(scope, receive, send)

    with serving(odd) as url, pytest.raises(UsageError, match="repeats page"):
        list(client(url).files(RULES))


def test_a_portal_that_is_down_is_reported() -> None:
    with pytest.raises(SourceUnavailable, match="did not respond: ConnectError"):
        list(client(f"http://127.0.0.1:{free_port()}").files(RULES))
