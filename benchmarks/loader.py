"""Stage and load reports in separate processes, so that their memory can be measured.

`python -m benchmarks.loader FOLDER ADDRESS PERIOD…` prints seconds, peak memory and counts as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from benchmarks.databases import settings_for
from benchmarks.nation import Nation
from etl import database
from etl.settings import Settings
from etl.warehouse import LoadCounts, load_accepted, stage_reports

Item = TypeVar("Item")
WORKERS = 2  # as many as etl.pipeline.load uses


@dataclass
class Stopwatch:
    """The seconds spent in an iterator."""

    seconds: float = 0.0

    def measure(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items, adding the time that the iterator takes for each."""
        iterator = iter(items)
        while True:
            started = time.perf_counter()
            item = next(iterator, None)
            self.seconds += time.perf_counter() - started
            if item is None:
                return
            yield item


def submissions_of(settings: Settings, period_code: str) -> dict[str, int]:
    """The newest registered submission of each district."""
    with database.connect(settings) as connection:
        rows = connection.exec_driver_sql(
            "SELECT district_code, max(submission_id) FROM raw.submission WHERE period_code = %s GROUP BY 1",
            (period_code,),
        )
        return dict(rows.fetchall())


def stage_period(settings: Settings, nation: Nation, period_code: str) -> float:
    """Stage the rows of every report, a hundred reports per transaction.

    Returns the seconds without reading the reports from their file, because the baseline's rows are prepared as well.
    """
    started, reading = time.perf_counter(), Stopwatch()
    ids = submissions_of(settings, period_code)
    reports = ((ids[report.head.district_code], report.rows) for report in reading.measure(nation.reports(period_code)))
    with database.connect(settings) as connection:
        while stage_reports(connection, islice(reports, 100)):
            connection.commit()
    return time.perf_counter() - started - reading.seconds


def load_period(settings: Settings, period_code: str) -> LoadCounts:
    """Load the reports of a period as the pipeline does."""
    with database.connect(settings) as connection:
        return load_accepted(connection, list(submissions_of(settings, period_code).values()))


def load(settings: Settings, nation: Nation, period_codes: Sequence[str]) -> dict[str, float]:
    """Stage, then load several periods in parallel. Returns the seconds of both steps and the number of opened facts.

    The time of staging is that of the busiest worker.
    """
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_warm_up, range(WORKERS)))
        busy: dict[int, float] = defaultdict(float)
        for worker, seconds in pool.map(partial(_stage, settings, nation), period_codes):
            busy[worker] += seconds
    with ThreadPoolExecutor(WORKERS) as threads:
        started = time.perf_counter()
        counts = sum(threads.map(partial(load_period, settings), period_codes), LoadCounts())
        loaded = time.perf_counter()
    return {"staging": max(busy.values()), "loading": loaded - started, "opened": counts.opened}


def _stage(settings: Settings, nation: Nation, period_code: str) -> tuple[int, float]:
    return os.getpid(), stage_period(settings, nation, period_code)


def _warm_up(_: int) -> None:
    time.sleep(0.1)


def peak_memory() -> float:
    """Peak memory in MB: the sum of the peaks of this process and of its workers, an upper bound."""
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + WORKERS * workers) / 1024


def main(folder: str, address: str, period_codes: Sequence[str]) -> None:
    """Load and print one line of JSON."""
    measurements = load(
        settings_for(address, Path(folder)), Nation(Path(folder), None, tuple(period_codes)), period_codes
    )
    print(json.dumps(measurements | {"peak_mb": peak_memory()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
