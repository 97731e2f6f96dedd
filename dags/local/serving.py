"""Airflow's scheduler and pages until Ctrl-C. `airflow standalone` does the same, but with LocalExecutor never ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

PARTS = ("api-server", "scheduler", "dag-processor")
_SECONDS_TO_END = 10


def _start(part: str, logs: Path) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and each part is told to end once.
    with (logs / f"{part}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603  # words of ours alone
            [sys.executable, "-m", "airflow", part], stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _end(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        process.terminate()
    deadline = time.monotonic() + _SECONDS_TO_END
    for process in running.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and what it left behind


def _answers(address: str) -> bool:
    with contextlib.suppress(URLError, OSError):
        urlopen(f"{address}/api/v2/version", timeout=2).close()  # noqa: S310  # our own address
        return True
    return False


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _watch(running: dict[str, subprocess.Popen[bytes]], address: str, logs: Path) -> int:
    """Waits until a part ends by itself, which is a fault; Ctrl-C ends it from outside."""
    is_told = False
    while True:
        ended = [part for part, process in running.items() if process.poll() is not None]
        if ended:
            print(f"Airflow's {ended[0]} has ended by itself. See {logs / ended[0]}.log", file=sys.stderr)
            return 3
        if not is_told and _answers(address):
            print(f"Airflow is at {address}. Ctrl-C ends it.", flush=True)
            is_told = True
        time.sleep(1)


def serve(logs: Path) -> int:
    """Runs until Ctrl-C (0) or until a part fails (3); the settings are those of the environment."""
    logs.mkdir(parents=True, exist_ok=True)
    print(f"Starting Airflow (half a minute). Its logs are in {logs}", flush=True)
    signal.signal(signal.SIGTERM, _interrupt)
    running = {part: _start(part, logs) for part in PARTS}
    try:
        return _watch(running, f"http://127.0.0.1:{os.environ['AIRFLOW__API__PORT']}", logs)
    except KeyboardInterrupt:
        print("Ending Airflow", flush=True)
        return 0
    finally:
        _end(running)
