"""A district account sees its own rows, and all rows of a period once it is released, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from psycopg2 import errors
from psycopg2.extensions import make_dsn

from etl import database
from etl.errors import UsageError
from etl.ranking import load_methods
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference, publish, set_account
from tests import world
from tests.sql_errors import assert_denied, raises_sql

PERIODS = {"2021-Q1": "2021-03-18", "2021-H1": "2021-06-18", "2021-Q3": "2021-09-18"}


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """Districts A and B with reports for Q1 and H1, from which Q2 is derived, and an unreadable file."""
    catalogue = world.catalogue(period_codes=PERIODS)
    with database.connect(settings) as connection:
        load_reference(connection, catalogue)
        load_methods(connection, catalogue)
        for district in ("A", "B"):
            for period, value in (("2021-Q1", 1), ("2021-H1", 3)):
                submission_id = world.submit(connection, district, period, values={"done": value, "assigned": value})
                load_accepted(connection, [submission_id])
        world.submit(connection, None, None, status="unreadable", reason="tên của B")
    return settings


@pytest.fixture
def account(filled: Settings) -> Iterator[Settings]:
    """Settings of a login in cchc_district that belongs to A."""
    name, secret = f"cchc_test_{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    with database.connect(filled, role=None) as connection:
        database.execute_file(connection, "roles/roles.sql")  # a copy of a template lacks database privileges
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD '{secret}' IN ROLE cchc_district")
    with database.connect(filled) as connection:
        set_account(connection, name, "A", may_see=True, reason="công văn", actor="lan")
    yield replace(filled, database_url=make_dsn(filled.database_url, user=name, password=secret))
    with database.connect(filled, role=None) as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


def districts_in(settings: Settings, relation: str, where: str = "true") -> set[str | None]:
    with database.connect(settings, role=None) as connection:
        query = f"SELECT DISTINCT district_code FROM {relation} WHERE {where}"
        return {code for (code,) in connection.exec_driver_sql(query)}


ABOUT_UNITS = {"district", "district_area", "district_succession"}  # public reference data


def district_views(settings: Settings) -> list[str]:
    with database.connect(settings, role=None) as connection:
        rows = connection.exec_driver_sql(
            "SELECT view.relname FROM pg_class AS view INNER JOIN pg_attribute AS col ON col.attrelid = view.oid"
            " WHERE view.relnamespace = 'mart'::regnamespace AND view.relkind = 'v' AND col.attname = 'district_code'"
            " ORDER BY 1"
        ).fetchall()
    return [name for (name,) in rows if name not in ABOUT_UNITS]


def test_every_district_view_shows_only_the_own_rows(account: Settings) -> None:
    names = district_views(account)
    assert {"observation", "observation_history", "observation_derived", "lineage", "submission"} <= set(names)
    for name in names:
        assert districts_in(account, f"mart.{name}") <= {"A"}, name
    for name in ("observation", "observation_derived", "lineage", "submission_event", "reporting_status"):
        assert districts_in(account, f"mart.{name}") == {"A"}, name


def test_functions_for_past_states_show_only_the_own_rows(account: Settings) -> None:
    for name in ("observation_as_of", "reporting_status_as_of"):
        assert districts_in(account, f"mart.{name}(now())") == {"A"}, name


def test_a_released_period_is_visible_to_every_district(account: Settings, filled: Settings) -> None:
    with database.connect(filled) as connection:
        publish(connection, "2021-Q1", None, "công bố", "lan")
        publish(connection, "2021-H1", datetime.now(UTC) + timedelta(days=1), "", "lan")
    assert districts_in(account, "mart.observation", "period_code = '2021-Q1'") == {"A", "B"}
    assert districts_in(account, "mart.observation", "period_code = '2021-H1'") == {"A"}
    assert districts_in(account, "mart.reporting_status", "period_code = '2021-H1'") == {"A"}


def test_a_release_may_be_postponed_and_every_change_is_recorded(filled: Settings) -> None:
    with database.connect(filled) as connection:
        publish(connection, "2021-Q1", None, "", "lan")
        publish(connection, "2021-Q1", datetime(2199, 1, 1, tzinfo=UTC), "hoãn", "minh")
        events = connection.exec_driver_sql("SELECT actor, reason FROM warehouse.access_event ORDER BY 1").fetchall()
        assert events == [("lan", ""), ("minh", "hoãn")]
        with pytest.raises(UsageError, match="Unknown period"):
            publish(connection, "1999-Q1", None, "", "lan")


def test_an_account_without_access_sees_nothing(account: Settings, filled: Settings) -> None:
    with database.connect(filled) as connection:
        ((name,),) = connection.exec_driver_sql("SELECT account FROM warehouse.district_account").fetchall()
        set_account(connection, name, "A", may_see=False, reason="chuyển công tác", actor="lan")
    assert districts_in(account, "mart.observation") == set()


def test_an_account_without_a_district_sees_nothing(filled: Settings) -> None:
    with database.connect(filled, role="cchc_district") as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mart.observation").fetchone() == (0,)


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM mart.observation WHERE 1 / (CASE WHEN district_code = 'B' THEN 0 ELSE 1 END) = 1",
        "SELECT * FROM mart.observation WHERE (note || value_status)::text::boolean OR district_code = 'A'",
    ],
)
def test_a_condition_is_never_evaluated_on_a_hidden_row(account: Settings, attempt: str) -> None:
    """Otherwise a division by zero or a failed cast would leak hidden values."""
    with database.connect(account, role=None) as connection:
        connection.exec_driver_sql("SET search_path = pg_catalog, pg_temp")
        if "1 /" in attempt:
            assert len(connection.exec_driver_sql(attempt).fetchall()) == 4
        else:
            with raises_sql(errors.InvalidTextRepresentation, match="reported"):
                connection.exec_driver_sql(attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM raw.submission",
        "SELECT * FROM warehouse.fact_observation",
        "SELECT * FROM warehouse.district_account",
        "SELECT * FROM warehouse.reader",
        "INSERT INTO warehouse.district_account (account, district_code, granted_by) VALUES (current_user, 'B', 'me')",
        "INSERT INTO warehouse.period_release VALUES ('2021-Q1', now(), 'me', '')",
        "SET ROLE cchc_analyst",
        "SET ROLE cchc_owner",
        "CREATE FUNCTION pg_temp.look(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE TEMPORARY TABLE own (n integer)",
        "CREATE VIEW mart.own AS SELECT 1",
        "SELECT * FROM mart.reporting_progress",
    ],
)
def test_access_control_cannot_be_bypassed(account: Settings, filled: Settings, attempt: str) -> None:
    assert_denied(account, None, attempt, admin=filled)


def test_a_view_of_the_same_name_in_another_schema_has_no_effect(account: Settings, filled: Settings) -> None:
    """Names in views and functions do not depend on the search path of the caller."""
    with database.connect(filled, role=None) as connection:
        connection.exec_driver_sql("CREATE SCHEMA evil")
        connection.exec_driver_sql(
            "CREATE FUNCTION evil.now() RETURNS timestamptz LANGUAGE sql AS $$SELECT 'infinity'::timestamptz$$"
        )
        connection.exec_driver_sql("CREATE VIEW evil.reader AS SELECT true AS sees_all")
        connection.exec_driver_sql("GRANT USAGE ON SCHEMA evil TO PUBLIC")
        connection.exec_driver_sql("GRANT SELECT ON evil.reader TO PUBLIC")
    with database.connect(account, role=None) as connection:
        connection.exec_driver_sql("SET search_path = evil, pg_catalog")
        rows = connection.exec_driver_sql("SELECT DISTINCT district_code FROM mart.observation").fetchall()
        rows += connection.exec_driver_sql(
            "SELECT DISTINCT district_code FROM mart.observation_as_of(now())"
        ).fetchall()
    assert set(rows) <= {("A",)}


def test_an_account_must_be_in_the_group_role_and_its_district_must_exist(filled: Settings) -> None:
    with database.connect(filled) as connection:
        with pytest.raises(UsageError, match="not an account of cchc_district"):
            set_account(connection, "postgres", "A", may_see=True, reason="", actor="lan")
        with pytest.raises(UsageError, match="Unknown district"):
            set_account(connection, "postgres", "Z", may_see=True, reason="", actor="lan")


def test_every_district_view_is_a_security_barrier(account: Settings) -> None:
    with database.connect(account, role=None) as connection:
        rows = connection.exec_driver_sql(
            "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'mart'::regnamespace"
            " AND coalesce(reloptions::text LIKE '%%security_barrier%%', false)"
            " AND relname = ANY(%s)",
            (district_views(account),),
        ).fetchall()
    # observation reads only observation_history, which is a security barrier
    assert {name for (name,) in rows} == set(district_views(account)) - {"observation"}
