"""Runs of the pipeline that are broken off, each in a process of its own, and what is there after a last, whole run."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2.extensions import parse_dsn

from etl import database
from etl.catalogue import load_catalogue
from etl.settings import PROJECT_ROOT
from tests.faults.servers import OwnServer, filled
from tests.faults.victim import STEPS

_PATIENCE = 300.0  # seconds after which a run that says nothing is stuck


def make_drive(folder: Path) -> Path:
    """The examples, and second reports of some districts for the same period: there is something to supersede."""
    from etl.simulation import simulate

    shutil.copytree(PROJECT_ROOT / "examples" / "drive", folder)
    simulate("2021-Q1", ["942", "944", "951"], 7, folder / "second", ["txt", "xlsx"], load_catalogue(None))
    return folder


@dataclass(frozen=True)
class Place:
    """Where the runs of one trial work: a database address, or "" for an embedded server under `var`."""

    var: Path
    drive: Path
    address: str = ""

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CCHC_")}
        own = {"CCHC_VAR": str(self.var), "CCHC_DRIVES": str(self.drive), "CCHC_DATABASE_URL": self.address}
        return kept | own


class Runner:
    """Begins runs, one after another; `step` is the one that the present run has begun."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the runner
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            cwd=PROJECT_ROOT,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._changed = threading.Condition()
        self._began: dict[str, float] = {}
        self._pid = 0
        self._code: int | None = None
        self.step = ""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(_PATIENCE)
        self._listener.join()
        self._errors.close()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            word, _, number = line.strip().partition(" ")
            with self._changed:
                if word == "pid":
                    self._pid = int(number)
                elif word == "ended":
                    self._code = int(number)
                else:
                    self.step = word
                    self._began[word] = time.monotonic()
                self._changed.notify_all()

    def begin(self, place: Place) -> None:
        """Begins a run; the one before has ended."""
        self._began, self._pid, self._code, self.step = {}, 0, None, ""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(place.environment()) + "\n")
        self._process.stdin.flush()

    @property
    def is_over(self) -> bool:
        return self._code is not None

    def wait_for(self, step: str) -> bool:
        """Until `step` begins; False where the run ended before."""
        with self._changed:
            self._changed.wait_for(lambda: (step in self._began and self._pid) or self.is_over, _PATIENCE)
            return step in self._began

    def end(self) -> int:
        """Waits for the run to end by itself; its exit code."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.is_over, _PATIENCE), f"the run is stuck in {self.step}"
        return int(self._code or 0)

    def kill(self) -> str:
        """SIGKILL; the step that was hit, or `done` where the run was over."""
        if not self.is_over:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        self.end()
        return self.step

    def whole_run(self, place: Place) -> dict[str, float]:
        """A run that nobody disturbs; seconds of each step."""
        self.begin(place)
        if code := self.end():
            self._errors.seek(0)
            raise AssertionError(f"the run ended with {code} in {self.step}:\n{self._errors.read()}")
        moments = [self._began[step] for step in (*STEPS, "done")]
        return {step: later - sooner for step, sooner, later in zip(STEPS, moments, moments[1:], strict=False)}


def pause(chance: random.Random, at_most: float) -> None:
    """Waits for a random moment of a step that lasts so many seconds."""
    time.sleep(chance.uniform(0, at_most))


def kill_in_every_step(
    runner: Runner, place: Place, durations: dict[str, float], chance: random.Random
) -> Counter[str]:
    """One run after another in the same place, each killed at a random moment a step later, then a whole one.

    `durations` are seconds of each step undisturbed. Returns which steps were hit.
    """
    hits: Counter[str] = Counter()
    for step in STEPS:
        runner.begin(place)
        runner.wait_for(step)
        pause(chance, durations[step])
        hits[runner.kill()] += 1
    runner.whole_run(place)
    return hits


def lines(title: str, hits: Counter[str]) -> str:
    """A line of the fault table: how often each step was hit."""
    return f"{title:24}" + "".join(f"{hits[step]:>10}" for step in STEPS)


def break_connections(runner: Runner, place: Place, durations: dict[str, float], chance: random.Random) -> Counter[str]:
    """Ends the connections of runs from the server's side, in each step at a random moment, then a whole run.

    Returns the steps in which a connection was ended.
    """
    hits: Counter[str] = Counter()
    for step in STEPS:
        runner.begin(place)
        runner.wait_for(step)
        pause(chance, durations[step])
        while not runner.is_over:
            at = runner.step
            if _terminate(place.address):
                hits[at] += 1
                break
            time.sleep(0.001)
        runner.end()
    runner.whole_run(place)
    return hits


def _terminate(address: str) -> int:
    with database.connect_url(address, autocommit=True) as connection:
        row: tuple[Any, ...] | None = connection.exec_driver_sql(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
            (parse_dsn(address)["dbname"],),
        ).fetchone()
        return int(row[0]) if row else 0


def two_at_once(first: Runner, second: Runner, place: Place) -> list[int]:
    """Two runs begun at the same moment; their exit codes."""
    for runner in (first, second):
        runner.begin(place)
    return [runner.end() for runner in (first, second)]


def lose_server(
    runner: Runner, server: OwnServer, drive: Path, durations: dict[str, float], chance: random.Random
) -> Counter[str]:
    """Stops or crashes the server, by turns, at a random moment of each step, then a whole run on it, started again."""
    place, hits = Place(server.var, drive), Counter[str]()
    server.address()
    for number, step in enumerate(STEPS):
        runner.begin(place)
        runner.wait_for(step)
        pause(chance, durations[step])
        hits[runner.step] += 1
        (server.crash if number % 2 else server.stop)()
        runner.end()
    runner.whole_run(place)
    return hits


def fill_disk(
    runner: Runner, server: OwnServer, disk: Path, drive: Path, durations: dict[str, float], chance: random.Random
) -> Counter[str]:
    """Fills the disk of the server and the file store at a random moment of each step, until the run has ended; then a
    whole run with room again. Returns the steps in which runs failed."""
    place, hits = Place(server.var, drive), Counter[str]()
    server.address()
    for step in STEPS:
        runner.begin(place)
        runner.wait_for(step)
        time.sleep(chance.uniform(0, durations[step] / 4))
        with filled(disk, chance.choice((0, 1 << 15, 1 << 17))):
            if runner.end():
                hits[runner.step] += 1
    runner.whole_run(place)
    return hits
