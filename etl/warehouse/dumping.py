"""Dumps the warehouse to one SQL file and restores it, with pg_dump and psql (docs/adr/0010-backup.md).

Roles and privileges are not part of the dump: each deployment sets them from sql/roles. The members of the group roles
are kept beside it, without their passwords.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from psycopg2 import errors, sql

from etl import database
from etl.database import Connection, driver_errors, execute_composed
from etl.errors import UsageError
from etl.settings import Settings
from etl.warehouse.clients import client_program, error_line, split_password
from etl.warehouse.migration import GROUPS, LOCK, prepare_roles

SCHEMAS = ("raw", "staging", "warehouse", "mart", "deployment")
_BLOCK = 1 << 20
# The old content is dropped in the transaction that restores the dump.
_BEGIN = f"""BEGIN;
SET client_min_messages = warning;
SELECT pg_catalog.pg_advisory_xact_lock({LOCK});
SET ROLE cchc_owner;
DROP SCHEMA IF EXISTS {", ".join(SCHEMAS)} CASCADE;
"""
_FOREIGN_VIEWS = """
SELECT string_agg(DISTINCT v.oid::regclass::text, ', ') FROM pg_depend AS d
INNER JOIN pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
INNER JOIN pg_class AS v ON v.oid = r.ev_class
INNER JOIN pg_class AS t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
INNER JOIN pg_namespace AS n ON n.oid = t.relnamespace
INNER JOIN pg_namespace AS o ON o.oid = v.relnamespace
WHERE n.nspname = ANY(%(ours)s) AND o.nspname <> ALL(%(ours)s)
"""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a warehouse at one time; `files` are sha256, `accounts` pairs of an account and its group."""

    moment: datetime
    schema_revision: str
    submission_count: int
    fact_count: int
    files: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]


@contextmanager
def snapshot(settings: Settings) -> Iterator[tuple[str, Content]]:
    """Yield the name of a snapshot that pg_dump can use inside the block, and the content of the warehouse in it."""
    with database.connect_as_owner(settings) as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        name = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        yield str(name), _content(connection)


def _content(connection: Connection) -> Content:
    row = connection.exec_driver_sql(
        "SELECT now(), (SELECT max(version_num) FROM deployment.alembic_version),"
        " (SELECT count(*) FROM raw.submission), (SELECT count(*) FROM warehouse.fact_observation)"
    ).one()
    files = connection.exec_driver_sql("SELECT sha256 FROM raw.file ORDER BY 1").scalars()
    accounts = connection.exec_driver_sql(
        "SELECT r.rolname::text, g.rolname::text FROM pg_auth_members AS m INNER JOIN pg_roles AS r ON r.oid = m.member"
        " INNER JOIN pg_roles AS g ON g.oid = m.roleid WHERE g.rolname = ANY(%s) AND r.rolname <> session_user"
        " ORDER BY 1, 2",
        (list(GROUPS),),
    )
    timestamp, revision, submission_count, fact_count = row
    members = tuple((account, group) for account, group in accounts)
    return Content(timestamp, revision, submission_count, fact_count, tuple(files), members)


