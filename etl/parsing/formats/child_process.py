"""Runs what may crash, hang or eat memory on a hostile file in a process of its own, with limits."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_LIMITED = Path(__file__).with_name("limited_process.py")
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")


class ChildFailed(Exception):
    """The process died, reached a limit or took too long."""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process with all that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def run(
    command: Sequence[str],
    content: bytes = b"",
    *,
    seconds: int,
    megabytes: int,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """What a command prints, given `content` on stdin, within `seconds` of processor time (three times that on the
    clock on the wall) and `megabytes` of memory. It sees no environment but PATH and the like, so no password.

    Raises ChildFailed.
    """
    known = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    limited = [sys.executable, "-I", "-S", str(_LIMITED), str(seconds), str(megabytes), *command]
    with subprocess.Popen(  # noqa: S603
        limited,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**known, "LC_ALL": "C.UTF-8", **(environment or {})},
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(content, timeout=3 * seconds)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired | BrokenPipeError):
                raise ChildFailed(f"{command[0]} took too long") from error
            raise
    if process.returncode:
        raise ChildFailed(f"{command[0]} ended with {process.returncode}")
    return output


def run_python(worker: str, arguments: Sequence[str], content: bytes, *, seconds: int, megabytes: int) -> bytes:
    """What a worker module beside this one prints; isolated from the environment and the working folder."""
    command = [sys.executable, "-I", str(Path(__file__).with_name(worker)), *arguments]
    return run(command, content, seconds=seconds, megabytes=megabytes)
