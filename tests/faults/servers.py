"""A PostgreSQL of a trial's own, to be stopped, crashed and starved: the embedded one in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from etl.settings import PROJECT_ROOT

_TMPFS_BYTES = 320 << 20
_PATIENCE = 60.0


class OwnServer:
    """The embedded server under `var`."""

    def __init__(self, var: Path) -> None:
        self.var = var

    def address(self) -> str:
        """Its warehouse's address; starts it where it does not run."""
        return self._database("url")

    def stop(self) -> None:
        """An orderly stop, which ends all connections."""
        self._database("stop")

    def _database(self, action: str) -> str:
        """In a process of its own: one that has started a server takes it for running ever after."""
        environment = os.environ | {"CCHC_VAR": str(self.var), "CCHC_DATABASE_URL": "", "PYTHONPATH": str(PROJECT_ROOT)}
        command = [sys.executable, "-m", "etl", "database", action]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def crash(self) -> None:
        """All its processes end at once, as when the machine loses its power."""
        try:
            postmaster = int((self.var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError):
            return
        family = [postmaster, *_children(postmaster)]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + _PATIENCE
        while any(_is_there(pid) for pid in family):
            assert time.monotonic() < deadline, "a killed server is still listed: does nobody wait for its end?"
            time.sleep(0.02)


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def _is_there(pid: int) -> bool:
    return (Path("/proc") / str(pid)).exists()


@contextmanager
def own_server(folder: Path | None = None) -> Iterator[OwnServer]:
    """A server in `folder`, or in a folder of its own; stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="cchc-", ignore_cleanup_errors=True) as temporary:
        server = OwnServer((folder or Path(temporary)) / "var")
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system in memory that is soon full. Raises OSError where this process may not mount one."""
    with tempfile.TemporaryDirectory(prefix="cchc-") as folder:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_TMPFS_BYTES},mode=755", "cchc", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode:
            raise OSError(f"this process may not mount a tmpfs: {mounted.stderr.strip()}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(disk: Path, leaving: int) -> Iterator[None]:
    """The disk holds no more than `leaving` further bytes."""
    ballast, block = disk / "ballast", bytes(1 << 16)
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:  # the server goes on writing meanwhile, so what is free is not known beforehand
            state = os.statvfs(disk)
            if state.f_bavail * state.f_frsize <= leaving:
                break
            file.write(block)
    try:
        yield
    finally:
        ballast.unlink()