def dump(settings: Settings, snapshot_name: str, path: Path) -> None:
    """Write the tables, views and functions of a snapshot to `path`, as gzipped SQL.

    Raises UsageError if no pg_dump is new enough for the server, or if it fails.
    """
    program = client_program("pg_dump", _server_version(settings))
    options = [f"--snapshot={snapshot_name}", "--role=cchc_owner", "--no-owner", "--no-privileges", "--compress=6"]
    options += [f"--schema={schema}" for schema in SCHEMAS]
    # Without its row, the migration after a restore replaces all views and privileges.
    options += ["--exclude-table-data=deployment.deployed", f"--file={path}"]
    address, environment = split_password(database.url(settings))
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found above
        [program, *options, f"--dbname={address}"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UsageError(f"pg_dump failed: {error_line(done.stderr)}", "Fix the cause and try again")


def count_submissions(settings: Settings) -> int | None:
    """Return the number of submissions in the warehouse; None if there is no warehouse."""
    with database.connect(settings, role=None) as connection:
        query = "SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%s)"
        if not connection.exec_driver_sql(query, (list(SCHEMAS),)).scalar():
            return None
        if connection.exec_driver_sql("SELECT to_regclass('raw.submission')").scalar() is None:
            return 0
        connection.exec_driver_sql("SET ROLE cchc_owner")
        return int(connection.exec_driver_sql("SELECT count(*) FROM raw.submission").scalar_one())


def restore(settings: Settings, path: Path, accounts: Sequence[tuple[str, str]]) -> list[str]:
    """Replace the content of the database by the dump at `path`, in one transaction.

    Returns the statements left for an administrator, such as the password of an account that was created. The caller
    migrates afterwards, which restores views and privileges. Raises UsageError if the dump is truncated, if psql is too
    old or fails, or if a view outside our schemas depends on ours.
    """
    program = client_program("psql", _server_version(settings))
    with database.connect(settings, role=None) as connection:
        views = connection.exec_driver_sql(_FOREIGN_VIEWS, {"ours": list(SCHEMAS)}).scalar()
        if views:
            raise UsageError(f"Views outside the warehouse depend on it: {views}", "Drop them, and create them again")
        statements = _restore_accounts(connection, accounts)
    address, environment = split_password(database.url(settings))
    command = [str(program), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}", address]
    with subprocess.Popen(  # noqa: S603 - a program of PostgreSQL, found above
        command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as psql:
        assert psql.stdin and psql.stderr
        error: Exception | None = None
        try:
            _send(path, psql.stdin)
        except (OSError, EOFError, zlib.error) as caught:  # also a broken pipe, if psql has failed
            error = caught
        output = psql.stderr.read().decode(errors="replace")
    if psql.returncode or error:
        message = f"psql failed: {error_line(output)}" if psql.returncode else f"{path} cannot be read: {error}"
        raise UsageError(message, "The database was not changed") from error
    return statements


def _send(path: Path, to: IO[bytes]) -> None:
    """Send the dump in one transaction: if reading it fails, COMMIT is never sent."""
    try:
        to.write(_BEGIN.encode())
        with gzip.open(path) as dumped:
            head = dumped.read(_BLOCK)
            to.write(
                head.replace(b"\nSET transaction_timeout = 0;\n", b"\n", 1)
            )  # its default; unknown before PostgreSQL 17
            while block := dumped.read(_BLOCK):
                to.write(block)
        to.write(b"COMMIT;\n")
    finally:
        to.close()


def _restore_accounts(connection: Connection, accounts: Sequence[tuple[str, str]]) -> list[str]:
    """Create missing group roles and accounts with their memberships; return what the login may not do itself."""
    prepare_roles(connection)
    statements = []
    for account, group in accounts:
        if group not in GROUPS:  # a manipulated backup must not grant other roles
            continue
        name, role = sql.Identifier(account), sql.Identifier(group)
        exists = connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (account,)).scalar()
        statement = sql.SQL("GRANT {1} TO {0}" if exists else "CREATE ROLE {0} LOGIN IN ROLE {1}").format(name, role)
        try:
            with driver_errors(), connection.begin_nested():
                execute_composed(connection, statement)
        except errors.InsufficientPrivilege:
            statements.append(database.compose(connection, statement))
        if not exists:
            statements.append(database.compose(connection, sql.SQL("ALTER ROLE {} PASSWORD '…'").format(name)))
    prepare_roles(connection)  # sets the statement timeout of BI accounts
    return statements


def _server_version(settings: Settings) -> int:
    with database.connect(settings, role=None) as connection:
        version = connection.dialect.server_version_info
        assert version is not None, "the engine has connected"
        return int(version[0])
