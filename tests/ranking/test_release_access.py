"""Access to intervals and signed rankings: a district sees its own rows, and all rows once the period is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl import database
from etl.ranking import refresh_rankings
from etl.ranking.releases.content import compute_content, read_basis
from etl.ranking.releases.signing import sign
from etl.settings import Settings
from etl.warehouse import publish
from tests.ranking import province

VIEWS = ("ranking_robustness", "rank_probability", "ranking_release_row")


@pytest.fixture
def prepared(settings: Settings, tmp_path: Path) -> Settings:
    """A, B and C, equal to B, ranked and signed; the group role cchc_district acts as an account of B."""
    with database.connect(settings) as connection:
        province.prepare(connection, tmp_path, province.PLAIN, {code: {} for code in "ABC"}, province.PLAIN_INDICATORS)
        for code, (r, s) in {"A": (90, 85), "B": (60, 80), "C": (60, 80)}.items():
            province.report(connection, code, {"r": r, "s": s})
        refresh_rankings(connection)
        sign(
            connection,
            compute_content(connection, read_basis(connection, "2021-Q1", "method-a", None)),
            "lan",
            "trình ký",
        )
        connection.exec_driver_sql(
            "INSERT INTO warehouse.district_account (account, district_code, granted_by)"
            " VALUES ('cchc_district', 'B', 'lan')"
        )
    return settings


def districts_in(settings: Settings, view: str, role: str) -> set[str]:
    with database.connect(settings, role=role) as connection:
        rows = connection.exec_driver_sql(f"SELECT DISTINCT district_code FROM mart.{view}").fetchall()
    return {code for (code,) in rows}


@pytest.mark.parametrize("view", VIEWS)
def test_a_district_sees_its_own_rows_until_the_period_is_published(prepared: Settings, view: str) -> None:
    assert districts_in(prepared, view, "cchc_district") == {"B"}
    for role in ("cchc_analyst", "cchc_bi"):
        assert districts_in(prepared, view, role) == {"A", "B", "C"}
    with database.connect(prepared) as connection:
        publish(connection, "2021-Q1", None, "công bố", "lan")
    assert districts_in(prepared, view, "cchc_district") == {"A", "B", "C"}


@pytest.mark.parametrize("view", ["ranking_robustness", "ranking_release_row"])
def test_the_own_row_names_no_other_district_before_publication(prepared: Settings, view: str) -> None:
    query = f"SELECT tied_with FROM mart.{view} WHERE district_code = 'B'"
    for is_published in (False, True):
        with database.connect(prepared, role="cchc_district") as connection:
            assert connection.exec_driver_sql(query).fetchall() == [("C" if is_published else None,)]
        with database.connect(prepared) as connection:
            publish(connection, "2021-Q1", None, "công bố", "lan")


def test_releases_are_visible_to_readers_and_to_districts_after_publication(
    prepared: Settings,
) -> None:
    query = "SELECT signed_by, is_void FROM mart.ranking_release"
    for role in ("cchc_analyst", "cchc_bi"):
        with database.connect(prepared, role=role) as connection:
            assert connection.exec_driver_sql(query).fetchall() == [("lan", False)]
    with database.connect(prepared, role="cchc_district") as connection:
        assert connection.exec_driver_sql(query).fetchall() == []
    with database.connect(prepared) as connection:
        publish(connection, "2021-Q1", None, "công bố", "lan")
    with database.connect(prepared, role="cchc_district") as connection:
        assert connection.exec_driver_sql(query).fetchall() == [("lan", False)]
