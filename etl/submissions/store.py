"""The store of original files: every content once, named by its sha256, readable by its owner alone."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from etl.errors import UsageError


class FileStore:
    """A folder of files by hash. Originals may hold contact data, so the folder is for its owner alone (mode 0700)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keeps `content` and returns its sha256; a file is whole under its name or not there at all.

        On return it is on the disk, name and all: the register may say so and the machine lose its power.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self._write(path, content)
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
            raise UsageError(f"the file store has no file {sha256}", "Check CCHC_FILES and CCHC_VAR") from None


def _settle(folder: Path) -> None:
    """Waits until the names in a folder, and its own in the folder above, are on the disk."""
    for place in (folder, folder.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
