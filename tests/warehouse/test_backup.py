"""A backup is of one moment and whole; a restore brings all of it back, or changes nothing."""

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


def everything(address: str) -> dict[str, str]:
    """The hash of each mart, and of each table with every moment and number in it."""
    found = mart_hashes(address)
    with database.connect_url(address) as connection:
        for (table,) in connection.exec_driver_sql(_TABLES).fetchall():
            query = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t"
            found[table] = str(connection.exec_driver_sql(query).fetchone())
    return found


def rights(address: str) -> set[tuple[Any, ...]]:
    with database.connect_url(address) as connection:
        rows = connection.exec_driver_sql(_RIGHTS).fetchall()
    return {row for row in rows if row[2] != "MAINTAIN"}  # an owner's own, since PostgreSQL 17


def stored(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filled(settings: Settings) -> Settings:
    """A warehouse with one report of district A in force, another replaced, and their files in the store."""
    with database.connect(settings) as connection:
        load_reference(connection, world.catalogue())
        for day, done in ((15, 1), (16, 2)):
            one = world.submit(connection, values={"done": done}, signed_on=world.date(2021, 3, day))
            load_accepted(connection, [one])
    with database.connect(settings, role=None) as connection:  # as if the files had come with the reports
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
    """The environment of another, empty database and store."""
    with temporary_database(server_address, "template0") as address:
        monkeypatch.setenv("CCHC_DATABASE_URL", address)
        monkeypatch.setenv("CCHC_VAR", str(tmp_path / "elsewhere"))
        yield settings_module.load_settings()


def test_a_province_comes_back_on_a_new_server_as_it_was(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest.ingest([str(PROJECT_ROOT / "examples" / "drive")])
    releases.publish("2021-Q1", None, "published", "lan")
    first = tmp_path / "first"
    made = backup.backup(first)
    assert (made.submission_count, made.file_count) == (12, 12)
    with own_server() as server:
        address = server.address()
        monkeypatch.setenv("CCHC_DATABASE_URL", address)
        monkeypatch.setenv("CCHC_VAR", str(tmp_path / "elsewhere"))
        backup.restore(first)
        assert everything(address) == everything(settings.database_url)
        assert rights(address) == rights(settings.database_url)
        assert stored(settings_module.load_settings().files) == stored(settings.files)
        ingest.ingest([str(PROJECT_ROOT / "examples" / "drive")])  # it goes on where it was: nothing there is new
        assert mart_hashes(address) == mart_hashes(settings.database_url)


def test_accounts_come_back_into_their_groups_without_a_password(
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
                backup.backup(tmp_path / "one")
        kept = b"".join(path.read_bytes() for path in (tmp_path / "one").iterdir() if path.is_file())
        assert b"secret-word" not in kept
        _, left = backup.restore(tmp_path / "one")
        assert left == [f"ALTER ROLE \"{name}\" PASSWORD '…'"]
        with database.connect_url(address) as connection:
            row = connection.exec_driver_sql(
                "SELECT r.rolcanlogin, r.rolconfig, g.rolname FROM pg_roles AS r JOIN pg_auth_members ON member = r.oid"
                " JOIN pg_roles AS g ON g.oid = roleid WHERE r.rolname = %s",
                (name,),
            ).fetchall()
        assert row == [(True, ["statement_timeout=60s"], "cchc_bi")]


def test_a_backup_is_for_its_owner_alone_and_never_written_over(filled: Settings, saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o700
    with pytest.raises(UsageError, match="holds something already"):
        backup.backup(saved)


def test_what_comes_while_a_backup_is_made_is_not_in_it(filled: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    before = everything(filled.database_url)
    with snapshot(filled) as (name, content):
        with database.connect(filled) as connection:
            load_accepted(connection, [world.submit(connection, "B", values={"done": 5})])
        dumping.dump(filled, name, tmp_path / "one.sql.gz")
    assert content.submission_count == 2
    assert everything(filled.database_url) != before
    dumping.restore(elsewhere, tmp_path / "one.sql.gz", ())
    migrate(elsewhere)
    assert everything(elsewhere.database_url) == before


def test_a_warehouse_is_not_replaced_without_a_word(filled: Settings, saved: Path) -> None:
    before = everything(filled.database_url)
    with database.connect(filled) as connection:
        load_accepted(connection, [world.submit(connection, "B", values={"done": 5})])
    later = everything(filled.database_url)
    with pytest.raises(UsageError, match=r"with 3 submissions.*--replace"):
        backup.restore(saved)
    assert everything(filled.database_url) == later
    backup.restore(saved, replace=True)
    assert everything(filled.database_url) == before


def test_numbers_go_on_after_those_of_the_backup(saved: Path, elsewhere: Settings) -> None:
    backup.restore(saved)
    with database.connect(elsewhere) as connection:
        assert world.submit(connection, "B", values={"done": 5}) == 3


def test_a_login_for_whom_an_administrator_prepared_the_way_may_restore(
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
    _, left = backup.restore(saved)
    assert left == [
        'CREATE ROLE "cchc_test_nobody" LOGIN IN ROLE "cchc_bi"',
        "ALTER ROLE \"cchc_test_nobody\" PASSWORD '…'",
    ]
    assert everything(empty_settings.database_url) == everything(filled.database_url)


def spoil_manifest(saved: Path) -> None:
    (saved / "backup.json").unlink()


def spoil_dump(saved: Path) -> None:
    path = saved / "warehouse.sql.gz"
    path.write_bytes(path.read_bytes()[:-1])


def spoil_file(saved: Path) -> None:
    next(path for path in (saved / "files").rglob("*") if path.is_file()).write_bytes(b"another")


def lose_file(saved: Path) -> None:
    next(path for path in (saved / "files").rglob("*") if path.is_file()).unlink()


def come_from_the_future(saved: Path) -> None:
    document = json.loads((saved / "backup.json").read_text())
    (saved / "backup.json").write_text(json.dumps(document | {"schema_revision": "9999"}))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_manifest, "no whole backup"),
        (spoil_dump, "not as it was written"),
        (spoil_file, "not as it was written"),
        (lose_file, "holds 1 files, not 2"),
        (come_from_the_future, "newer code"),
    ],
)
def test_what_is_no_whole_backup_is_refused_before_anything_is_changed(
    saved: Path, filled: Settings, spoil: Any, words: str
) -> None:
    before = everything(filled.database_url), stored(filled.files)
    spoil(saved)
    with pytest.raises(UsageError, match=words):
        backup.restore(saved, replace=True)
    assert (everything(filled.database_url), stored(filled.files)) == before


@pytest.mark.parametrize("cut", ["file", "statement"])
def test_a_restore_that_breaks_off_changes_nothing(filled: Settings, saved: Path, cut: str) -> None:
    path = saved / "warehouse.sql.gz"
    whole = path.read_bytes()
    if cut == "file":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        text = gzip.decompress(whole)
        path.write_bytes(gzip.compress(text.replace(b"COPY warehouse.fact_observation", b"COPY warehouse.nothing", 1)))
    document = json.loads((saved / "backup.json").read_text())
    document["dump_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (saved / "backup.json").write_text(json.dumps(document))
    before = everything(filled.database_url)
    with pytest.raises(UsageError, match="was not changed"):
        backup.restore(saved, replace=True)
    assert everything(filled.database_url) == before


def test_a_view_of_somebody_elses_is_not_dropped_unasked(filled: Settings, saved: Path) -> None:
    with database.connect(filled, role=None) as connection:
        connection.exec_driver_sql("CREATE SCHEMA own")
        connection.exec_driver_sql("CREATE VIEW own.late AS SELECT * FROM mart.reporting_status")
    with pytest.raises(UsageError, match=r"own\.late"):
        backup.restore(saved, replace=True)
    with database.connect(filled, role=None) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM own.late").fetchone() is not None


def test_a_lost_original_stops_a_backup_and_leaves_nothing_behind(filled: Settings, tmp_path: Path) -> None:
    shutil.rmtree(filled.files)
    with pytest.raises(UsageError, match="file store has no file"):
        backup.backup(tmp_path / "backup")
    assert list((tmp_path / "backup").iterdir()) == []


def test_programs_that_are_too_old_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_password_is_neither_in_the_words_of_a_program_nor_in_an_error(
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
        dumping.dump(replace(filled, database_url=address), name, tmp_path / "one.sql.gz")
    assert "secret-word" not in str(raised.value) + seen.read_text()
    assert (tmp_path / "seen.environment").read_text().strip() == "secret-word"
