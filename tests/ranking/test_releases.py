"""A signed ranking never changes, gives the same hash again, and becomes void when its inputs change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from etl import database
from etl.database import Connection
from etl.errors import UsageError
from etl.ranking import refresh_rankings
from etl.ranking.releases.content import compute_content, read_basis
from etl.ranking.releases.signing import sign, verify_release
from etl.settings import Settings
from etl.warehouse import CellValue, Correction, correct, load_accepted
from tests import world
from tests.ranking import province
from tests.sql_errors import assert_denied

REPORTS = {"A": (90, 40), "B": (60, 80), "C": (30, 30)}
Connect = Callable[[], AbstractContextManager[Connection]]


@pytest.fixture
def connect(settings: Settings, tmp_path: Path) -> Connect:
    """Opens connections as cchc_loader, one transaction each, to a province of four districts; D has no report."""
    with database.connect(settings) as connection:
        prepare(connection, tmp_path)
        for code, (r, s) in REPORTS.items():
            province.report(connection, code, {"r": r, "s": s})
        refresh_rankings(connection)
    return lambda: database.connect(settings)


def prepare(connection: Connection, folder: Path, method: str = province.PLAIN, communes: int = 10) -> None:
    districts: dict[str, dict[str, Any]] = {code: {} for code in "ABC"} | {"D": {"commune_count": communes}}
    province.prepare(connection, folder, method, districts, province.PLAIN_INDICATORS)


def signed(connect: Connect, known_at: datetime | None = None) -> int:
    with connect() as connection:
        content = compute_content(connection, read_basis(connection, "2021-Q1", "method-a", known_at))
        return sign(connection, content, "lan", "trình ký")


def corrected(connect: Connect, district: str, indicator: str, expect: int, to: int) -> None:
    expected, new = (CellValue(Decimal(value), "reported") for value in (expect, to))
    with connect() as connection:
        correct(connection, Correction(district, "2021-Q1", indicator, expected, new, "công văn", "lan"))
        refresh_rankings(connection)


def differing(connect: Connect, release_id: int) -> list[str]:
    with connect() as connection:
        return [part for part, *_, is_same in verify_release(connection, release_id) if not is_same]


def state(connect: Connect, release_id: int) -> tuple[bool, str]:
    with connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT is_void, void_reason_en FROM mart.ranking_release WHERE release_id = %s", (release_id,)
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_a_release_holds_the_ranking_and_the_intervals_at_the_time_of_signing(connect: Connect) -> None:
    release_id = signed(connect)
    with connect() as connection:
        signed_rows = connection.exec_driver_sql(
            "SELECT district_code, score, rank, band, is_tied, coverage, rank_q05, rank_q50, rank_q95, tied_with"
            " FROM mart.ranking_release_row WHERE release_id = %s ORDER BY 1",
            (release_id,),
        ).fetchall()
        current_rows = connection.exec_driver_sql(
            "SELECT r.district_code, r.score, r.rank, r.band, r.is_tied, r.coverage, b.rank_q05, b.rank_q50,"
            " b.rank_q95, coalesce(b.tied_with, '') FROM mart.district_ranking AS r"
            " JOIN mart.ranking_robustness AS b USING (period_code, method_code, district_code) ORDER BY 1"
        ).fetchall()
    assert signed_rows == current_rows
    assert [row[2] for row in signed_rows] == [2, 1, 3, None]


def test_a_release_is_reproduced_after_any_change_and_lists_what_changed(connect: Connect, tmp_path: Path) -> None:
    release_id = signed(connect)
    assert (differing(connect, release_id), state(connect, release_id)) == ([], (False, ""))
    corrected(connect, "A", "r", 90, 95)
    with connect() as connection:
        province.report(connection, "D", {"r": 1, "s": 1})
        prepare(
            connection,
            tmp_path,
            province.PLAIN.replace("area: I, weight: 50", "area: I, weight: 60")
            .replace("weight: 50, rule: linear, value: r", "weight: 60, rule: linear, value: r")
            .replace("area: II, weight: 50", "area: II, weight: 40")
            .replace("weight: 50, rule: linear, value: s", "weight: 40, rule: linear, value: s"),
            communes=11,
        )
        refresh_rankings(connection)
    assert differing(connect, release_id) == []
    assert state(connect, release_id) == (
        True,
        "figures have changed since it was signed; the method has changed since it was signed;"
        " the units have changed since it was signed",
    )


def test_a_release_is_void_by_its_content_and_not_by_its_age(connect: Connect) -> None:
    first = signed(connect)
    corrected(connect, "A", "r", 90, 95)
    second = signed(connect)
    assert [state(connect, release_id)[0] for release_id in (first, second)] == [True, False]
    corrected(connect, "A", "r", 95, 90)
    assert [state(connect, release_id)[0] for release_id in (first, second)] == [False, True]
    third = signed(connect)
    with connect() as connection:
        hashes = connection.exec_driver_sql(
            "SELECT release_id, content_sha256, followed_by FROM mart.ranking_release ORDER BY 1"
        ).fetchall()
    assert hashes[0][1] == hashes[2][1] != hashes[1][1]
    assert [row[2] for row in hashes] == [second, third, None]


def test_a_value_that_the_method_does_not_use_leaves_a_release_valid(connect: Connect, tmp_path: Path) -> None:
    text = province.HEAD + (
        "areas:\n  - {area: I, weight: 100, criteria: [{criterion: r1, weight: 100, rule: linear, value: r}]}\n"
    )
    with connect() as connection:
        prepare(connection, tmp_path, text)
        refresh_rankings(connection)
    release_id = signed(connect)
    corrected(connect, "A", "s", 40, 41)
    assert state(connect, release_id) == (False, "")
    corrected(connect, "A", "r", 90, 91)
    assert state(connect, release_id)[0]


def test_a_past_state_can_be_signed_and_a_future_one_cannot(connect: Connect) -> None:
    with connect() as connection:
        ((before,),) = connection.exec_driver_sql("SELECT clock_timestamp()").fetchall()
    corrected(connect, "C", "r", 30, 100)
    release_id = signed(connect, before)
    assert state(connect, release_id)[0]
    assert differing(connect, release_id) == []
    with connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT rank FROM mart.ranking_release_row WHERE district_code = 'C'"
        ).fetchall()
        assert rows == [(3,)]
        with pytest.raises(UsageError, match="in the future"):
            read_basis(connection, "2021-Q1", "method-a", before.replace(year=2999))


def test_a_load_that_is_committed_after_the_signature_counts_as_later(connect: Connect, settings: Settings) -> None:
    with connect() as connection:
        submission_id = world.submit(connection, "D", values={"r": 99, "s": 99})
    with database.connect(settings) as loading:
        loading.exec_driver_sql("SELECT now()")  # starts the transaction
        release_id = signed(connect)
        load_accepted(loading, [submission_id])
    assert differing(connect, release_id) == []
    assert state(connect, release_id)[0]


@contextmanager
def owner(settings: Settings) -> Iterator[Connection]:
    with database.connect_as_owner(settings) as connection:
        connection.exec_driver_sql("ALTER TABLE warehouse.fact_observation DISABLE TRIGGER ALL")
        yield connection


@pytest.mark.parametrize(
    ("statement", "parts"),
    [
        ("UPDATE warehouse.fact_observation SET value = 91 WHERE value = 90", ["data", "ranking", "content"]),
        ("UPDATE warehouse.ranking_release_row SET commune_count = 9", ["units", "content"]),
        ("UPDATE warehouse.ranking_release SET ranking_sha256 = repeat('0', 64)", ["ranking"]),
        ("UPDATE warehouse.ranking_release SET seed = 7", ["content"]),
        (
            "UPDATE warehouse.scoring_version SET definition = jsonb_set(definition, '{areas,0,name_vi}', '\"X\"')",
            ["method", "content"],
        ),
    ],
)
def test_manipulated_data_are_detected(connect: Connect, settings: Settings, statement: str, parts: list[str]) -> None:
    release_id = signed(connect)
    with database.connect(settings, role=None) as connection:
        connection.exec_driver_sql(statement)
    changed = differing(connect, release_id)
    assert set(parts) <= set(changed)
    assert "content" in changed or parts == ["ranking"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE warehouse.ranking_release SET signed_by = 'somebody'",
        "DELETE FROM warehouse.ranking_release",
        "UPDATE warehouse.ranking_release_row SET rank = 1",
        "DELETE FROM warehouse.ranking_release_row",
    ],
)
def test_the_loader_cannot_change_a_signed_release(connect: Connect, settings: Settings, statement: str) -> None:
    signed(connect)
    assert_denied(settings, "cchc_loader", statement, admin=settings)


def test_a_period_without_a_ranking_cannot_be_signed(settings: Settings, tmp_path: Path) -> None:
    with database.connect(settings) as connection:
        prepare(connection, tmp_path)
        content = compute_content(connection, read_basis(connection, "2021-Q1", "method-a", None))
        with pytest.raises(UsageError, match="nothing is ranked"):
            sign(connection, content, "lan", "trình ký")
        with pytest.raises(UsageError, match="unknown period"):
            read_basis(connection, "1999-Q1", "method-a", None)
        with pytest.raises(UsageError, match="not in force"):
            read_basis(connection, "2021-Q1", "method-b", None)
        with pytest.raises(UsageError, match="no release 7"):
            verify_release(connection, 7)
