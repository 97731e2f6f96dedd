"""Migrating an empty or older database to the schema in sql/: atomic and idempotent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import yaml
from psycopg2 import errors
from psycopg2.extensions import make_dsn, parse_dsn

from etl import database
from etl.errors import DatabaseUnavailable
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference, migrate, migration, views
from tests import world
from tests.sql_errors import raises_sql


def state(settings: Settings) -> list[tuple[Any, ...]]:
    """Every table, view and function with its OID; a replaced view has another OID."""
    with database.connect(settings, role=None) as connection:
        return connection.exec_driver_sql(
            "SELECT nspname, relname, c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE nspname IN ('raw', 'staging', 'warehouse', 'mart', 'deployment')"
            " UNION ALL SELECT nspname, proname, p.oid FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = pronamespace"
            " WHERE nspname IN ('raw', 'staging', 'warehouse', 'mart') ORDER BY 1, 2, 3"
        ).fetchall()


def test_migrating_twice_changes_nothing(empty_settings: Settings) -> None:
    assert migrate(empty_settings) is True
    before = state(empty_settings)
    assert migrate(empty_settings) is False
    assert state(empty_settings) == before


def test_concurrent_migrations_are_serialised(empty_settings: Settings) -> None:
    with ThreadPoolExecutor() as pool:
        results = [future.result() for future in [pool.submit(migrate, empty_settings) for _ in range(3)]]
    assert any(results)
    assert migrate(empty_settings) is False


def test_a_failed_migration_leaves_the_database_unchanged(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(settings)
    broken = [*views.read_views(), views.View("mart.broken", "CREATE VIEW mart.broken AS SELECT nothing", "", {})]
    monkeypatch.setattr(views, "read_views", lambda: broken)
    monkeypatch.setattr(migration, "fingerprint", lambda: "another")
    with raises_sql(errors.UndefinedColumn):
        migrate(settings)
    assert state(settings) == before


def test_new_views_leave_the_facts_unchanged(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "SELECT district_code, indicator_code, value, known_from FROM mart.observation ORDER BY 1, 2"
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
        load_accepted(connection, [world.submit(connection, values={"done": 1, "assigned": 2})])
        before = connection.exec_driver_sql(query).fetchall()
    monkeypatch.setattr(migration, "fingerprint", lambda: "another")
    assert migrate(settings) is True
    with database.connect(settings) as connection:
        assert connection.exec_driver_sql(query).fetchall() == before != []


def test_a_dropped_view_is_created_again(settings: Settings) -> None:
    with database.connect_as_owner(settings) as connection:
        connection.exec_driver_sql("DROP VIEW mart.finding")
    assert migrate(settings) is True
    with database.connect(settings) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mart.finding").fetchall() == [(0,)]


def test_a_migration_refuses_to_drop_views_of_other_owners(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.connect(settings, role=None) as connection:
        connection.exec_driver_sql("CREATE SCHEMA own")
        connection.exec_driver_sql("CREATE VIEW own.late AS SELECT * FROM mart.reporting_status WHERE NOT is_timely")
    monkeypatch.setattr(migration, "fingerprint", lambda: "another")
    with pytest.raises(DatabaseUnavailable, match=r"own\.late.*Drop it, migrate"):
        migrate(settings)
    with database.connect(settings, role=None) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM own.late").fetchall() == [(0,)]


@pytest.fixture
def weak_login(empty_settings: Settings) -> Iterator[Settings]:
    """Settings of a login that may connect and has no other privileges."""
    name, secret = f"cchc_test_{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    with database.connect(empty_settings, role=None) as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD '{secret}'")
    address = make_dsn(empty_settings.database_url, user=name, password=secret)
    yield replace(empty_settings, database_url=address)
    with database.connect(empty_settings, role=None) as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")


def test_a_login_without_privileges_gets_a_clear_error(empty_settings: Settings, weak_login: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"The login lacks a right.*administrator"):
        migrate(weak_login)
    assert state(empty_settings) == []


def test_a_login_with_the_group_roles_can_migrate(empty_settings: Settings, weak_login: Settings) -> None:
    name = parse_dsn(weak_login.database_url)["user"]
    with database.connect(empty_settings, role=None) as connection:
        database.execute_file(connection, "roles/roles.sql")
        connection.exec_driver_sql(f"GRANT cchc_owner, cchc_loader, cchc_analyst TO {name}")
    assert migrate(weak_login) is True
    assert migrate(weak_login) is False
    with database.connect(weak_login) as connection:
        load_reference(connection, world.catalogue())
        load_accepted(connection, [world.submit(connection, values={"done": 1})])
    with database.connect(weak_login, role="cchc_analyst") as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mart.observation").fetchone() != (0,)


def test_connecting_before_the_first_migration_is_an_error_with_a_hint(weak_login: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="Run python -m etl migrate"), database.connect(weak_login):
        pass


@pytest.mark.parametrize("revision", ["9999", "0021"])
def test_a_database_with_an_unknown_revision_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    with database.connect_as_owner(settings) as connection:
        connection.exec_driver_sql("UPDATE deployment.alembic_version SET version_num = %s", (revision,))
    before = state(settings)
    monkeypatch.setattr(migration, "fingerprint", lambda: "another")
    with pytest.raises(DatabaseUnavailable, match=f"schema revision {revision}, which version .* does not support"):
        migrate(settings)
    assert state(settings) == before


def test_every_view_and_each_of_its_columns_is_described(settings: Settings) -> None:
    with database.connect(settings) as connection:
        rows = connection.exec_driver_sql(
            "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum >= 0 WHERE c.relkind = 'v'"
            " AND n.nspname IN ('mart', 'warehouse')"
            " AND coalesce(col_description(c.oid, a.attnum), '') NOT LIKE '% | %'"
            " UNION ALL SELECT c.relname, '' FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'v' AND n.nspname IN ('mart', 'warehouse')"
            " AND coalesce(obj_description(c.oid), '') NOT LIKE '% | %'"
        ).fetchall()
        view_names = {
            name for name, _ in connection.exec_driver_sql("SELECT viewname, 1 FROM pg_views WHERE schemaname = 'mart'")
        }
    assert rows == []
    assert {"observation", "district_ranking", "lineage", "reporting_status"} <= view_names


def test_every_described_column_exists(settings: Settings) -> None:
    """Finds descriptions left behind by a renamed column."""
    with database.connect(settings) as connection:
        columns: dict[str, set[str]] = {}
        for view, column in connection.exec_driver_sql(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid"
            " WHERE relkind = 'v' AND attnum > 0"
        ):
            columns.setdefault(view, set()).add(column)
    for path in views.VIEWS_ROOT.rglob("*.yml"):
        if path == views.SHARED_COLUMNS:
            shared = set(yaml.safe_load(path.read_text(encoding="utf-8")))
            assert shared <= set().union(*columns.values())
            continue
        own = set(yaml.safe_load(path.read_text(encoding="utf-8")).get("columns", {}))
        statement = path.with_suffix(".sql").read_text(encoding="utf-8")
        (view,) = [view for view in views.read_views() if view.statement == statement]
        assert own <= columns[view.name], path.name
