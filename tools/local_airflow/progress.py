"""The terminal output of a run: one line per task and the summary; Airflow's own output goes to a log file."""

from __future__ import annotations

import atexit
import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

_DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "prepare": "the warehouse is ready for {}".format,
    "discover": lambda urls: f"{len(urls)} new files",
    "register": lambda batches: f"{sum(map(len, batches))} submissions to parse",
    "parse": lambda batch: f"{batch['status']}: {len(batch['parsed'])} parsed",
    "validate": lambda ids: f"{len(ids)} accepted",
    "load": lambda ids: f"{len(ids)} loaded",
}


class Progress:
    """Prints a line for each finished task and collects the errors of failed ones."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._last_end = time.monotonic()
        self.errors: list[tuple[str, BaseException | str | None]] = []

    def _print(self, task_id: str, outcome: str) -> None:
        end = time.monotonic()
        print(f"{task_id:<10} {outcome} ({end - self._last_end:.1f} s)", file=self._terminal, flush=True)
        self._last_end = end

    def succeeded(self, task_instance: Any) -> None:
        if task_instance.task_id == "summarise":
            return  # the summary is the last thing that a person should see
        result = task_instance.xcom_pull(task_ids=task_instance.task_id, map_indexes=task_instance.map_index)
        describe = _DESCRIPTIONS.get(task_instance.task_id, lambda _: "done")
        self._print(task_instance.task_id, describe(result))

    def failed(self, task_instance: Any, error: BaseException | str | None) -> None:
        self.errors.append((task_instance.task_id, error))
        self._print(task_instance.task_id, "FAILED")


def listen(progress: Progress) -> None:
    """Report the tasks that finish in this process to `progress`."""
    from airflow.listeners import hookimpl
    from airflow.sdk.listener import get_listener_manager

    class Listener:
        @hookimpl
        def on_task_instance_success(self, task_instance: Any) -> None:
            progress.succeeded(task_instance)

        @hookimpl
        def on_task_instance_failed(self, task_instance: Any, error: BaseException | str | None) -> None:
            progress.failed(task_instance, error)

    get_listener_manager().add_listener(Listener())


class _MessageFormatter(logging.Formatter):
    """Only the message; the log file has the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage()


@contextlib.contextmanager
def redirect_output(log_file: Path) -> Iterator[TextIO]:
    """Send all output to `log_file`, except messages of the logger `cchc`; yields the terminal."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    terminal = sys.stdout
    handler = logging.StreamHandler(terminal)
    handler.setFormatter(_MessageFormatter())
    logging.getLogger("cchc").addHandler(handler)
    log = log_file.open("w", encoding="utf-8")
    atexit.register(log.close)  # not earlier: Airflow and the embedded server log until the process ends
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        try:
            yield terminal
        finally:
            logging.getLogger("cchc").removeHandler(handler)
