"""A backup is a consistent snapshot; a restore brings all of it back or changes nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from psycopg2.extensions import make_dsn, parse_dsn

from etl import database
from etl import settings as settings_module
from etl.errors import UsageError
from etl.operations import backup, ingest, releases
from etl.settings import PROJECT_ROOT, Settings
from etl.submissions import FileStore
from etl.warehouse import clients, dumping, load_accepted, load_reference, migrate, snapshot
from tests import world
from tests.conftest import temporary_database
from tests.faults.marts import mart_hashes
from tests.faults.servers import own_server
from tests.warehouse.test_migration import weak_login

__all__ = ["weak_login"]

_TABLES = (
    "SELECT schemaname || '.' || tablename FROM pg_tables"
    " WHERE schemaname IN ('raw', 'staging', 'warehouse') ORDER BY 1"
)
_RIGHTS = (
    "SELECT c.oid::regclass::text, a.grantee::regrole::text, a.privilege_type FROM pg_class AS c"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a"
    " WHERE nspname IN ('raw', 'staging', 'warehouse', 'mart')"
    " UNION ALL SELECT n.nspname, a.grantee::regrole::text, a.privilege_type FROM pg_namespace AS n,"
    " aclexplode(n.nspacl) AS a WHERE nspname IN ('raw', 'staging', 'warehouse', 'mart', 'deployment')"
    " UNION ALL SELECT p.oid::regprocedure::text, a.grantee::regrole::text, a.privilege_type FROM pg_proc AS p"
    " JOIN pg_namespace AS n ON n.oid = p.pronamespace, aclexplode(p.proacl) AS a"
    " WHERE nspname IN ('raw', 'staging', 'warehouse', 'mart')"
)


def content_hashes(address: str) -> dict[str, str]:
    """The hash of each mart, and of each table including timestamps and surrogate keys."""
    hashes = mart_hashes(address)
    with database.connect_url(address) as connection:
        for (table,) in connection.exec_driver_sql(_TABLES).fetchall():
            query = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t"
            hashes[table] = str(connection.exec_driver_sql(query).fetchone())
    return hashes


def rights(address: str) -> set[tuple[Any, ...]]:
    with database.connect_url(address) as connection:
        rows = connection.exec_driver_sql(_RIGHTS).fetchall()
    return {row for row in rows if row[2] != "MAINTAIN"}  # granted to owners since PostgreSQL 17


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """A warehouse with an accepted report of district A, a superseded one, and their files in the store."""
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
        for day, done in ((15, 1), (16, 2)):
            submission_id = world.submit(connection, values={"done": done}, signed_on=world.date(2021, 3, day))
            load_accepted(connection, [submission_id])
    with database.connect(settings, role=None) as connection:  # give the reports files that are in the store
        for number in (1, 2):
            sha256 = FileStore(settings.files).put(b"report %d" % number)
            connection.exec_driver_sql("INSERT INTO raw.file (sha256, size_bytes) VALUES (%s, 8)", (sha256,))
        connection.exec_driver_sql("ALTER TABLE raw.submission DROP CONSTRAINT submission_sha256_fkey")
        connection.exec_driver_sql("DELETE FROM raw.file WHERE size_bytes = 1")
        connection.exec_driver_sql("UPDATE raw.submission SET sha256 = (SELECT max(sha256) FROM raw.file)")
        connection.exec_driver_sql("ALTER TABLE raw.submission ADD FOREIGN KEY (sha256) REFERENCES raw.file")
    return settings


@pytest.fixture
def saved(filled: Settings, tmp_path: Path) -> Path:
    backup.backup(tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def elsewhere(
    filled: Settings, server_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of another, empty database and store; also set in the environment."""
    with temporary_database(server_address, "template0") as address:
        monkeypatch.setenv("CCHC_DATABASE_URL", address)
        monkeypatch.setenv("CCHC_VAR", str(tmp_path / "elsewhere"))
        yield settings_module.load_settings()


