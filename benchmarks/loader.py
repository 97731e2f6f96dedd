"""The loader at work, in processes of its own so that its memory can be told: stages and loads, says what it took.

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
SIDE_BY_SIDE = 2  # as etl.pipeline loads, and as Airflow's mapped tasks read and stage


@dataclass
class Stopwatch:
    """The seconds that an iterator takes to give what it gives."""

    seconds: float = 0.0

    def during(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items as they come."""
        waiting = iter(items)
        while True:
            started = time.perf_counter()
            item = next(waiting, None)
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
    """What reading leaves: the rows of every report, in staging, a hundred reports a transaction.

    Returns its seconds without those in which the reports were made: the floor's rows are ready made as well.
    """
    started, made = time.perf_counter(), Stopwatch()
    ids = submissions_of(settings, period_code)
    reports = ((ids[one.head.district_code], one.rows) for one in made.during(nation.reports(period_code)))
    with database.connect(settings) as connection:
        while stage_reports(connection, islice(reports, 100)):
            connection.commit()
    return time.perf_counter() - started - made.seconds


def load_period(settings: Settings, period_code: str) -> LoadCounts:
    """What the pipeline does with the accepted reports of a period."""
    with database.connect(settings) as connection:
        return load_accepted(connection, list(submissions_of(settings, period_code).values()))


def load(settings: Settings, nation: Nation, period_codes: Sequence[str]) -> dict[str, float]:
    """Stages, then loads several periods, side by side; seconds of each, and facts opened.

    Staging took as long as the worker with the most to do.
    """
    with ProcessPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(_warm_up, range(SIDE_BY_SIDE)))
        busy: dict[int, float] = defaultdict(float)
        for worker, seconds in pool.map(partial(_stage, settings, nation), period_codes):
            busy[worker] += seconds
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        started = time.perf_counter()
        counts = sum(threads.map(partial(load_period, settings), period_codes), LoadCounts())
        loaded = time.perf_counter()
    return {"staging": max(busy.values()), "loading": loaded - started, "opened": counts.opened}


def _stage(settings: Settings, nation: Nation, period_code: str) -> tuple[int, float]:
    return os.getpid(), stage_period(settings, nation, period_code)


def _warm_up(_: int) -> None:
    time.sleep(0.1)


def peak_memory() -> float:
    """The most that this process and its workers held together, in MB, had all been at their peak at once."""
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own + SIDE_BY_SIDE * workers) / 1024


def main(folder: str, address: str, period_codes: Sequence[str]) -> None:
    """Loads and prints one line of JSON."""
    done = load(settings_for(address, Path(folder)), Nation(Path(folder), None, tuple(period_codes)), period_codes)
    print(json.dumps(done | {"peak_mb": peak_memory()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
