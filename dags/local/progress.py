"""What the terminal shows of a run: a line for each task and the steps' own words; Airflow's go to a file."""

from __future__ import annotations

import atexit
import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

_RESULTS_IN_WORDS: dict[str, Callable[[Any], str]] = {
    "prepare": "the warehouse is ready for {}".format,
    "discover": lambda urls: f"{len(urls)} new files",
    "register": lambda batches: f"{sum(map(len, batches))} submissions to read",
    "parse": lambda batch: f"{batch['status']}: {len(batch['parsed'])} read",
    "validate": lambda ids: f"{len(ids)} accepted",
    "load": lambda ids: f"{len(ids)} loaded",
}


class Progress:
    """Writes a line for each task that ended, and keeps the errors of those that failed."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._since = time.monotonic()
        self.errors: list[tuple[str, BaseException | str | None]] = []

    def _say(self, task_id: str, what: str) -> None:
        now = time.monotonic()
        print(f"{task_id:<10} {what} ({now - self._since:.1f} s)", file=self._terminal, flush=True)
        self._since = now

    def succeeded(self, task_instance: Any) -> None:
        if task_instance.task_id == "summarise":
            return  # its words are the last that a person should see
        result = task_instance.xcom_pull(task_ids=task_instance.task_id, map_indexes=task_instance.map_index)
        in_words = _RESULTS_IN_WORDS.get(task_instance.task_id, lambda _: "done")
        self._say(task_instance.task_id, in_words(result))

    def failed(self, task_instance: Any, error: BaseException | str | None) -> None:
        self.errors.append((task_instance.task_id, error))
        self._say(task_instance.task_id, "FAILED")


def listen(progress: Progress) -> None:
    """Makes Airflow tell `progress` of the tasks that end in this process."""
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


class _WordsOnly(logging.Formatter):
    """The message without a traceback, which the file has."""

    def format(self, record: logging.LogRecord) -> str:
        return record.getMessage()


@contextlib.contextmanager
def quiet(log_file: Path) -> Iterator[TextIO]:
    """Everything printed inside goes to `log_file`, but the words of the steps; hands over the terminal."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    terminal = sys.stdout
    words = logging.StreamHandler(terminal)
    words.setFormatter(_WordsOnly())
    logging.getLogger("cchc").addHandler(words)
    log = log_file.open("w", encoding="utf-8")
    atexit.register(log.close)  # and not before: Airflow and the embedded server log until the process ends
    with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        try:
            yield terminal
        finally:
            logging.getLogger("cchc").removeHandler(words)
