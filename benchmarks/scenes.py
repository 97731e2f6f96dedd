"""The steps of the loading and ranking benchmarks; each function returns its measurements."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.databases import fresh, settings_for
from benchmarks.loader import WORKERS, load_period, stage_period
from benchmarks.nation import Nation
from etl import database
from etl.settings import Settings
from etl.submissions.register import hash_facts
from etl.warehouse import load_accepted, stage_observations

_COLUMNS = (
    "district_key, period_key, indicator_key, known_from, known_to, submission_id, value, value_status, note,"
    " raw_value, location"
)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def settle(address: str) -> None:
    """Run a checkpoint, so that earlier writes do not slow down the next measurement."""
    with database.connect_url(address, autocommit=True) as connection:
        connection.exec_driver_sql("CHECKPOINT")


def register(settings: Settings, nation: Nation, period_codes: Sequence[str], edition: str) -> None:
    """Register the reports as accepted, with the hash of their facts; each edition has its own file hashes."""
    with database.connect(settings, role=None) as connection:
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE incoming (district text, period text, form text, signed date, sha text, name text)"
        )
        columns = ("district", "period", "form", "signed", "sha", "name")
        rows = (
            (
                *(content.head.district_code, code, content.head.form_code, content.head.signed_on),
                *(hash_facts(content), f"{edition}_{content.head.district_code}_{code}.docx"),
            )
            for code in period_codes
            for content in nation.reports(code)
        )
        database.copy_rows(connection, "pg_temp.incoming", columns, rows)
        connection.exec_driver_sql(
            "INSERT INTO raw.file (sha256, size_bytes)"
            " SELECT encode(sha256(name::bytea), 'hex'), 1 FROM pg_temp.incoming"
        )
        connection.exec_driver_sql(
            "WITH added AS (INSERT INTO raw.submission (sha256, source_url, file_name, channel, received_at, status,"
            " district_code, period_code, form_code, signed_on, is_simulated, facts_sha256, reader)"
            " SELECT encode(sha256(name::bytea), 'hex'), name, name, 'drive', clock_timestamp(), 'accepted', district,"
            " period, form, signed, true, sha, 'benchmark' FROM pg_temp.incoming RETURNING submission_id, status)"
            " INSERT INTO raw.submission_event (submission_id, status, actor)"
            " SELECT submission_id, status, 'benchmark' FROM added"
        )
    with database.connect_url(settings.database_url, autocommit=True) as connection:
        connection.exec_driver_sql("ANALYZE raw.submission")


@contextmanager
def registered(template: str, nation: Nation, period_codes: Sequence[str]) -> Iterator[Settings]:
    """A warehouse in which the reports of some periods are registered, but not staged."""
    with fresh(template) as address:
        settings = settings_for(address, nation.folder)
        register(settings, nation, period_codes, "first")
        yield settings


def first_load(settings: Settings, nation: Nation, period_codes: Sequence[str]) -> dict[str, Any]:
    """Load in a separate process. Returns seconds, peak memory in MB and the number of opened facts."""
    settle(settings.database_url)
    command = [sys.executable, "-m", "benchmarks.loader", str(nation.folder), settings.database_url, *period_codes]
    process = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return dict(json.loads(process.stdout))


def export_facts(settings: Settings, path: Path) -> int:
    """Export the facts in COPY format, for the baseline."""
    with database.connect_url(settings.database_url) as connection, path.open("wb") as file:
        database.copy(connection, f"COPY warehouse.fact_observation ({_COLUMNS}) TO STDOUT", file)
        count = connection.exec_driver_sql("SELECT count(*) FROM warehouse.fact_observation").fetchone()
    return int(count[0]) if count else 0


def measure_baseline(template: str, facts: Path) -> float:
    """Seconds of one COPY of the same columns into a table with the same keys, indexes and checks."""

    def copy_all() -> None:
        with facts.open("rb") as file:
            database.copy(connection, f"COPY baseline ({_COLUMNS}) FROM STDIN", file)
        connection.commit()

    with fresh(template) as address, database.connect_url(address) as connection:
        connection.exec_driver_sql("CREATE TABLE baseline (LIKE warehouse.fact_observation INCLUDING ALL)")
        connection.commit()
        settle(address)
        return seconds(copy_all)


def writes_to_facts(settings: Settings) -> int:
    """Fact rows written so far, from the server statistics."""
    with database.connect_url(settings.database_url) as connection:
        row = connection.exec_driver_sql(
            "SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'fact_observation'"
        ).fetchone()
    return int(row[0]) if row else -1


def load_again(settings: Settings, nation: Nation, period_codes: Sequence[str]) -> tuple[float, int]:
    """Seconds to recognise the same facts in new files, and the number of fact rows written."""
    register(settings, nation, period_codes, "again")

    def recognise() -> None:
        with ThreadPoolExecutor(WORKERS) as threads:
            list(threads.map(partial(load_period, settings), period_codes))

    time.sleep(1.1)  # the server statistics are updated once per second
    before = writes_to_facts(settings)
    taken = seconds(recognise)
    time.sleep(1.1)
    return taken, writes_to_facts(settings) - before


def correct_report(settings: Settings, nation: Nation, edition: int) -> float:
    """Seconds to stage and load the corrected report of one district, in which one value differs."""
    content = next(nation.reports(nation.period_codes[0]))
    rows = list(content.rows)
    index = next(number for number, row in enumerate(rows) if row.status == "reported")
    rows[index] = rows[index]._replace(value=Decimal(900 + edition))
    with database.connect(settings, role=None) as connection:
        connection.exec_driver_sql(
            "INSERT INTO raw.file (sha256, size_bytes) VALUES (repeat(%s, 64), 1)", (str(edition),)
        )
        row = connection.exec_driver_sql(
            "INSERT INTO raw.submission (sha256, source_url, file_name, channel, status, district_code, period_code,"
            " form_code, signed_on, is_simulated, facts_sha256) VALUES (repeat(%s, 64), 'c', 'c', 'drive', 'accepted',"
            " %s, %s, %s, %s, true, %s) RETURNING submission_id",
            (
                str(edition),
                content.head.district_code,
                content.head.period_code,
                content.head.form_code,
                content.head.signed_on.replace(year=content.head.signed_on.year + 1 + edition),
                hash_facts(replace(content, rows=tuple(rows))),
            ),
        ).fetchone()
    corrected: int = row[0] if row else 0

    def load() -> None:
        with database.connect(settings) as connection:
            stage_observations(connection, corrected, rows)
            counts = load_accepted(connection, [corrected])
        assert counts.opened == counts.closed == 1, counts

    return seconds(load)


def growth(template: str, nation: Nation) -> tuple[float, float]:
    """Median seconds of adding a period to a warehouse with 2 periods, and to one with 40."""
    codes = nation.period_codes
    times: dict[int, list[float]] = {2: [], 40: []}
    with registered(template, nation, codes) as few, registered(template, nation, codes) as many:
        first_load(few, nation, codes[:2])
        first_load(many, nation, codes[:40])
        for code in codes[40:]:
            for period_count, settings in ((2, few), (40, many)):
                settle(settings.database_url)
                started = time.perf_counter()
                stage_period(settings, nation, code)
                load_period(settings, code)
                times[period_count].append(time.perf_counter() - started)
    return median(times[2]), median(times[40])
