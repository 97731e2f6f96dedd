"""Client of the submission API in docs/api.yaml, read only: lists the submissions of a portal and fetches their files.

Calls are retried with exponential, jittered pauses; an interrupted transfer resumes where it stopped. An item that does
not fit the schema is passed on unchanged, so that it becomes a finding and not a crash.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar

import httpx
import yaml
from jsonschema import Draft202012Validator
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from etl.catalogue import DriveRules
from etl.errors import SourceUnavailable, UsageError
from etl.settings import PROJECT_ROOT
from etl.submissions.source import SourceFile

_DESCRIPTION = PROJECT_ROOT / "docs" / "api.yaml"
_BUSY = (429, 500, 502, 503, 504)
T = TypeVar("T")
_LARGEST_FILE = 200 * 1024 * 1024
ATTEMPTS = 6
LONGEST_PAUSE = 60.0
INVALID_SUFFIX = ".invalid.json"
"""Suffix of the file name of an item that does not fit the schema; its bytes are the item itself."""


class _RetryableError(Exception):
    """The portal is busy or the connection failed; `after` is the number of seconds of its Retry-After header."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


@lru_cache(maxsize=4)
def validator(schema: str) -> Draft202012Validator:
    """Return the JSON Schema validator of one schema of docs/api.yaml."""
    document = yaml.safe_load(_DESCRIPTION.read_text(encoding="utf-8"))
    return Draft202012Validator({**document, "$ref": f"#/components/schemas/{schema}"})


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    requested = error.after if isinstance(error, _RetryableError) else None
    backoff = wait_exponential_jitter(multiplier=0.5, max=LONGEST_PAUSE, jitter=0.5)(state)
    return min(LONGEST_PAUSE, max(requested or 0.0, backoff))


def _retry_after(response: httpx.Response) -> float | None:
    """The seconds of the Retry-After header, which is a number of seconds or a date."""
    header = response.headers.get("Retry-After", "")
    try:
        return float(header)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):  # not a date, or without a time zone
        return None


class SubmissionApi:
    """A portal with the submission API. The token never appears in an error or a repr."""

    channel = "api"

    def __init__(
        self, url: str, token: str, *, sleep: Callable[[float], None] | None = None, seconds: float = 30.0
    ) -> None:
        """`seconds` is the timeout of a silent portal; `sleep` replaces waiting in tests."""
        self.url = url.rstrip("/")
        headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._client = httpx.Client(
            headers=headers, timeout=httpx.Timeout(seconds, connect=min(10.0, seconds)), follow_redirects=False
        )
        self._retrying = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_pause,
            retry=retry_if_exception_type(_RetryableError),
            reraise=True,
            sleep=sleep or time.sleep,
        )

    def __repr__(self) -> str:
        return f"SubmissionApi({self.url!r})"

    def _attempt(self, call: Callable[[], T]) -> T:
        try:
            return self._retrying(call)
        except _RetryableError as error:
            raise SourceUnavailable(
                f"Submission API {self.url} did not respond: {error}", "The next run tries again"
            ) from None

    def _check(self, response: httpx.Response) -> httpx.Response:
        if response.status_code in _BUSY:
            raise _RetryableError(f"status {response.status_code}", _retry_after(response))
        if response.status_code in (401, 403):
            raise UsageError(f"Submission API {self.url} rejects the token", "Check CCHC_API_TOKEN")
        if response.is_error or response.is_redirect:
            raise UsageError(
                f"Submission API {self.url} returned {response.status_code} for {response.request.url.path}",
                "Check CCHC_API_URL against docs/api.yaml",
            )
        return response

    def _page(self, token: str | None, period_code: str | None) -> dict[str, Any]:
        parameters = {"period": period_code, "page_token": token}

        def call() -> dict[str, Any]:
            try:
                response = self._client.get(
                    f"{self.url}/v1/submissions", params={name: value for name, value in parameters.items() if value}
                )
            except httpx.TransportError as error:
                raise _RetryableError(type(error).__name__) from None
            try:
                page = self._check(response).json()
            except ValueError:
                page = None
            if not isinstance(page, dict) or not isinstance(page.get("items"), list):
                raise UsageError(
                    f"Submission API {self.url} did not return a page of submissions",
                    "Check CCHC_API_URL against docs/api.yaml",
                )
            return page

        return self._attempt(call)

    def files(self, rules: DriveRules, *, period_code: str | None = None) -> Iterator[SourceFile]:
        """List the submissions of a period or of all, page by page.

        Raises SourceUnavailable if the portal does not respond, UsageError if it rejects the token or does not speak
        this API.
        """
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = self._page(token, period_code)
            for item in page["items"]:
                yield self._source_file(item)
            token = page.get("next_page_token")
            if not token:
                return
            if token in seen:
                raise UsageError(f"Submission API {self.url} repeats page {token!r}", "Tell its operator")
            seen.add(token)

    def _source_file(self, item: Any) -> SourceFile:
        if validator("Submission").is_valid(item):
            return SourceFile(
                f"{self.url}/v1/submissions/{item['submission_id']}/file",
                item["file_name"],
                item["etag"],
                declared_period=item.get("period_code", ""),
                declared_district=item.get("district_code", ""),
            )
        text = json.dumps(item, ensure_ascii=False, sort_keys=True)
        name = str(item.get("submission_id", "item")) if isinstance(item, Mapping) else "item"
        return SourceFile(f"{self.url}/v1/submissions#{text}", f"{name[:100]}{INVALID_SUFFIX}", text)

    def fetch(self, file: SourceFile) -> bytes | None:
        """Return the bytes of a listed file; None if it has changed or gone. An interrupted transfer is resumed."""
        base, _, item = file.url.partition("/v1/submissions#")
        if item and base == self.url:
            return item.encode()
        parts: list[bytes] = []
        tag = ""

        def call() -> bool:
            nonlocal tag
            received = sum(map(len, parts))
            headers = {"Range": f"bytes={received}-", "If-Range": tag} if received and tag else {}
            try:
                with self._client.stream("GET", file.url, headers=headers) as response:
                    if response.status_code == 404:
                        return False
                    if response.status_code != 206:
                        parts.clear()
                    if response.status_code == 416:
                        raise _RetryableError("status 416")
                    self._check(response)
                    tag = response.headers.get("ETag", "")
                    self._collect(response, parts)
            except httpx.TransportError as error:
                raise _RetryableError(type(error).__name__) from None
            return True

        exists = self._attempt(call)
        return b"".join(parts) if exists and tag.strip('"') == file.version else None

    def _collect(self, response: httpx.Response, parts: list[bytes]) -> None:
        size = sum(map(len, parts))
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > _LARGEST_FILE:
                raise UsageError(
                    f"Submission API {self.url} sends a file over {_LARGEST_FILE >> 20} MB", "Tell its operator"
                )
