"""Readers in a loop while reports are corrected and rankings refreshed: they see what was true at some moment."""

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
    """Five districts, two periods, everybody at 0 of 100."""
    path = tmp_path / "method-a.yml"
    path.write_text(METHOD, encoding="utf-8")
    districts: dict[str, dict[str, Any]] = {code: {} for code in DISTRICTS}
    given = world.catalogue(districts, period_codes=PERIODS, methods={"method-a": read_document(path)})
    with database.connect(settings) as connection:
        load_reference(connection, given)
        load_methods(connection, given)
    for period in PERIODS:
        for district in DISTRICTS:
            report(settings, district, period, 0, date(2021, 3, 15))
    refresh(settings)
    return settings


def report(settings: Settings, district: str, period: str, done: int, signed_on: date) -> None:
    with database.connect(settings) as connection:
        values = {"done": done, "assigned": 100}
        one = world.submit(connection, district, period, values=values, signed_on=signed_on)
        load_accepted(connection, [one])


def refresh(settings: Settings) -> None:
    with database.connect(settings) as connection:
        refresh_rankings(connection)


@contextmanager
def reading(settings: Settings, *looks: Callable[[database.Connection], None]) -> Iterator[None]:
    """Each look in a loop of its own, over one connection of a reader, until the block ends."""
    stop = threading.Event()

    def loop(look: Callable[[database.Connection], None]) -> None:
        with database.connect(settings, role="cchc_bi") as connection:
            connection.commit()
            connection.execution_options(isolation_level="AUTOCOMMIT")
            while not stop.is_set():
                look(connection)

    with ThreadPoolExecutor(len(looks)) as pool:
        running = [pool.submit(loop, look) for look in looks]
        try:
            yield
        finally:
            stop.set()
    for one in running:
        one.result()


def ranks_of(state: State) -> list[int]:
    return [1 + sum(other > score for other in state) for score in state]


def states_of(rows: list[tuple[Any, ...]]) -> dict[str, State]:
    """The scores by period in the order of the districts; every row is there, and its ranks are of the same scores."""
    states = {}
    for period in PERIODS:
        of_period = [row for row in rows if row[0] == period]
        assert [row[1] for row in of_period] == list(DISTRICTS), "each district once: nothing missing, nothing twice"
        state = tuple(int(row[2]) for row in of_period)
        assert [row[3] for row in of_period] == ranks_of(state)
        states[period] = state
    return states


def test_readers_only_see_what_the_facts_once_were(filled: Settings) -> None:
    """One district after another is corrected, each correction and each refresh in a transaction of its own.

    A legal state of a period is one that its facts had between two corrections. Two writers, one a period, each
    refresh after each correction, so that refreshes overlap corrections of the other period.
    """
    legal: dict[str, list[State]] = {period: [(0,) * len(DISTRICTS)] for period in PERIODS}
    seen: list[dict[str, State]] = []
    intervals: list[dict[str, State]] = []

    def look(connection: database.Connection) -> None:
        rows = connection.exec_driver_sql(RANKINGS).fetchall()
        seen.append(states_of(rows))
        assert all(len({row[2], *row[4:]}) == 1 for row in rows), "area, criterion and contribution are of this score"

    def look_at_intervals(connection: database.Connection) -> None:
        rows = connection.exec_driver_sql(INTERVALS).fetchall()
        intervals.append(states_of(rows))
        assert {row[4] for row in rows} == {len(DISTRICTS)}, "no rank without its interval"

    def write(period: str) -> None:
        signed_on = date(2021, 3, 16)
        for number in range(ROUNDS):
            for place, district in enumerate(DISTRICTS):
                signed_on += timedelta(days=1)
                done = (17 * number + 29 * place + 5) % 101
                state = list(legal[period][-1])
                state[place] = done
                legal[period].append(tuple(state))
                report(filled, district, period, done, signed_on)
                refresh(filled)

    with reading(filled, look, look_at_intervals), ThreadPoolExecutor(len(PERIODS)) as writers:
        list(writers.map(write, PERIODS))

    for period in PERIODS:
        for what in (seen, intervals):
            states = [one[period] for one in what]
            assert set(states) <= set(legal[period])
            order = [legal[period].index(state) for state in states]
            assert order == sorted(order), "what was seen once does not come back"
        assert len({one[period] for one in seen}) > ROUNDS, "the reader saw the ranking change"
    with database.connect(filled, role="cchc_bi") as connection:
        last = states_of(connection.exec_driver_sql(RANKINGS).fetchall())
    assert last == {period: legal[period][-1] for period in PERIODS}
