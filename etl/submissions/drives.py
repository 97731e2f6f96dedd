"""Shared drives, read only: any place that fsspec speaks to (folder, SMB, SFTP, S3, …). Nothing there is ever changed.

A drive is named by a URL; what is kept of it never holds its credentials.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import fsspec
from fsspec import AbstractFileSystem

from etl.catalogue import DriveRules
from etl.errors import SourceUnavailable, UsageError
from etl.submissions.source import Source, SourceFile

Credentials = Mapping[str, Mapping[str, Any]]
# The names under which the file systems tell when a file changed; one of them is enough to notice a change.
_CHANGE_KEYS = ("ETag", "etag", "mtime", "last_write_time", "LastModified", "last_modified", "modified")
_TIME_KEYS = _CHANGE_KEYS[2:]


def without_secret(url: str) -> str:
    """A drive's URL without user name and password: what may be stored and shown."""
    parts = urlsplit(url)
    if not parts.scheme or "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _seconds(info: Mapping[str, Any]) -> float | None:
    for key in _TIME_KEYS:
        value = info.get(key)
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, int | float):
            return float(value)
    return None


def _version(info: Mapping[str, Any]) -> str:
    changed = next((info[key] for key in _CHANGE_KEYS if info.get(key)), "")
    return f"{info.get('size', '')}-{changed}"


def is_missing(error: Exception) -> bool:
    """Whether a file system's error says that there is nothing at the path."""
    return (isinstance(error, OSError) and error.errno == errno.ENOENT) or isinstance(error, FileNotFoundError)


@dataclass(frozen=True)
class Drive:
    """A place where reports arrive. `url` holds no secret; `root` is the place in the file system's own words."""

    url: str
    system: AbstractFileSystem = field(repr=False)
    root: str = field(repr=False)

    @classmethod
    def open(cls, url: str, credentials: Credentials | None = None, *, setting: str = "CCHC_DRIVES") -> Drive:
        """The drive at a URL or a local path, with the credentials of the longest prefix that fits it.

        Raises UsageError where no file system speaks the URL; `setting` is where it was named.
        """
        public = without_secret(url)
        if "://" not in url:
            public = url = str(Path(url).absolute())
        fitting = [prefix for prefix in credentials or {} if public.startswith(without_secret(prefix))]
        options = dict((credentials or {})[max(fitting, key=len)]) if fitting else {}
        try:
            system, root = fsspec.core.url_to_fs(url, **options)
        except (ValueError, ImportError) as error:
            raise UsageError(f"the drive {public} cannot be opened: {error}", f"Check {setting}") from None
        return cls(public.rstrip("/") or "/", system, root.rstrip("/") or "/")

    channel = "drive"

    def _info(self, path: str) -> dict[str, Any]:
        info: dict[str, Any] = self.system.info(path)
        return info

    def files(self, rules: DriveRules) -> Iterator[SourceFile]:
        """The files of the drive that may be reports, by name; a drive may also be a single file.

        Raises UsageError where there is nothing at its place, SourceUnavailable where it does not answer.
        """
        self.system.invalidate_cache()
        try:
            root = self._info(self.root)
            is_file = root["type"] == "file"
            found: dict[str, dict[str, Any]] = (
                {self.root: root} if is_file else self.system.find(self.root, detail=True)
            )
        except Exception as error:  # each file system has errors of its own
            if is_missing(error):
                raise UsageError(f"{self.url} does not exist", "Check the path") from None
            raise self._unavailable(error) from error
        for path in sorted(found):
            below = path[len(self.root) :]
            if is_file or rules.takes(below.strip("/")):
                info = found[path]
                period, district = rules.declares(below.strip("/"))
                name = path.rpartition("/")[2]
                yield SourceFile(self.url + below, name, _version(info), _seconds(info), period, district)

    def fetch(self, file: SourceFile) -> bytes | None:
        """The bytes of a listed file; None if it changed while it was read, or has gone."""
        path = self.root + file.url[len(self.url) :]
        try:
            content: bytes = self.system.cat_file(path)
            self.system.invalidate_cache()
            return content if _version(self._info(path)) == file.version else None
        except Exception as error:  # as above
            if is_missing(error):
                return None
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> SourceUnavailable:
        # The error's own words may hold the account's secrets: its kind says enough.
        return SourceUnavailable(
            f"the drive {self.url} does not answer ({type(error).__name__})", "Check address, account and network"
        )


def settled(
    source: Source, listed: Sequence[SourceFile], rules: DriveRules, now: float | None = None
) -> list[SourceFile]:
    """The files that are not being written to: none has changed for the settling time when this returns.

    Younger ones are waited for, and left for the next run where they have changed by then.
    """
    moment = time.time() if now is None else now
    youngest = min((moment - file.changed_at for file in listed if file.changed_at), default=rules.settle_seconds)
    if youngest >= rules.settle_seconds:
        return list(listed)
    time.sleep(min(rules.settle_seconds - youngest, rules.settle_seconds))  # the drive's clock may be ahead of ours
    again = {file.url: file.version for file in source.files(rules)}
    return [file for file in listed if again.get(file.url) == file.version]
