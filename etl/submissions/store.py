"""The store of original files: each content once, named by its sha256, in a folder or at a URL."""

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
    """Stores contents by their hash; never changes or removes one."""

    def put(self, content: bytes) -> str:
        """Store `content` and return its sha256. The file appears whole under its name, or not at all."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes of a file. Raises UsageError if the store does not have it."""
        ...


def file_store(settings: Settings) -> Store:
    """Open the store of CCHC_FILES: a folder, or a URL with the options of CCHC_DRIVE_CREDENTIALS.

    Raises UsageError if no file system supports the URL.
    """
    if not settings.files_url:
        return FileStore(settings.files)
    drive = Drive.open(settings.files_url, settings.drive_credentials(), setting="CCHC_FILES")
    return RemoteFileStore(drive.url, drive.system, drive.root)


def _missing_file(sha256: str) -> UsageError:
    return UsageError(f"The file store has no file {sha256}", "Check CCHC_FILES and CCHC_VAR")


class FileStore:
    """A folder of files by hash, with mode 0700: originals may contain contact data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """As Store.put. On return the file is on disk and survives a power loss, as the register relies on it.

        Raises UsageError if it cannot be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        try:
            if not path.exists():
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.parent.mkdir(mode=0o700, exist_ok=True)
                self._write(path, content)
        except OSError as error:
            message = f"File store {self._folder} cannot be written: {error.strerror}"
            raise UsageError(message, "Check CCHC_FILES and CCHC_VAR") from error
        return sha256

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):  # another process stored the same content and cleaned up
                Path(name).replace(path)
        finally:
            for part in path.parent.glob(f".{path.name}.*"):  # also those of a killed process
                part.unlink(missing_ok=True)
        _sync_folders(path.parent)

    def get(self, sha256: str) -> bytes:
        """As Store.get."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise _missing_file(sha256) from None


@dataclass(frozen=True)
class RemoteFileStore:
    """The same on any file system that fsspec supports; access is controlled there."""

    url: str
    system: AbstractFileSystem
    root: str

    def put(self, content: bytes) -> str:
        """As Store.put. Raises SourceUnavailable if the file system does not respond or stored another length."""
        sha256 = hashlib.sha256(content).hexdigest()
        folder = f"{self.root}/{sha256[:2]}"
        part = f"{folder}/.{sha256}.{uuid.uuid4().hex[:8]}"  # renamed when complete
        try:
            self.system.invalidate_cache()
            if not self.system.exists(f"{folder}/{sha256}"):
                self.system.makedirs(folder, exist_ok=True)
                self.system.pipe_file(part, content)
                self._rename(part, f"{folder}/{sha256}")
            self.system.invalidate_cache()
            size = self.system.info(f"{folder}/{sha256}")["size"]
        except Exception as error:  # each file system raises its own errors
            raise self._unavailable(error) from error
        if size != len(content):
            raise SourceUnavailable(f"File store {self.url} stored {size} of {len(content)} bytes", "Is it full?")
        return sha256

    def _rename(self, part: str, path: str) -> None:
        try:
            self.system.mv(part, path)
        except Exception:
            if not self.system.exists(path):
                raise
            self.system.rm_file(part)  # another process stored the same content

    def get(self, sha256: str) -> bytes:
        """As Store.get. Raises SourceUnavailable if the file system does not respond."""
        try:
            content: bytes = self.system.cat_file(f"{self.root}/{sha256[:2]}/{sha256}")
        except Exception as error:  # as above
            if is_missing(error):
                raise _missing_file(sha256) from None
            raise self._unavailable(error) from error
        return content

    def _unavailable(self, error: Exception) -> SourceUnavailable:
        # The text of the error may contain credentials, so only its class is shown.
        return SourceUnavailable(f"File store {self.url} does not respond ({type(error).__name__})", "Check CCHC_FILES")


def _sync_folders(folder: Path) -> None:
    """Wait until the entries of a folder and of its parent are on disk."""
    for path in (folder, folder.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
