"""The warehouse as one file of SQL and back, by PostgreSQL's own client programs (docs/adr/0014-backup.md).

Roles and rights are not in it: sql/roles says them whole at each deploy. Which accounts belong to which group stands
beside the dump, without their passwords.
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
from etl.warehouse.clients import apart, client_program, complaint
from etl.warehouse.migration import GROUPS, LOCK, prepare_roles

SCHEMAS = ("raw", "staging", "warehouse", "mart", "deployment")
_BLOCK = 1 << 20
# What stood there goes in the same transaction in which the dump takes its place.
_BEGIN = f"""BEGIN;
SET client_min_messages = warning;
SELECT pg_catalog.pg_advisory_xact_lock({LOCK});
SET ROLE cchc_owner;
DROP SCHEMA IF EXISTS {", ".join(SCHEMAS)} CASCADE;
"""
_OTHERS = """
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
    """What a warehouse holds at one moment; `files` are sha256, `accounts` pairs of an account and its group."""

    moment: datetime
    schema_revision: str
    submission_count: int
    fact_count: int
    files: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]


@contextmanager
def snapshot(settings: Settings) -> Iterator[tuple[str, Content]]:
    """The name of a snapshot that pg_dump can take up while it is held, and what the warehouse holds in it."""
    with database.connect_as_owner(settings) as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.exec_driver_sql("SELECT pg_export_snapshot()").fetchone()
        assert row is not None, "a SELECT without FROM returns its row"
        yield str(row[0]), _content(connection)


def _content(connection: Connection) -> Content:
    row = connection.exec_driver_sql(
        "SELECT now(), (SELECT max(version_num) FROM deployment.alembic_version),"
        " (SELECT count(*) FROM raw.submission), (SELECT count(*) FROM warehouse.fact_observation)"
    ).fetchone()
    assert row is not None, "a SELECT without FROM returns its row"
    files = connection.exec_driver_sql("SELECT sha256 FROM raw.file ORDER BY 1").fetchall()
    accounts = connection.exec_driver_sql(
        "SELECT r.rolname::text, g.rolname::text FROM pg_auth_members AS m INNER JOIN pg_roles AS r ON r.oid = m.member"
        " INNER JOIN pg_roles AS g ON g.oid = m.roleid WHERE g.rolname = ANY(%s) AND r.rolname <> session_user"
        " ORDER BY 1, 2",
        (list(GROUPS),),
    ).fetchall()
    moment, revision, submission_count, fact_count = row
    return Content(
        moment,
        revision,
        submission_count,
        fact_count,
        tuple(one for (one,) in files),
        tuple((a, g) for a, g in accounts),
    )


def dump(settings: Settings, snapshot_name: str, path: Path) -> None:
    """Writes the warehouse's tables, views and functions as of a snapshot to `path`, as SQL, gzipped.

    Raises UsageError where no pg_dump is new enough for the server, or where it fails.
    """
    program = client_program("pg_dump", _server_version(settings))
    words = [f"--snapshot={snapshot_name}", "--role=cchc_owner", "--no-owner", "--no-privileges", "--compress=6"]
    words += [f"--schema={schema}" for schema in SCHEMAS]
    # Without what it says, migrating after a restore replaces all views and says all rights anew.
    words += ["--exclude-table-data=deployment.deployed", f"--file={path}"]
    address, environment = apart(database.url(settings))
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found above
        [program, *words, f"--dbname={address}"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UsageError(f"pg_dump failed: {complaint(done.stderr)}", "Mend that and begin again")


def holds(settings: Settings) -> int | None:
    """How many submissions the warehouse holds; None where there is no warehouse."""
    with database.connect(settings, role=None) as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%s)", (list(SCHEMAS),)
        ).fetchone()
        if found == (0,):
            return None
        if connection.exec_driver_sql("SELECT to_regclass('raw.submission')").fetchone() == (None,):
            return 0
        connection.exec_driver_sql("SET ROLE cchc_owner")
        row = connection.exec_driver_sql("SELECT count(*) FROM raw.submission").fetchone()
        return int(row[0]) if row else 0


def restore(settings: Settings, path: Path, accounts: Sequence[tuple[str, str]]) -> list[str]:
    """Puts the dump at `path` in the place of what the database holds: all of it, or nothing is changed.

    Returns what is left for an administrator to say, such as the password of an account that had to be made. The caller
    migrates afterwards, which brings back views and rights. Raises UsageError where the dump is cut off, psql is too
    old or fails, or somebody's own view stands on ours.
    """
    program = client_program("psql", _server_version(settings))
    with database.connect(settings, role=None) as connection:
        others = connection.exec_driver_sql(_OTHERS, {"ours": list(SCHEMAS)}).fetchone()
        if others and others[0]:
            raise UsageError(f"a view of somebody's own stands on ours: {others[0]}", "Drop it, and create it again")
        left = _bring_back_accounts(connection, accounts)
    address, environment = apart(database.url(settings))
    command = [str(program), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}", address]
    with subprocess.Popen(  # noqa: S603 - a program of PostgreSQL, found above
        command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as psql:
        assert psql.stdin and psql.stderr
        error: Exception | None = None
        try:
            _send(path, psql.stdin)
        except (OSError, EOFError, zlib.error) as caught:  # a broken pipe too: then psql has ended, and says why
            error = caught
        said = psql.stderr.read().decode(errors="replace")
    if psql.returncode or error:
        why = f"psql failed: {complaint(said)}" if psql.returncode else f"{path} cannot be read: {error}"
        raise UsageError(why, "The database is as it was before") from error
    return left


def _send(path: Path, to: IO[bytes]) -> None:
    """One transaction around the dump: where reading it breaks off, COMMIT is never sent."""
    try:
        to.write(_BEGIN.encode())
        with gzip.open(path) as dumped:
            head = dumped.read(_BLOCK)
            to.write(head.replace(b"\nSET transaction_timeout = 0;\n", b"\n", 1))  # its default, unknown before 17
            while block := dumped.read(_BLOCK):
                to.write(block)
        to.write(b"COMMIT;\n")
    finally:
        to.close()


def _bring_back_accounts(connection: Connection, accounts: Sequence[tuple[str, str]]) -> list[str]:
    """Makes the group roles and the accounts that are missing, members of their groups again, where the login may."""
    prepare_roles(connection)
    left = []
    for account, group in accounts:
        if group not in GROUPS:  # a backup that somebody changed gives nobody more than our groups may
            continue
        name, of = sql.Identifier(account), sql.Identifier(group)
        is_there = connection.exec_driver_sql("SELECT FROM pg_roles WHERE rolname = %s", (account,)).fetchone()
        statement = sql.SQL("GRANT {1} TO {0}" if is_there else "CREATE ROLE {0} LOGIN IN ROLE {1}").format(name, of)
        try:
            with driver_errors(), connection.begin_nested():
                execute_composed(connection, statement)
        except errors.InsufficientPrivilege:
            left.append(database.compose(connection, statement))
        if not is_there:
            left.append(database.compose(connection, sql.SQL("ALTER ROLE {} PASSWORD '…'").format(name)))
    prepare_roles(connection)  # the time limit of an account of the BI tool
    return left


def _server_version(settings: Settings) -> int:
    with database.connect(settings, role=None) as connection:
        version = connection.dialect.server_version_info
        assert version is not None, "the engine has connected"
        return int(version[0])