def test_a_restore_on_a_new_server_is_identical(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest.ingest([str(PROJECT_ROOT / "examples" / "drive")])
    releases.publish("2021-Q1", None, "published", "lan")
    first = tmp_path / "first"
    summary = backup.backup(first)
    assert (summary.submission_count, summary.file_count) == (12, 12)
    with own_server() as server:
        address = server.address()
        monkeypatch.setenv("CCHC_DATABASE_URL", address)
        monkeypatch.setenv("CCHC_VAR", str(tmp_path / "elsewhere"))
        backup.restore(first)
        assert content_hashes(address) == content_hashes(settings.database_url)
        assert rights(address) == rights(settings.database_url)
        assert read_files(settings_module.load_settings().files) == read_files(settings.files)
        ingest.ingest([str(PROJECT_ROOT / "examples" / "drive")])  # nothing on the drive is new
        assert mart_hashes(address) == mart_hashes(settings.database_url)


def test_accounts_are_restored_into_their_groups_without_passwords(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "cchc_test_tô_backup"
    with own_server() as first, own_server() as second:
        for number, server in enumerate((first, second)):
            address = server.address()
            monkeypatch.setenv("CCHC_DATABASE_URL", address)
            if number == 0:
                migrate(settings_module.load_settings())
                with database.connect_url(address) as connection:
                    connection.exec_driver_sql(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'secret-word' IN ROLE cchc_bi")
                backup.backup(tmp_path / "backup")
        content = b"".join(path.read_bytes() for path in (tmp_path / "backup").iterdir() if path.is_file())
        assert b"secret-word" not in content
        _, statements = backup.restore(tmp_path / "backup")
        assert statements == [f"ALTER ROLE \"{name}\" PASSWORD '…'"]
        with database.connect_url(address) as connection:
            row = connection.exec_driver_sql(
                "SELECT r.rolcanlogin, r.rolconfig, g.rolname FROM pg_roles AS r JOIN pg_auth_members ON member = r.oid"
                " JOIN pg_roles AS g ON g.oid = roleid WHERE r.rolname = %s",
                (name,),
            ).fetchall()
        assert row == [(True, ["statement_timeout=60s"], "cchc_bi")]


def test_a_backup_is_readable_by_its_owner_only_and_never_overwritten(filled: Settings, saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o700
    with pytest.raises(UsageError, match="is not empty"):
        backup.backup(saved)


def test_a_report_loaded_during_a_backup_is_not_part_of_it(
    filled: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    before = content_hashes(filled.database_url)
    with snapshot(filled) as (name, content):
        with database.connect(filled) as connection:
            load_accepted(connection, [world.submit(connection, "B", values={"done": 5})])
        dumping.dump(filled, name, tmp_path / "dump.sql.gz")
    assert content.submission_count == 2
    assert content_hashes(filled.database_url) != before
    dumping.restore(elsewhere, tmp_path / "dump.sql.gz", ())
    migrate(elsewhere)
    assert content_hashes(elsewhere.database_url) == before


def test_a_warehouse_is_replaced_only_with_the_replace_option(filled: Settings, saved: Path) -> None:
    before = content_hashes(filled.database_url)
    with database.connect(filled) as connection:
        load_accepted(connection, [world.submit(connection, "B", values={"done": 5})])
    later = content_hashes(filled.database_url)
    with pytest.raises(UsageError, match=r"with 3 submissions.*--replace"):
        backup.restore(saved)
    assert content_hashes(filled.database_url) == later
    backup.restore(saved, replace=True)
    assert content_hashes(filled.database_url) == before


def test_ids_continue_after_those_of_the_backup(saved: Path, elsewhere: Settings) -> None:
    backup.restore(saved)
    with database.connect(elsewhere) as connection:
        assert world.submit(connection, "B", values={"done": 5}) == 3


def test_a_login_with_the_group_roles_may_restore(
    saved: Path, filled: Settings, weak_login: Settings, empty_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = parse_dsn(weak_login.database_url)["user"]
    with database.connect(empty_settings, role=None) as connection:
        database.execute_file(connection, "roles/roles.sql")
        connection.exec_driver_sql(f"GRANT cchc_owner, cchc_loader, cchc_analyst TO {name}")
    document = json.loads((saved / "backup.json").read_text())
    (saved / "backup.json").write_text(
        json.dumps(document | {"accounts": [["cchc_test_nobody", "cchc_bi"], ["cchc_test_nobody", "pg_monitor"]]})
    )
    monkeypatch.setenv("CCHC_DATABASE_URL", weak_login.database_url)
    _, statements = backup.restore(saved)
    assert statements == [
        'CREATE ROLE "cchc_test_nobody" LOGIN IN ROLE "cchc_bi"',
        "ALTER ROLE \"cchc_test_nobody\" PASSWORD '…'",
    ]
    assert content_hashes(empty_settings.database_url) == content_hashes(filled.database_url)


def delete_manifest(saved: Path) -> None:
    (saved / "backup.json").unlink()


def truncate_dump(saved: Path) -> None:
    path = saved / "warehouse.sql.gz"
    path.write_bytes(path.read_bytes()[:-1])


def change_file(saved: Path) -> None:
    next(path for path in (saved / "files").rglob("*") if path.is_file()).write_bytes(b"another")


def delete_file(saved: Path) -> None:
    next(path for path in (saved / "files").rglob("*") if path.is_file()).unlink()


def set_unknown_revision(saved: Path) -> None:
    document = json.loads((saved / "backup.json").read_text())
    (saved / "backup.json").write_text(json.dumps(document | {"schema_revision": "9999"}))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (delete_manifest, "not a complete backup"),
        (truncate_dump, "has changed since"),
        (change_file, "has changed since"),
        (delete_file, "contains 1 files instead of 2"),
        (set_unknown_revision, "newer code"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_changed(
    saved: Path, filled: Settings, damage: Any, message: str
) -> None:
    before = content_hashes(filled.database_url), read_files(filled.files)
    damage(saved)
    with pytest.raises(UsageError, match=message):
        backup.restore(saved, replace=True)
    assert (content_hashes(filled.database_url), read_files(filled.files)) == before


@pytest.mark.parametrize("cut", ["file", "statement"])
def test_a_failed_restore_changes_nothing(filled: Settings, saved: Path, cut: str) -> None:
    path = saved / "warehouse.sql.gz"
    content = path.read_bytes()
    if cut == "file":
        path.write_bytes(content[: len(content) // 2])
    else:
        text = gzip.decompress(content)
        path.write_bytes(gzip.compress(text.replace(b"COPY warehouse.fact_observation", b"COPY warehouse.nothing", 1)))
    document = json.loads((saved / "backup.json").read_text())
    document["dump_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (saved / "backup.json").write_text(json.dumps(document))
    before = content_hashes(filled.database_url)
    with pytest.raises(UsageError, match="was not changed"):
        backup.restore(saved, replace=True)
    assert content_hashes(filled.database_url) == before


def test_a_restore_refuses_to_drop_views_of_other_owners(filled: Settings, saved: Path) -> None:
    with database.connect(filled, role=None) as connection:
        connection.exec_driver_sql("CREATE SCHEMA own")
        connection.exec_driver_sql("CREATE VIEW own.late AS SELECT * FROM mart.reporting_status")
    with pytest.raises(UsageError, match=r"own\.late"):
        backup.restore(saved, replace=True)
    with database.connect(filled, role=None) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM own.late").fetchone() is not None


def test_a_missing_original_file_stops_a_backup_and_leaves_no_files(filled: Settings, tmp_path: Path) -> None:
    shutil.rmtree(filled.files)
    with pytest.raises(UsageError, match="file store has no file"):
        backup.backup(tmp_path / "backup")
    assert list((tmp_path / "backup").iterdir()) == []


def test_client_programs_that_are_too_old_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "client_folders", list)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="found: none"):
        clients.client_program("pg_dump", 18)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4'\n")
    old.chmod(0o755)
    with pytest.raises(UsageError, match=r"pg_dump of PostgreSQL 18 or newer.*15\.4.*postgresql-client-18"):
        clients.client_program("pg_dump", 18)
    assert clients.client_program("pg_dump", 15) == old


def test_a_password_is_neither_in_the_arguments_of_a_program_nor_in_an_error(
    filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    fake = tmp_path / "pg_dump"
    fake.write_text(
        f"#!/bin/sh\nif [ $1 = --version ]; then echo 'pg_dump (PostgreSQL) 99.0'; exit; fi\n"
        f'echo "$@" > {seen}; echo "$PGPASSWORD" > {seen}.environment; echo "pg_dump: error: no" >&2; exit 1\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    address = make_dsn(filled.database_url, password="secret-word")
    with snapshot(filled) as (name, _), pytest.raises(UsageError, match="pg_dump: error: no") as raised:
        dumping.dump(replace(filled, database_url=address), name, tmp_path / "dump.sql.gz")
    assert "secret-word" not in str(raised.value) + seen.read_text()
    assert (tmp_path / "seen.environment").read_text().strip() == "secret-word"
