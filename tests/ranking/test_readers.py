"""Concurrent readers: while reports are corrected and rankings refreshed, they only see consistent states."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from etl import database
from etl.catalogue.document import read_document
from etl.ranking import load_methods, refresh_rankings
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference
from tests import world

DISTRICTS = "ABCDE"
PERIODS = {"2021-Q1": "2021-03-18", "2021-H1": "2021-06-18"}
ROUNDS = 6
METHOD = """
method_code: method-a
valid_from: 2020-01-01
is_default: true
areas:
  - area: I
    weight: 100
    criteria:
      - {criterion: tasks, weight: 100, rule: linear, numerator: done, denominator: assigned, empty_denominator: drop}
"""
RANKINGS = """
SELECT r.period_code, r.district_code, r.score, r.rank, a.score, i.score, c.contribution
FROM mart.district_ranking AS r
LEFT JOIN mart.area_score AS a USING (period_code, method_code, district_code)
LEFT JOIN mart.indicator_score AS i USING (period_code, method_code, district_code)
LEFT JOIN mart.score_contribution AS c USING (period_code, method_code, district_code)
ORDER BY 1, 2
"""
INTERVALS = """
SELECT s.period_code, s.district_code, s.score, s.rank, count(s.draws) OVER (PARTITION BY s.period_code)
FROM mart.ranking_robustness AS s
ORDER BY 1, 2
"""
State = tuple[int, ...]


@pytest.fixture
def filled(settings: Settings, tmp_path: Path) -> Settings:
    """Five districts and two periods, each with 0 of 100 tasks done."""
    path = tmp_path / "method-a.yml"
    path.write_text(METHOD, encoding="utf-8")
    districts: dict[str, dict[str, Any]] = {code: {} for code in DISTRICTS}
    catalogue = world.catalogue(districts, period_codes=PERIODS, methods={"method-a": read_document(path)})
    with database.connect(settings) as connection:
        load_reference(connection, catalogue)
        load_methods(connection, catalogue)
    for period in PERIODS:
        for district in DISTRICTS:
            report(settings, district, period, 0, date(2021, 3, 15))
    refresh(settings)
    return settings


def report(settings: Settings, district: str, period: str, done: int, signed_on: date) -> None:
    with database.connect(settings) as connection:
        values = {"done": done, "assigned": 100}
        submission_id = world.submit(connection, district, period, values=values, signed_on=signed_on)
        load_accepted(connection, [submission_id])


def refresh(settings: Settings) -> None:
    with database.connect(settings) as connection:
        refresh_rankings(connection)


@contextmanager
def reading(settings: Settings, *reads: Callable[[database.Connection], None]) -> Iterator[None]:
    """Repeat each read on its own connection as cchc_bi until the block ends."""
    stop = threading.Event()

    def loop(read: Callable[[database.Connection], None]) -> None:
        with database.connect(settings, role="cchc_bi") as connection:
            connection.commit()
            connection.execution_options(isolation_level="AUTOCOMMIT")
            while not stop.is_set():
                read(connection)

    with ThreadPoolExecutor(len(reads)) as pool:
        running = [pool.submit(loop, read) for read in reads]
        try:
            yield
        finally:
            stop.set()
    for future in running:
        future.result()


def ranks_of(state: State) -> list[int]:
    return [1 + sum(other > score for other in state) for score in state]


def states_of(rows: list[tuple[Any, ...]]) -> dict[str, State]:
    """The scores of each period by district; checks that no row is missing and that ranks belong to the scores."""
    states = {}
    for period in PERIODS:
        period_rows = [row for row in rows if row[0] == period]
        assert [row[1] for row in period_rows] == list(DISTRICTS), "each district exactly once"
        state = tuple(int(row[2]) for row in period_rows)
        assert [row[3] for row in period_rows] == ranks_of(state)
        states[period] = state
    return states


def test_readers_only_see_states_that_the_facts_have_had(filled: Settings) -> None:
    """Correct one district after another, with each correction and each refresh in its own transaction.

    A state of a period is legal if its facts had it between two corrections. One writer per period refreshes after
    each of its corrections, so that refreshes overlap with corrections of the other period.
    """
    legal: dict[str, list[State]] = {period: [(0,) * len(DISTRICTS)] for period in PERIODS}
    seen: list[dict[str, State]] = []
    intervals: list[dict[str, State]] = []

    def read_rankings(connection: database.Connection) -> None:
        rows = connection.exec_driver_sql(RANKINGS).fetchall()
        seen.append(states_of(rows))
        assert all(len({row[2], *row[4:]}) == 1 for row in rows), (
            "area, criterion and contribution belong to this score"
        )

    def read_intervals(connection: database.Connection) -> None:
        rows = connection.exec_driver_sql(INTERVALS).fetchall()
        intervals.append(states_of(rows))
        assert {row[4] for row in rows} == {len(DISTRICTS)}, "every rank has its interval"

    def write(period: str) -> None:
        signed_on = date(2021, 3, 16)
        for number in range(ROUNDS):
            for index, district in enumerate(DISTRICTS):
                signed_on += timedelta(days=1)
                done = (17 * number + 29 * index + 5) % 101
                state = list(legal[period][-1])
                state[index] = done
                legal[period].append(tuple(state))
                report(filled, district, period, done, signed_on)
                refresh(filled)

    with reading(filled, read_rankings, read_intervals), ThreadPoolExecutor(len(PERIODS)) as writers:
        list(writers.map(write, PERIODS))

    for period in PERIODS:
        for snapshots in (seen, intervals):
            states = [snapshot[period] for snapshot in snapshots]
            assert set(states) <= set(legal[period])
            order = [legal[period].index(state) for state in states]
            assert order == sorted(order), "no reader goes back to an older state"
        assert len({snapshot[period] for snapshot in seen}) > ROUNDS, "the reader saw the ranking change"
    with database.connect(filled, role="cchc_bi") as connection:
        last = states_of(connection.exec_driver_sql(RANKINGS).fetchall())
    assert last == {period: legal[period][-1] for period in PERIODS}
