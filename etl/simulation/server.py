"""A small portal that serves a folder by the submission API (docs/api.yaml), for tests and demonstrations.

`python -m etl.simulation.server FOLDER --port 8765 --token SECRET`, then CCHC_API_URL=http://127.0.0.1:8765.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_PLACE = re.compile(r"(?P<period>\d{4}-[0-9A-Z]{2})/(?P<district>\d{3,5})?")


class Portal:
    """The submissions of a folder: its files, in the order of their names, under ids made from their paths."""

    def __init__(self, folder: Path, token: str = "", page_size: int = 100) -> None:
        self.folder, self.token, self.page_size = folder, token, page_size

    def _files(self) -> dict[str, Path]:
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {hashlib.sha256(str(path.relative_to(self.folder)).encode()).hexdigest()[:16]: path for path in paths}

    def _item(self, submission_id: str, path: Path) -> dict[str, Any]:
        content = path.read_bytes()
        place = _PLACE.search(path.relative_to(self.folder).as_posix())
        declared = {f"{key}_code": value for key, value in (place.groupdict() if place else {}).items() if value}
        return {
            "submission_id": submission_id,
            "file_name": path.name,
            "etag": hashlib.sha256(content).hexdigest(),
            "size_bytes": len(content),
            "submitted_at": datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(),
            **declared,
        }

    def _refusal(self, request: Request) -> Response | None:
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return _problem(401, "the token is wrong")
        return None

    async def submissions(self, request: Request) -> Response:
        """Return one page of the submissions."""
        if refusal := self._refusal(request):
            return refusal
        period = request.query_params.get("period")
        size = min(int(request.query_params.get("page_size", self.page_size)), self.page_size)
        start = int(request.query_params.get("page_token", "0"))
        items = [self._item(submission_id, path) for submission_id, path in self._files().items()]
        matching = [item for item in items if period in (None, item.get("period_code"))]
        next_token = str(start + size) if start + size < len(matching) else None
        return JSONResponse({"items": matching[start : start + size], "next_page_token": next_token})

    async def file(self, request: Request) -> Response:
        """Return the bytes of a file, or the part requested by Range."""
        if refusal := self._refusal(request):
            return refusal
        path = self._files().get(request.path_params["submission_id"])
        if path is None:
            return _problem(404, "there is no such submission")
        content = path.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        headers = {"ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        range_ = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        if range_ and request.headers.get("if-range", tag) == tag:
            start = int(range_[1])
            if start >= len(content):
                return _problem(416, "the range is beyond the end")
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            return Response(content[start:], 206, headers, "application/octet-stream")
        return Response(content, 200, headers, "application/octet-stream")

    def application(self) -> Starlette:
        """Return the portal as an ASGI application."""
        return Starlette(
            routes=[
                Route("/v1/submissions", self.submissions),
                Route("/v1/submissions/{submission_id}/file", self.file),
            ]
        )


def _problem(status: int, title: str) -> Response:
    return JSONResponse({"title": title, "status": status}, status, media_type="application/problem+json")


def main() -> None:
    """Serve a folder on 127.0.0.1 until Ctrl-C."""
    import uvicorn

    parser = argparse.ArgumentParser(prog="python -m etl.simulation.server", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--token", default="")
    arguments = parser.parse_args()
    portal = Portal(arguments.folder, arguments.token)
    uvicorn.run(portal.application(), host="127.0.0.1", port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()
