"""Each role has the privileges for its work and no others."""

from __future__ import annotations

import pytest

from etl import database
from etl.ranking import load_methods
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference
from tests import world
from tests.sql_errors import assert_denied

READERS = ("cchc_analyst", "cchc_bi")
EVERYONE = ("cchc_loader", "cchc_analyst", "cchc_bi", "cchc_district")


@pytest.fixture
def filled(settings: Settings) -> Settings:
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
        load_methods(connection, world.catalogue())
        load_accepted(connection, [world.submit(connection, values={"done": 1})])
    return settings


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE warehouse.fact_observation",
        "DROP SCHEMA mart CASCADE",
        "DROP VIEW mart.observation",
        "ALTER TABLE raw.submission ADD COLUMN more text",
        "ALTER TABLE warehouse.fact_observation DISABLE TRIGGER ALL",
        "TRUNCATE staging.appendix",
        "DELETE FROM raw.submission",
        "DELETE FROM raw.submission_event",
        "UPDATE raw.submission_event SET actor = 'somebody'",
        "UPDATE raw.submission SET sha256 = repeat('b', 64)",
        "DELETE FROM warehouse.fact_observation",
        "UPDATE warehouse.fact_observation SET value = 2",
        "UPDATE warehouse.fact_observation SET known_to = now()",
        "INSERT INTO warehouse.fact_observation SELECT * FROM warehouse.fact_observation",
        "INSERT INTO warehouse.fact_submission SELECT * FROM warehouse.fact_submission",
        "DELETE FROM warehouse.dim_district",
        "CREATE TABLE warehouse.own (n integer)",
        "CREATE SCHEMA own",
        "SELECT * FROM deployment.deployed",
    ],
)
def test_the_loader_cannot_drop_alter_or_rewrite_anything(filled: Settings, statement: str) -> None:
    assert_denied(filled, "cchc_loader", statement, admin=filled)


@pytest.mark.parametrize("role", READERS)
def test_readers_read_all_of_mart_and_nothing_else(filled: Settings, role: str) -> None:
    with database.connect(filled, role=role) as connection:
        rows = connection.exec_driver_sql("SELECT viewname FROM pg_views WHERE schemaname = 'mart'").fetchall()
        names = [name for (name,) in rows]
        for name in names:
            connection.exec_driver_sql(f"SELECT count(*) FROM mart.{name}")
    assert "district_ranking" in names
    for table in ("raw.submission", "staging.finding", "warehouse.fact_observation", "warehouse.score_detail"):
        assert_denied(filled, role, f"SELECT * FROM {table}", admin=filled)
    assert_denied(filled, role, "CREATE VIEW mart.own AS SELECT 1", admin=filled)
    assert_denied(filled, role, "SELECT raw.set_status(1, 'rejected', '', '')", admin=filled)


def test_assert_denied_fails_for_a_table_that_does_not_exist(filled: Settings) -> None:
    with pytest.raises(pytest.fail.Exception, match="no_such_table"):
        assert_denied(filled, "cchc_bi", "SELECT * FROM warehouse.no_such_table", admin=filled)


def test_no_function_depends_on_the_search_path_or_builds_sql_from_data(filled: Settings) -> None:
    with database.connect(filled, role=None) as connection:
        rows = connection.exec_driver_sql(
            "SELECT p.oid::regprocedure::text, coalesce(p.proconfig::text, ''), p.prosqlbody IS NOT NULL, p.prosrc,"
            " l.lanname, p.prosecdef FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang"
            " WHERE p.pronamespace IN ('raw'::regnamespace, 'staging'::regnamespace, 'warehouse'::regnamespace,"
            " 'mart'::regnamespace) AND p.prokind = 'f'"
        ).fetchall()
    assert rows
    for name, configuration, is_fixed, source, language, _ in rows:
        is_plain = language == "sql" and not is_fixed and "." not in source
        assert is_fixed or is_plain or "search_path" in configuration, name
        assert "execute " not in source.lower(), f"{name} runs SQL made of text"


def test_public_has_no_privileges(filled: Settings) -> None:
    with database.connect(filled, role=None) as connection:
        granted = connection.exec_driver_sql(
            "SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace,"
            " aclexplode(c.relacl) AS a WHERE a.grantee = 0"
            " AND nspname IN ('raw', 'staging', 'warehouse', 'mart', 'deployment')"
            " UNION ALL SELECT n.nspname FROM pg_namespace AS n, aclexplode(n.nspacl) AS a WHERE a.grantee = 0"
            " AND nspname IN ('raw', 'staging', 'warehouse', 'mart', 'deployment')"
            " UNION ALL SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace,"
            " aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE a.grantee = 0"
            " AND nspname IN ('raw', 'staging', 'warehouse', 'mart')"
        ).fetchall()
    assert granted == []


@pytest.mark.parametrize("role", EVERYONE)
def test_group_roles_cannot_log_in_or_administer(filled: Settings, role: str) -> None:
    with database.connect(filled, role=None) as connection:
        row = connection.exec_driver_sql(
            "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s",
            (role,),
        ).fetchone()
    assert row == (False, False, False, False, False)


def test_the_bi_role_has_a_statement_timeout(filled: Settings) -> None:
    with database.connect(filled, role=None) as connection:
        row = connection.exec_driver_sql("SELECT rolconfig FROM pg_roles WHERE rolname = 'cchc_bi'").fetchone()
    assert row == (["statement_timeout=60s"],)
