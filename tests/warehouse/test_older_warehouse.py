"""A filled warehouse of every earlier schema comes to the present one with what it knew, and goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from etl import database
from etl.settings import Settings
from etl.warehouse import load_accepted, load_reference, migrate
from etl.warehouse.migration import MIGRATIONS, prepare_roles
from tests import world

FILLED = Path(__file__).with_name("filled_0001.sql").read_text(encoding="utf-8")
LAST_OF_ITS_SHAPE = (
    "0019"  # staging.observation is a table until here: a later warehouse was filled before, and came on
)
# What revision 0001 knew of itself, in its own tables and columns, which are there in every later one.
KNOWN = {
    "raw.file": "sha256, size_bytes, stored_at",
    "raw.sighting": "source_url, source_version, sha256, seen_at",
    "raw.submission": "submission_id, sha256, source_url, file_name, channel, received_at, status, district_code,"
    " period_code, form_code, signed_on, is_simulated, reader",
    "raw.submission_event": "submission_event_id, submission_id, status, reason, actor, happened_at",
    "staging.observation": "submission_id, row_number, reform_area_code, item, indicator_code, label, unit, value,"
    " value_status, raw_value, note, location",
    "staging.finding": "submission_id, finding_number, rule_code, severity, indicator_code, location, found,"
    " message_vi",
    "warehouse.fact_submission": "submission_id, district_key, period_key, form_key, received_at, accepted_at",
    "warehouse.fact_observation": "district_key, period_key, indicator_key, known_from, known_to, submission_id, value,"
    " value_status, note, raw_value, location",
    "warehouse.dim_district": "district_key, district_code, name_vi, commune_count, valid_from, valid_to",
    "warehouse.dim_indicator": "indicator_key, indicator_code, kind, nature",
}


def configuration(**attributes: Any) -> Config:
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def revisions() -> list[str]:
    """Every revision but the present one, oldest first."""
    scripts = ScriptDirectory.from_config(configuration())
    return [script.revision for script in scripts.walk_revisions()][:0:-1]


@dataclass
class Older:
    """A warehouse of an earlier revision, and what it knew when it was filled."""

    settings: Settings
    before: dict[str, list[Any]]


def known(settings: Settings) -> dict[str, list[Any]]:
    with database.connect(settings, role=None) as connection:
        return {
            table: connection.execute(f"SELECT ROW({columns})::text FROM {table} ORDER BY 1".encode()).fetchall()
            for table, columns in KNOWN.items()
        }


@contextmanager
def schema_of(settings: Settings, revision: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection, when the schema has come to the revision."""
    with database.engine(settings).begin() as alchemy_connection:
        connection = alchemy_connection.connection.driver_connection
        assert isinstance(connection, psycopg.Connection)
        prepare_roles(connection)
        connection.execute("SET ROLE cchc_owner")
        connection.execute("CREATE SCHEMA IF NOT EXISTS deployment")
        command.upgrade(configuration(connection=alchemy_connection), revision)
        yield connection


@pytest.fixture(params=revisions())
def older(request: pytest.FixtureRequest, empty_settings: Settings) -> Older:
    """A filled warehouse as the code of an earlier revision left it."""
    with schema_of(empty_settings, min(request.param, LAST_OF_ITS_SHAPE)) as connection:
        connection.execute(FILLED.encode())
    before = known(empty_settings)
    with schema_of(empty_settings, request.param):
        return Older(empty_settings, before)


def test_facts_history_and_lineage_are_what_they_were(older: Older) -> None:
    assert len(older.before["warehouse.fact_observation"]) == 3
    assert migrate(older.settings) is True
    assert known(older.settings) == older.before
    with database.connect(older.settings, role="cchc_analyst") as connection:
        history = connection.execute(
            "SELECT indicator_code, value::int, submission_id, known_to = 'infinity' FROM mart.observation_history"
            " ORDER BY indicator_code, known_from"
        ).fetchall()
        lineage = connection.execute(
            "SELECT indicator_code, file_name, sha256, location, raw_value, reader FROM mart.lineage WHERE is_current"
            " ORDER BY indicator_code"
        ).fetchall()
        early = connection.execute(
            "SELECT value::int FROM mart.observation_as_of(%s) WHERE indicator_code = 'done'",
            (datetime.fromisoformat("2021-03-15T12:00+07:00"),),
        ).fetchall()
        status = connection.execute(
            "SELECT district_code, status, is_timely FROM mart.reporting_status ORDER BY district_code"
        ).fetchall()
        found = connection.execute("SELECT submission_id, rule_code, message_vi FROM mart.finding").fetchall()
    assert history == [("assigned", 10, 1, True), ("done", 1, 1, False), ("done", 2, 2, True)]
    assert lineage == [
        ("assigned", "1.docx", "a" * 64, "table[1]/row[3]/col[4]", "10", "reader 0"),
        ("done", "2.docx", "b" * 64, "table[1]/row[2]/col[4]", "2", "reader 0"),
    ]
    assert early == [(1,)]
    assert status == [("A", "accepted", True), ("B", "rejected", True)]
    assert found == [(3, "value_undecidable", "Lỗi")]


def test_the_next_correction_goes_on_from_what_was_known(older: Older) -> None:
    migrate(older.settings)
    with database.connect(older.settings) as connection:
        load_reference(connection, world.catalogue())
        newer = world.submit(
            connection,
            values={"done": 3, "assigned": {"value": 10, "note": "ghi chú"}},
            signed_on=date(2021, 3, 20),
            received_at="2021-03-20 08:00+07",
        )
        counts = load_accepted(connection, [newer])
        rows = connection.execute(
            "SELECT value::int, submission_id FROM mart.observation_history WHERE indicator_code = 'done'"
            " ORDER BY known_from"
        ).fetchall()
        statuses = connection.execute("SELECT status FROM raw.submission ORDER BY submission_id").fetchall()
    assert (counts.opened, counts.closed, counts.unchanged) == (1, 1, 1)
    assert rows == [(1, 1), (2, 2), (3, newer)]
    assert [status for (status,) in statuses] == ["superseded", "superseded", "rejected", "accepted"]
