"""Stored scores are refreshed per period when facts change, and readers never see a partial refresh."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl import database
from etl.catalogue.document import read_document
from etl.database import Connection
from etl.ranking import load_methods, refresh_scores
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference
from tests import world

PERIODS = {"2021-Q1": "2021-03-18", "2021-H1": "2021-06-18", "2021-Q3": "2021-09-18"}
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


@pytest.fixture
def prepared(settings: Settings, tmp_path: Path) -> Settings:
    with database.connect(settings) as connection:
        prepare(connection, tmp_path, METHOD)
    return settings


def prepare(connection: Connection, folder: Path, text: str) -> None:
    path = folder / "method-a.yml"
    path.write_text(text, encoding="utf-8")
    districts: dict[str, dict[str, Any]] = {code: {} for code in "ABCDE"}
    catalogue = world.catalogue(districts, period_codes=PERIODS, methods={"method-a": read_document(path)})
    load_reference(connection, catalogue)
    load_methods(connection, catalogue)


def report(settings: Settings, district: str, done: int, period: str = "2021-Q1", signed: str = "2021-03-15") -> None:
    with database.connect(settings) as connection:
        values = {"done": done, "assigned": 100}
        submission_id = world.submit(connection, district, period, values=values, signed_on=date.fromisoformat(signed))
        load_accepted(connection, [submission_id])


def refresh(settings: Settings) -> list[str]:
    with database.connect(settings) as connection:
        return refresh_scores(connection)


def computed_at(settings: Settings) -> dict[str, Any]:
    with database.connect(settings) as connection:
        return dict(
            connection.exec_driver_sql(
                "SELECT p.period_code, s.computed_at FROM warehouse.score_state AS s"
                " JOIN warehouse.dim_period AS p USING (period_key)"
            ).fetchall()
        )


def test_only_changed_periods_are_computed_again(prepared: Settings) -> None:
    for period in PERIODS:
        report(prepared, "A", 10, period)
    assert refresh(prepared) == sorted(PERIODS)
    before = computed_at(prepared)
    assert refresh(prepared) == []
    report(prepared, "A", 20, "2021-H1", "2021-07-01")
    assert refresh(prepared) == ["2021-H1"]
    after = computed_at(prepared)
    assert {period for period in PERIODS if before[period] != after[period]} == {"2021-H1"}


def test_a_change_during_a_refresh_is_scored_by_the_next_one(prepared: Settings) -> None:
    report(prepared, "A", 10)
    with database.connect(prepared) as connection:
        assert "2021-Q1" in refresh_scores(connection)
        report(prepared, "B", 20)  # in a transaction of its own, committed first
    assert refresh(prepared) == ["2021-Q1"]
    with database.connect(prepared) as connection:
        rows = connection.exec_driver_sql(
            "SELECT district_code FROM mart.district_ranking WHERE score IS NOT NULL"
        ).fetchall()
    assert sorted(rows) == [("A",), ("B",)]


def test_a_new_version_of_a_method_recomputes_the_periods_it_is_valid_for(prepared: Settings, tmp_path: Path) -> None:
    report(prepared, "A", 10)
    refresh(prepared)
    with database.connect(prepared) as connection:
        prepare(connection, tmp_path, METHOD.replace("valid_from: 2020-01-01", "valid_from: 2021-05-01"))
        assert refresh_scores(connection) == sorted(PERIODS)
        ranked = connection.exec_driver_sql(
            "SELECT DISTINCT period_code FROM mart.district_ranking ORDER BY 1"
        ).fetchall()
        versions = connection.exec_driver_sql("SELECT count(*) FROM warehouse.scoring_version").fetchall()
    assert ranked == [("2021-H1",), ("2021-Q3",)]
    assert versions == [(2,)]


def test_a_withdrawn_report_loses_its_score(prepared: Settings) -> None:
    report(prepared, "A", 10)
    refresh(prepared)
    with database.connect(prepared) as connection:
        connection.exec_driver_sql(
            "SELECT raw.set_status(submission_id, 'withdrawn', 'by the district', 'clerk') FROM raw.submission"
        )
    assert refresh(prepared) == ["2021-Q1"]
    with database.connect(prepared) as connection:
        rows = connection.exec_driver_sql(
            "SELECT score, rank, reason FROM mart.district_ranking"
            " WHERE district_code = 'A' AND period_code = '2021-Q1'"
        ).fetchall()
    assert rows == [(None, None, "Chưa nộp báo cáo")]


def test_readers_never_see_an_empty_or_mixed_ranking(prepared: Settings) -> None:
    """Each round gives all five districts the same value, so a reader must see five equal scores in all views."""
    rounds = 25
    for district in "ABCDE":
        report(prepared, district, 0)
    refresh(prepared)
    seen: list[tuple[Any, ...]] = []
    stop = threading.Event()

    def read() -> None:
        query = (
            "SELECT count(*), min(r.score), max(r.score), max(a.score), max(i.score), max(c.contribution)"
            " FROM mart.district_ranking AS r"
            " JOIN mart.area_score AS a USING (period_code, method_code, district_code)"
            " JOIN mart.indicator_score AS i USING (period_code, method_code, district_code)"
            " JOIN mart.score_contribution AS c USING (period_code, method_code, district_code)"
            " WHERE r.period_code = '2021-Q1'"
        )
        with database.connect(prepared, role="cchc_analyst") as connection:
            while not stop.is_set():
                seen.extend(connection.exec_driver_sql(query).fetchall())

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, rounds + 1):
            with database.connect_as_owner(prepared) as connection:  # the loader may only write staged values
                connection.exec_driver_sql(
                    "UPDATE warehouse.fact_observation SET known_to = clock_timestamp() WHERE known_to = 'infinity'"
                )
                connection.exec_driver_sql(
                    "INSERT INTO warehouse.fact_observation (district_key, period_key, indicator_key, known_from,"
                    " submission_id, value, value_status, note, raw_value, location)"
                    " SELECT o.district_key, o.period_key, o.indicator_key, clock_timestamp(), o.submission_id,"
                    " CASE i.indicator_code WHEN 'done' THEN %s ELSE 100 END, 'reported', '', '', ''"
                    " FROM (SELECT DISTINCT district_key, period_key, indicator_key, submission_id"
                    " FROM warehouse.fact_observation) AS o JOIN warehouse.dim_indicator AS i USING (indicator_key)",
                    (number,),
                )
                refresh_scores(connection, ["2021-Q1"])
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert len(seen) > rounds
    assert {count for count, *_ in seen} == {5}
    assert all(len(set(scores)) == 1 for _, *scores in seen)
    assert len({scores[0] for _, *scores in seen}) > 2, "the readers saw the ranking change"
