"""Migrates a database to the state described in sql/: roles, tables, functions, views and grants, in one transaction.

Alembic decides which files of sql/schema still have to run; functions, views and grants are replaced whole if any file
differs from the deployed ones (docs/adr/0003-migrations.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from psycopg2 import errors, sql

from etl import __version__, database
from etl.database import SQL_ROOT, Connection, connect_url, driver_errors, execute_composed
from etl.errors import DatabaseUnavailable
from etl.settings import Settings
from etl.warehouse.functions import create_functions, drop_functions
from etl.warehouse.views import create_views, deployed_views, drop_views, read_views

T = TypeVar("T")

GROUPS = ("cchc_owner", "cchc_loader", "cchc_analyst", "cchc_bi", "cchc_district")
_WORKING_ROLES = GROUPS[:3]  # taken with SET ROLE by pipeline steps and queries
LOCK = 380_581  # an arbitrary number, shared by everything that changes the schema
_DEPLOYED_PARTS = ("schema", "functions", "views", "roles")
MIGRATIONS = Path(__file__).parent / "migrations"


def fingerprint() -> str:
    """Return a hash of all files that define the database."""
    digest = hashlib.sha256()
    paths = (path for part in _DEPLOYED_PARTS for path in sorted((SQL_ROOT / part).rglob("*.*")))
    for path in paths:
        digest.update(f"{path.relative_to(SQL_ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def migrate(settings: Settings) -> bool:
    """Create or update the warehouse; return False if it was up to date.

    A failed migration leaves the database unchanged; a concurrent caller waits. Raises DatabaseUnavailable if the login
    lacks a privilege, the schema revision is unknown, or a user's own view depends on one of ours.
    """
    if _is_current(settings):
        return False
    with connect_url(database.url(settings)) as connection:
        connection.exec_driver_sql("SET search_path = pg_catalog, pg_temp")
        connection.exec_driver_sql("SELECT pg_catalog.pg_advisory_xact_lock(%s)", (LOCK,))
        if _is_current(settings):  # another process migrated while this one waited
            return False
        _with_clear_errors(lambda: prepare_roles(connection))
        _with_clear_errors(lambda: _upgrade(connection))
    return True


def _is_current(settings: Settings) -> bool:
    """Whether roles, fingerprint and views are those of this code."""
    with database.connect(settings, role=None) as connection:
        exists = connection.exec_driver_sql(
            "SELECT pg_catalog.to_regclass('deployment.deployed') IS NOT NULL"
        ).scalar_one()
        if not exists or not all(_may_take(connection, role) for role in _WORKING_ROLES):
            return False
        connection.exec_driver_sql("SET ROLE cchc_owner")
        deployed = connection.exec_driver_sql("SELECT fingerprint FROM deployment.deployed").fetchone()
        if deployed != (fingerprint(),):
            return False
        return deployed_views(connection) == {view.name for view in read_views()}


def known_revisions() -> set[str]:
    """Schema revisions that this version of the code can migrate."""
    return {path.name[:4] for path in (SQL_ROOT / "schema").iterdir()}


def _check_revision(connection: Connection) -> None:
    """Refuse a database whose revision is newer than this code, or older than the initial schema."""
    if connection.exec_driver_sql("SELECT pg_catalog.to_regclass('deployment.alembic_version')").fetchone() == (None,):
        return
    for (revision,) in connection.exec_driver_sql("SELECT version_num FROM deployment.alembic_version").fetchall():
        if revision not in known_revisions():
            raise DatabaseUnavailable(
                f"The database has schema revision {revision}, which version {__version__} does not support",
                "Use the version that created it, or a newer one. A database made before 0.2.0 has to be created again:"
                " drop it (embedded: delete var/postgres) and load the reports again",
            )


def _may_take(connection: Connection, role: str) -> bool:
    try:
        with driver_errors(), connection.begin_nested():
            execute_composed(connection, sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    except (errors.InsufficientPrivilege, errors.InvalidParameterValue):
        return False
    connection.exec_driver_sql("RESET ROLE")
    return True


def prepare_roles(connection: Connection) -> None:
    """Create missing roles and memberships; a login without CREATEROLE needs an administrator to have done so."""
    try:
        with driver_errors(), connection.begin_nested():
            database.execute_file(connection, "roles/roles.sql")
    except errors.InsufficientPrivilege:
        if not _roles_are_prepared(connection):
            raise
    for role in _WORKING_ROLES:
        if not _may_take(connection, role):
            execute_composed(connection, sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def _roles_are_prepared(connection: Connection) -> bool:
    row = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = ANY(%s)", (list(GROUPS),)
    ).fetchone()
    return row == (len(GROUPS),)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    connection.exec_driver_sql("SET ROLE cchc_owner")
    connection.exec_driver_sql("SET lock_timeout = '60s'")
    _check_revision(connection)
    connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS deployment")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    # Dependents first: functions that return a view's rows, views, functions that views call.
    drop_functions(connection, "mart")
    drop_views(connection)
    drop_functions(connection, "warehouse")
    command.upgrade(config, "head")
    create_functions(connection, "warehouse")
    create_views(connection)
    create_functions(connection, "mart")
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS deployment.deployed ("
        "is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), fingerprint text NOT NULL, deployed_at timestamptz)"
    )
    connection.exec_driver_sql(
        "INSERT INTO deployment.deployed (fingerprint, deployed_at) VALUES (%s, now())"
        " ON CONFLICT (is_only) DO UPDATE SET (fingerprint, deployed_at) = (excluded.fingerprint, now())",
        (fingerprint(),),
    )
    database.execute_file(connection, "roles/grants.sql")


def _with_clear_errors(work: Callable[[], T]) -> T:
    """Run a part of the migration; turn errors that the caller can fix into one clear line."""
    try:
        with driver_errors():
            return work()
    except errors.InsufficientPrivilege as error:
        raise DatabaseUnavailable(
            f"The login lacks a right that migrating needs: {error.diag.message_primary}",
            "Let an administrator run sql/roles/roles.sql once in this database and grant cchc_owner and cchc_loader "
            "to the login, or give it CREATEROLE and the database",
        ) from error
    except errors.DependentObjectsStillExist as error:
        raise DatabaseUnavailable(
            f"A user's own view depends on ours: {error.diag.message_detail}",
            "Drop it, migrate, and create it again",
        ) from error
    except errors.LockNotAvailable as error:
        raise DatabaseUnavailable(
            "The views have been locked by a query for a minute", "Migrate again when that query has ended"
        ) from error
