"""Run what may crash, hang or exhaust memory on a hostile file in a child process with limits."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from etl.errors import UnreadableFile
from etl.parsing.formats.container import damaged, encrypted, too_large

_HERE = Path(__file__).parent
# The child gets no other variable, and so no password.
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")


class ProcessLimits(NamedTuple):
    """CPU seconds (the wall clock limit is three times that) and memory of a child process."""

    seconds: int
    megabytes: int


class ChildProcessFailed(Exception):
    """The process crashed, hit a limit or took too long."""


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def run(
    command: Sequence[str], content: bytes, limits: ProcessLimits, environment: Mapping[str, str] | None = None
) -> bytes:
    """The output of a command that gets `content` on stdin. Raises ChildProcessFailed."""
    inherited = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    limited = [sys.executable, "-I", "-S", str(_HERE / "limited_process.py"), *map(str, limits), *command]
    with subprocess.Popen(  # noqa: S603
        limited,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**inherited, "LC_ALL": "C.UTF-8", **(environment or {})},
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(content, timeout=3 * limits.seconds)
        except BaseException as error:
            _kill_group(process)
            if isinstance(error, subprocess.TimeoutExpired | BrokenPipeError):
                raise ChildProcessFailed(f"{command[0]} took too long") from error
            raise
    if process.returncode:
        raise ChildProcessFailed(f"{command[0]} exited with {process.returncode}")
    return output


def run_worker(worker: str, arguments: Sequence[object], content: bytes, limits: ProcessLimits) -> bytes:
    """The output of a worker script of this folder, isolated from environment variables and the working folder.

    Raises UnreadableFile if it fails.
    """
    try:
        return run([sys.executable, "-I", str(_HERE / worker), *map(str, arguments)], content, limits)
    except ChildProcessFailed as error:
        raise damaged("The file cannot be opened") from error


def read_in_worker(worker: str, arguments: Sequence[object], content: bytes, limits: ProcessLimits) -> list[Any]:
    """The list that a worker script prints as JSON. It prints a rule code instead if it refuses the file."""
    result = json.loads(run_worker(worker, arguments, content, limits))
    if isinstance(result, list):
        return result
    refusals: dict[str, UnreadableFile] = {
        "file_encrypted": encrypted(),
        "file_too_large": too_large("The file has more pages, words or cells than any report"),
    }
    raise refusals.get(result, damaged("The file cannot be opened"))
