"""The history of facts: versions are complete, without duplicates, and never overwritten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from psycopg2 import errors

from etl import database
from etl.database import Connection
from etl.settings import Settings
from etl.warehouse import LoadCounts, load_accepted, load_reference, stage_findings, stage_observations
from tests import world
from tests.sql_errors import raises_sql


@pytest.fixture
def warehouse(connection: Connection) -> Connection:
    load_reference(connection, world.catalogue())
    return connection


def history(connection: Connection, indicator: str = "done") -> list[tuple[Any, ...]]:
    return connection.exec_driver_sql(
        "SELECT value, value_status, submission_id, known_to IS NULL FROM mart.observation_history"
        " WHERE indicator_code = %s ORDER BY known_from",
        (indicator,),
    ).fetchall()


def test_an_accepted_report_becomes_facts_once(warehouse: Connection) -> None:
    report = world.submit(warehouse, values={"done": 11, "assigned": "24.50", "steering": "heading", "": 3})
    assert load_accepted(warehouse, [report]) == LoadCounts(opened=2)
    assert load_accepted(warehouse, [report]) == LoadCounts()
    rows = warehouse.exec_driver_sql("SELECT indicator_code, value FROM mart.observation ORDER BY 1").fetchall()
    assert rows == [("assigned", 24.5), ("done", 11)]


def test_loading_a_report_again_opens_no_facts_for_rows_added_to_its_form(warehouse: Connection) -> None:
    """Otherwise `as of` queries would show values that the warehouse did not have at that time."""
    report = world.submit(warehouse, values={"done": 11, "assigned": 24})
    warehouse.exec_driver_sql("UPDATE warehouse.form_row SET is_asked = false WHERE indicator_code = 'assigned'")
    assert load_accepted(warehouse, [report]) == LoadCounts(opened=1)
    warehouse.exec_driver_sql("UPDATE warehouse.form_row SET is_asked = true WHERE indicator_code = 'assigned'")
    assert load_accepted(warehouse, [report]) == LoadCounts()
    assert history(warehouse, "assigned") == []


def test_a_report_that_is_not_accepted_is_not_loaded(warehouse: Connection) -> None:
    ids = [world.submit(warehouse, values={"done": 1}, status=status) for status in ("held", "rejected", "parsed")]
    assert load_accepted(warehouse, ids) == LoadCounts()


def test_a_blank_is_not_a_zero(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, values={"done": "blank", "assigned": 0})])
    assert history(warehouse, "done")[0][:2] == (None, "blank")
    assert history(warehouse, "assigned")[0][:2] == (0, "reported")


def test_a_value_that_returns_keeps_three_versions(warehouse: Connection) -> None:
    ids = []
    for day, value in ((15, 11), (16, 12), (17, 11)):
        ids.append(world.submit(warehouse, values={"done": value, "assigned": 24}, signed_on=date(2021, 3, day)))
        load_accepted(warehouse, ids[-1:])
    assert history(warehouse) == [
        (11, "reported", ids[0], False),
        (12, "reported", ids[1], False),
        (11, "reported", ids[2], True),
    ]
    assert history(warehouse, "assigned") == [(24, "reported", ids[0], True)]
    assert [world.status_of(warehouse, submission_id) for submission_id in ids] == [
        "superseded",
        "superseded",
        "accepted",
    ]


def test_versions_have_no_gaps_and_no_overlaps(warehouse: Connection) -> None:
    ids = [world.submit(warehouse, values={"done": n}, signed_on=date(2021, 3, n)) for n in (5, 7, 6)]
    load_accepted(warehouse, ids)
    rows = warehouse.exec_driver_sql(
        "SELECT value, known_from::text, known_to::text FROM mart.observation_history ORDER BY known_from"
    ).fetchall()
    assert [row[0] for row in rows] == [5, 6, 7]
    assert [row[2] for row in rows[:-1]] == [row[1] for row in rows[1:]]


def test_an_older_report_that_arrives_late_overwrites_nothing(warehouse: Connection) -> None:
    newer = world.submit(warehouse, values={"done": 12}, signed_on=date(2021, 3, 17))
    load_accepted(warehouse, [newer])
    older = world.submit(warehouse, values={"done": 11}, signed_on=date(2021, 3, 15), received_at="2021-04-01 08:00+07")
    assert load_accepted(warehouse, [older]) == LoadCounts()
    assert history(warehouse) == [(12, "reported", newer, True)]
    assert world.status_of(warehouse, older) == "superseded"
    assert world.status_of(warehouse, newer) == "accepted"


def test_of_two_reports_signed_on_the_same_day_the_later_received_is_newer(warehouse: Connection) -> None:
    second = world.submit(warehouse, values={"done": 2}, received_at="2021-03-16 10:00+07")
    first = world.submit(warehouse, values={"done": 1}, received_at="2021-03-16 09:00+07")
    load_accepted(warehouse, [second, first])
    assert history(warehouse)[-1] == (2, "reported", second, True)


def test_a_tie_is_held_for_manual_review(warehouse: Connection) -> None:
    first = world.submit(warehouse, values={"done": 1})
    second = world.submit(warehouse, values={"done": 2})
    load_accepted(warehouse, [first])
    assert load_accepted(warehouse, [second]) == LoadCounts()
    assert world.status_of(warehouse, second) == "held"
    assert history(warehouse) == [(1, "reported", first, True)]


def test_a_value_missing_from_a_complete_replacement_is_closed(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, values={"done": 1, "assigned": 2})])
    later = world.submit(warehouse, values={"done": 1}, signed_on=date(2021, 3, 20))
    assert load_accepted(warehouse, [later]) == LoadCounts(opened=0, closed=1)
    assert history(warehouse, "assigned")[0][3] is False


def test_real_figures_replace_equal_simulated_ones(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, values={"done": 1}, is_simulated=True)])
    real = world.submit(warehouse, values={"done": 1}, signed_on=date(2021, 3, 20))
    assert load_accepted(warehouse, [real]) == LoadCounts(opened=1, closed=1)
    assert warehouse.exec_driver_sql("SELECT is_simulated FROM mart.observation").fetchall() == [(False,)]


def test_concurrent_loads_of_a_district_are_serialised(settings: Settings) -> None:
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
        ids = [world.submit(connection, values={"done": n}, signed_on=date(2021, 3, n)) for n in range(1, 7)]

    def load(submission_id: int) -> LoadCounts:
        with database.connect(settings) as own_connection:
            return load_accepted(own_connection, [submission_id])

    with ThreadPoolExecutor(3) as pool:
        counts = sum(pool.map(load, reversed(ids)), LoadCounts())
    with database.connect(settings) as connection:
        assert connection.exec_driver_sql("SELECT value, submission_id FROM mart.observation").fetchall() == [
            (6, ids[-1])
        ]
        assert counts.opened == counts.closed + 1
        assert [world.status_of(connection, submission_id) for submission_id in ids] == ["superseded"] * 5 + [
            "accepted"
        ]


def test_a_repeated_row_is_loaded_once(warehouse: Connection) -> None:
    report = world.submit(warehouse)
    rows = world.observations({"done": 5}) + world.observations({"done": 6})
    stage_observations(warehouse, report, rows)
    load_accepted(warehouse, [report])
    assert history(warehouse) == [(5, "reported", report, True)]


def test_staging_again_replaces_the_staged_rows(warehouse: Connection) -> None:
    report = world.submit(warehouse, values={"done": 1, "assigned": 2})
    stage_observations(warehouse, report, world.observations({"done": 3}))
    assert warehouse.exec_driver_sql("SELECT raw_value FROM staging.observation").fetchall() == [("3",)]
    for _ in range(2):
        assert (
            stage_findings(warehouse, report, [world.finding("rate_range"), world.finding("sum_off", "critical")]) == 2
        )
    rows = warehouse.exec_driver_sql("SELECT rule_code, severity FROM mart.finding ORDER BY finding_number").fetchall()
    assert rows == [("rate_range", "warning"), ("sum_off", "critical")]


@pytest.mark.parametrize(
    "text", ['"', "\\", '\\"', "{a,b}", "NULL", "", "a\tb\nc", "\\N", "','", "Sở Nội vụ", '","', '"x","y"', "x" * 9_000]
)
def test_text_of_a_report_is_staged_unchanged(warehouse: Connection, text: str) -> None:
    report = world.submit(warehouse)
    (plain,) = world.observations({"done": 3})
    printed = plain._replace(label=text, note=text, raw_value=text, decision=text, box=text, confidence=0.5)
    assert stage_observations(warehouse, report, [plain, printed, plain._replace(indicator_code="assigned")]) == 3
    rows = warehouse.exec_driver_sql(
        "SELECT row_number, indicator_code, label, note, raw_value, decision, box, confidence FROM staging.observation"
        " ORDER BY row_number"
    ).fetchall()
    assert rows[0] == (1, "done", plain.label, plain.note, plain.raw_value, "", "", None)
    assert rows[1] == (2, "", text, text, text, text, text, 0.5)
    assert rows[2][:2] == (3, "assigned")


def test_reports_with_the_same_layout_share_it_and_an_empty_report_has_no_rows(warehouse: Connection) -> None:
    for value in (1, 2):
        world.submit(warehouse, values={"done": value})
    moved = [row._replace(location="line[7]/col[2]") for row in world.observations({"done": 3})]
    stage_observations(warehouse, world.submit(warehouse, values={"done": 3}), moved)
    assert warehouse.exec_driver_sql(
        "SELECT count(DISTINCT layout_sha256), count(DISTINCT placement_sha256), count(*) FROM staging.appendix"
    ).fetchone() == (1, 2, 3)
    locations = warehouse.exec_driver_sql("SELECT location FROM staging.observation ORDER BY submission_id").fetchall()
    assert [location for (location,) in locations] == [
        *2 * [world.observations({"done": 1})[0].location],
        "line[7]/col[2]",
    ]
    report = world.submit(warehouse, values={"done": 1})
    assert stage_observations(warehouse, report, []) == 0
    assert warehouse.exec_driver_sql(
        "SELECT count(*) FROM staging.observation WHERE submission_id = %s", (report,)
    ).fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM warehouse.fact_submission",
        "DELETE FROM warehouse.dim_indicator",
        "UPDATE warehouse.fact_submission SET district_key = district_key",
        "UPDATE warehouse.fact_observation SET correction_id = 987654",
    ],
)
def test_rows_referenced_by_facts_cannot_be_removed_even_by_the_owner(warehouse: Connection, statement: str) -> None:
    load_accepted(warehouse, [world.submit(warehouse, values={"done": 1})])
    warehouse.exec_driver_sql("SET ROLE cchc_owner")
    with raises_sql(errors.ForeignKeyViolation):
        warehouse.exec_driver_sql(statement)


def test_a_closed_version_cannot_be_reopened(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, values={"done": 1})])
    load_accepted(warehouse, [world.submit(warehouse, values={"done": 2}, signed_on=date(2021, 3, 20))])
    warehouse.exec_driver_sql("SET ROLE cchc_owner")
    with raises_sql(errors.RestrictViolation):
        warehouse.exec_driver_sql("UPDATE warehouse.fact_observation SET known_to = 'infinity' WHERE value = 1")


def test_every_change_of_status_is_recorded_with_actor_and_reason(warehouse: Connection) -> None:
    report = world.submit(warehouse, status="received")
    for _ in range(2):
        warehouse.exec_driver_sql("SELECT raw.set_status(%s, 'rejected', 'lỗi', 'clerk')", (report,))
    events = warehouse.exec_driver_sql("SELECT status, reason, actor FROM raw.submission_event ORDER BY 1").fetchall()
    assert events == [("received", "", "clerk"), ("rejected", "lỗi", "clerk")]


def test_only_changed_reference_data_are_written(connection: Connection) -> None:
    assert load_reference(connection, world.catalogue()) == 28
    keys = connection.exec_driver_sql(
        "SELECT district_code, district_key FROM warehouse.dim_district ORDER BY 1"
    ).fetchall()
    assert load_reference(connection, world.catalogue()) == 0
    changed = world.catalogue(districts={"A": {"commune_count": 11}, "B": {}, "C": {}})
    assert load_reference(connection, changed) == 2
    after = connection.exec_driver_sql(
        "SELECT district_code, district_key FROM warehouse.dim_district ORDER BY 1"
    ).fetchall()
    assert after[:2] == keys


def test_reference_data_removed_from_the_catalogue_are_kept(connection: Connection) -> None:
    load_reference(connection, world.catalogue(districts={"A": {}, "B": {}}))
    closed = world.catalogue(districts={"A": {"valid_to": date(2021, 6, 30)}})
    assert load_reference(connection, closed) == 1
    rows = connection.exec_driver_sql(
        "SELECT district_code, valid_to::text FROM warehouse.dim_district ORDER BY district_code"
    ).fetchall()
    assert [tuple(row) for row in rows] == [("A", "2021-06-30"), ("B", "infinity")]
