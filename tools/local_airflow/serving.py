"""Airflow's scheduler and UI until Ctrl-C, like `airflow standalone`, which does not stop with LocalExecutor."""

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

COMPONENTS = ("api-server", "scheduler", "dag-processor")
_SECONDS_TO_STOP = 10


def serve(logs: Path) -> int:
    """Run until Ctrl-C (returns 0) or until a component fails (returns 3); configured by the environment."""
    logs.mkdir(parents=True, exist_ok=True)
    print(f"Starting Airflow (half a minute). Logs: {logs}", flush=True)
    signal.signal(signal.SIGTERM, _interrupt)
    running = {component: _start(component, logs) for component in COMPONENTS}
    try:
        return _watch(running, f"http://127.0.0.1:{os.environ['AIRFLOW__API__PORT']}", logs)
    except KeyboardInterrupt:
        print("Stopping Airflow", flush=True)
        return 0
    finally:
        _stop(running)


def _start(component: str, logs: Path) -> subprocess.Popen[bytes]:
    # In a session of its own: Ctrl-C reaches only this process, and each component is stopped once.
    with (logs / f"{component}.log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - fixed arguments
            [sys.executable, "-m", "airflow", component], stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        process.terminate()
    deadline = time.monotonic() + _SECONDS_TO_STOP
    for process in running.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and its children


def _responds(address: str) -> bool:
    with contextlib.suppress(URLError, OSError):
        urlopen(f"{address}/api/v2/version", timeout=2).close()  # noqa: S310 - our own address
        return True
    return False


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _watch(running: dict[str, subprocess.Popen[bytes]], address: str, logs: Path) -> int:
    """Wait until a component ends by itself, which is a failure."""
    is_announced = False
    while True:
        ended = [component for component, process in running.items() if process.poll() is not None]
        if ended:
            print(f"Airflow's {ended[0]} has stopped. See {logs / ended[0]}.log", file=sys.stderr)
            return 3
        if not is_announced and _responds(address):
            print(f"Airflow runs at {address}. Press Ctrl-C to stop it.", flush=True)
            is_announced = True
        time.sleep(1)
