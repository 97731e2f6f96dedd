"""The store of original files: every content once, named by its sha256, in a folder or at a URL."""

from __future__ import annotations

import hashlib
import os
import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fsspec import AbstractFileSystem

from etl.errors import SourceUnavailable, UsageError
from etl.settings import Settings
from etl.submissions.drives import Drive, is_missing


class Store(Protocol):
    """Keeps contents by their hash; never changes or removes one."""

    def put(self, content: bytes) -> str:
        """Keeps `content` and returns its sha256; it is whole under its name or not there at all."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes of a file. Raises UsageError where the store does not hold it."""
        ...


def file_store(settings: Settings) -> Store:
    """The store that CCHC_FILES names: a folder, or a URL with the options of CCHC_DRIVE_CREDENTIALS.

    Raises UsageError where nothing speaks the URL.
    """
    if not settings.files_url:
        return FileStore(settings.files)
    place = Drive.open(settings.files_url, settings.drive_credentials(), setting="CCHC_FILES")
    return RemoteFileStore(place.url, place.system, place.root)


def _no_file(sha256: str) -> UsageError:
    return UsageError(f"the file store has no file {sha256}", "Check CCHC_FILES and CCHC_VAR")


class FileStore:
    """A folder of files by hash. Originals may hold contact data, so the folder is for its owner alone (mode 0700)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keeps `content` and returns its sha256; a file is whole under its name or not there at all.

        On return it is on the disk, name and all: the register may say so and the machine lose its power. Raises
        UsageError where it cannot be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        try:
            if not path.exists():
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.parent.mkdir(mode=0o700, exist_ok=True)
                self._write(path, content)
        except OSError as error:
            what = f"the file store {self._folder} cannot be written: {error.strerror}"
            raise UsageError(what, "Check CCHC_FILES and CCHC_VAR") from error
        return sha256

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):  # another process has kept the same content, and tidied up
                Path(name).replace(path)
        finally:
            for part in path.parent.glob(f".{path.name}.*"):  # this one, and what a killed process left of it
                part.unlink(missing_ok=True)
        _settle(path.parent)

    def get(self, sha256: str) -> bytes:
        """The bytes of a file. Raises UsageError where the store does not hold it."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise _no_file(sha256) from None


@dataclass(frozen=True)
class RemoteFileStore:
    """The same at any place that fsspec speaks to. Who may read it is for the place to say."""

    url: str
    system: AbstractFileSystem
    root: str

    def put(self, content: bytes) -> str:
        """As FileStore.put. Raises SourceUnavailable where the place does not answer or keeps another length."""
        sha256 = hashlib.sha256(content).hexdigest()
        folder = f"{self.root}/{sha256[:2]}"
        part = f"{folder}/.{sha256}.{uuid.uuid4().hex[:8]}"  # renamed when it is whole
        try:
            self.system.invalidate_cache()
            if not self.system.exists(f"{folder}/{sha256}"):
                self.system.makedirs(folder, exist_ok=True)
                self.system.pipe_file(part, content)
                self._name(part, f"{folder}/{sha256}")
            self.system.invalidate_cache()
            size = self.system.info(f"{folder}/{sha256}")["size"]
        except Exception as error:  # each file system has errors of its own
            raise self._unavailable(error) from error
        if size != len(content):
            raise SourceUnavailable(f"the file store {self.url} keeps {size} of {len(content)} bytes", "Is it full?")
        return sha256

    def _name(self, part: str, path: str) -> None:
        try:
            self.system.mv(part, path)
        except Exception:
            if not self.system.exists(path):
                raise
            self.system.rm_file(part)  # another process has kept the same content meanwhile

    def get(self, sha256: str) -> bytes:
        """As FileStore.get. Raises SourceUnavailable where the place does not answer."""
        try:
            content: bytes = self.system.cat_file(f"{self.root}/{sha256[:2]}/{sha256}")
        except Exception as error:  # as above
            if is_missing(error):
                raise _no_file(sha256) from None
            raise self._unavailable(error) from error
        return content

    def _unavailable(self, error: Exception) -> SourceUnavailable:
        # The error's own words may hold the account's secrets: its kind says enough.
        return SourceUnavailable(
            f"the file store {self.url} does not answer ({type(error).__name__})", "Check CCHC_FILES"
        )


def _settle(folder: Path) -> None:
    """Waits until the names in a folder, and its own in the folder above, are on the disk."""
    for place in (folder, folder.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
