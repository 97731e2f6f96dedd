"""The submission API of docs/api.yaml, read only: pages of what a portal holds, and the files.

Every call is tried again with growing, jittered pauses where the portal is busy or the line breaks; a broken transfer
is taken up where it stopped. What does not fit the schema is handed on as it came: a finding, not a crash.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

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
"""What the name of an item ends with that does not fit the schema; its bytes are the item itself."""


class _TryAgain(Exception):
    """The portal is busy or the line broke; `after` is how many seconds it asked to be left alone."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


@lru_cache(maxsize=4)
def validator(schema: str) -> Draft202012Validator:
    """The JSON Schema validator of one schema of docs/api.yaml."""
    document = yaml.safe_load(_DESCRIPTION.read_text(encoding="utf-8"))
    return Draft202012Validator({**document, "$ref": f"#/components/schemas/{schema}"})


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.after if isinstance(error, _TryAgain) else None
    grown = wait_exponential_jitter(multiplier=0.5, max=LONGEST_PAUSE, jitter=0.5)(state)
    return min(LONGEST_PAUSE, max(asked or 0.0, grown))


def _retry_after(response: httpx.Response) -> float | None:
    """The seconds that Retry-After asks for; it may name them or the moment until when."""
    asked = response.headers.get("Retry-After", "")
    try:
        return float(asked)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):  # no date, or one without a zone
        return None


class SubmissionApi:
    """A portal that offers the submission API. The token never appears in an error or a repr."""

    channel = "api"

    def __init__(
        self, url: str, token: str, *, sleep: Callable[[float], None] | None = None, seconds: float = 30.0
    ) -> None:
        """`seconds` is how long a silent portal is waited for."""
        self.url = url.rstrip("/")
        headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._client = httpx.Client(
            headers=headers, timeout=httpx.Timeout(seconds, connect=min(10.0, seconds)), follow_redirects=False
        )
        more = {"sleep": sleep} if sleep else {}
        self._retrying = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=_pause,
            retry=retry_if_exception_type(_TryAgain),
            reraise=True,
            **cast("Any", more),
        )

    def __repr__(self) -> str:
        return f"SubmissionApi({self.url!r})"

    def _attempt(self, call: Callable[[], T]) -> T:
        try:
            return self._retrying(call)
        except _TryAgain as error:
            raise SourceUnavailable(
                f"the submission API at {self.url} did not answer: {error}", "It is asked again at the next run"
            ) from None

    def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.status_code in _BUSY:
            raise _TryAgain(f"status {response.status_code}", _retry_after(response))
        if response.status_code in (401, 403):
            raise UsageError(f"the submission API at {self.url} refuses the token", "Check CCHC_API_TOKEN")
        if response.is_error or response.is_redirect:
            raise UsageError(
                f"the submission API at {self.url} answers {response.status_code} to {response.request.url.path}",
                "Check CCHC_API_URL against docs/api.yaml",
            )
        return response

    def _page(self, token: str | None, period_code: str | None) -> dict[str, Any]:
        asked = {"period": period_code, "page_token": token}

        def call() -> dict[str, Any]:
            try:
                answer = self._client.get(
                    f"{self.url}/v1/submissions", params={name: value for name, value in asked.items() if value}
                )
            except httpx.TransportError as error:
                raise _TryAgain(type(error).__name__) from None
            try:
                page = self._checked(answer).json()
            except ValueError:
                page = None
            if not isinstance(page, dict) or not isinstance(page.get("items"), list):
                raise UsageError(
                    f"the submission API at {self.url} answers something that is no page of submissions",
                    "Check CCHC_API_URL against docs/api.yaml",
                )
            return page

        return self._attempt(call)

    def files(self, rules: DriveRules, *, period_code: str | None = None) -> Iterator[SourceFile]:
        """What the portal holds, of a period or of all, page after page.

        An item that does not fit the schema is listed under its own bytes.
        Raises SourceUnavailable where the portal does not answer, UsageError where it refuses the token or speaks
        something else.
        """
        token: str | None = None
        seen: set[str] = set()
        while True:
            page = self._page(token, period_code)
            for item in page["items"]:
                yield self._listed(item)
            token = page.get("next_page_token")
            if not token:
                return
            if token in seen:
                raise UsageError(f"the submission API at {self.url} repeats page {token!r}", "Tell its operator")
            seen.add(token)

    def _listed(self, item: Any) -> SourceFile:
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
        """The bytes of a listed file; None if it has gone or changed since. A broken transfer is taken up again."""
        base, _, item = file.url.partition("/v1/submissions#")
        if item and base == self.url:
            return item.encode()
        parts: list[bytes] = []
        tag = ""

        def call() -> bool:
            nonlocal tag
            have = sum(map(len, parts))
            headers = {"Range": f"bytes={have}-", "If-Range": tag} if have and tag else {}
            try:
                with self._client.stream("GET", file.url, headers=headers) as answer:
                    if answer.status_code == 404:
                        return False
                    if answer.status_code != 206:
                        parts.clear()
                    if answer.status_code == 416:
                        raise _TryAgain("status 416")
                    self._checked(answer)
                    tag = answer.headers.get("ETag", "")
                    self._collect(answer, parts)
            except httpx.TransportError as error:
                raise _TryAgain(type(error).__name__) from None
            return True

        found = self._attempt(call)
        return b"".join(parts) if found and tag.strip('"') == file.version else None

    def _collect(self, answer: httpx.Response, parts: list[bytes]) -> None:
        size = sum(map(len, parts))
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > _LARGEST_FILE:
                raise UsageError(
                    f"the submission API at {self.url} sends a file over {_LARGEST_FILE >> 20} MB", "Tell its operator"
                )
