"""Shared drives, read only, on any file system that fsspec supports (folder, SMB, SFTP, S3, …).

A drive is named by a URL; its credentials are never part of what is stored or shown.
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
# Keys under which file systems report when a file changed.
_CHANGE_KEYS = ("ETag", "etag", "mtime", "last_write_time", "LastModified", "last_modified", "modified")
_TIME_KEYS = _CHANGE_KEYS[2:]


def _hide_credentials(url: str) -> str:
    """Remove user name and password from a URL, so that it may be stored and shown."""
    parts = urlsplit(url)
    if not parts.scheme or "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _modified_at(info: Mapping[str, Any]) -> float | None:
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
    """Whether a file system's error means that the path does not exist."""
    return isinstance(error, FileNotFoundError) or (isinstance(error, OSError) and error.errno == errno.ENOENT)


@dataclass(frozen=True)
class Drive:
    """A folder or file where reports arrive. `url` contains no credentials; `root` is its path in the file system."""

    url: str
    system: AbstractFileSystem = field(repr=False)
    root: str = field(repr=False)

    @classmethod
    def open(cls, url: str, credentials: Credentials | None = None, *, setting: str = "CCHC_DRIVES") -> Drive:
        """Open the drive at a URL or a local path, with the credentials of its longest matching prefix.

        Raises UsageError, which names `setting`, if no file system supports the URL.
        """
        public = _hide_credentials(url)
        if "://" not in url:
            public = url = str(Path(url).absolute())
        prefixes = [prefix for prefix in credentials or {} if public.startswith(_hide_credentials(prefix))]
        options = dict((credentials or {})[max(prefixes, key=len)]) if prefixes else {}
        try:
            system, root = fsspec.core.url_to_fs(url, **options)
        except (ValueError, ImportError) as error:
            raise UsageError(f"Drive {public} cannot be opened: {error}", f"Check {setting}") from None
        return cls(public.rstrip("/") or "/", system, root.rstrip("/") or "/")

    channel = "drive"

    def files(self, rules: DriveRules) -> Iterator[SourceFile]:
        """List the files that may be reports, by name; a drive may also be a single file.

        Raises UsageError if its path does not exist, SourceUnavailable if it does not respond.
        """
        self.system.invalidate_cache()
        try:
            root = self.system.info(self.root)
            is_file = root["type"] == "file"
            infos: dict[str, Any] = {self.root: root} if is_file else self.system.find(self.root, detail=True)
        except Exception as error:  # each file system raises its own errors
            if is_missing(error):
                raise UsageError(f"{self.url} does not exist", "Check the path") from None
            raise self._unavailable(error) from error
        for path, info in sorted(infos.items()):
            relative_path = path[len(self.root) :]
            if is_file or rules.takes(relative_path.strip("/")):
                period, district = rules.declares(relative_path.strip("/"))
                name = path.rpartition("/")[2]
                yield SourceFile(self.url + relative_path, name, _version(info), _modified_at(info), period, district)

    def fetch(self, file: SourceFile) -> bytes | None:
        """Return the bytes of a listed file; None if it changed while being read, or has gone."""
        path = self.root + file.url[len(self.url) :]
        try:
            content: bytes = self.system.cat_file(path)
            self.system.invalidate_cache()
            return content if _version(self.system.info(path)) == file.version else None
        except Exception as error:  # as above
            if is_missing(error):
                return None
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> SourceUnavailable:
        # The text of the error may contain credentials, so only its class is shown.
        return SourceUnavailable(
            f"Drive {self.url} does not respond ({type(error).__name__})", "Check address, account and network"
        )


def select_stable(
    source: Source, listed: Sequence[SourceFile], rules: DriveRules, now: float | None = None
) -> list[SourceFile]:
    """Return the files that nobody is writing: unchanged for `settle_seconds` when this returns.

    Waits until the youngest file is old enough; files that change meanwhile are left for the next run.
    """
    now = time.time() if now is None else now
    youngest = min((now - file.changed_at for file in listed if file.changed_at), default=rules.settle_seconds)
    if youngest >= rules.settle_seconds:
        return list(listed)
    time.sleep(min(rules.settle_seconds - youngest, rules.settle_seconds))  # the drive's clock may be ahead of ours
    versions = {file.url: file.version for file in source.files(rules)}
    return [file for file in listed if versions.get(file.url) == file.version]
