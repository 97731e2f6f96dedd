"""Signed rankings: list, show, verify, compare, publish. They are created by pipeline.create_release."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from etl import database
from etl.errors import UsageError
from etl.operations.connections import mart_reader, warehouse_writer
from etl.settings import current_user, load_settings
from etl.tables import Table


def list_releases(period_code: str | None = None) -> Table:
    """Every signed ranking, or those of a period: who signed what, when, why, and whether it is still valid."""
    with mart_reader() as connection:
        parameters = {"period_code": period_code, "release_id": None}
        return database.query_table(connection, "queries/releases.sql", parameters)


def show_release(release_id: int) -> tuple[dict[str, Any], Table]:
    """A release and the ranking that it signed. Raises UsageError for an unknown release."""
    parameters = {"period_code": None, "release_id": release_id}
    with mart_reader() as connection:
        releases = database.query_table(connection, "queries/releases.sql", parameters).records()
        if not releases:
            raise UsageError(f"There is no release {release_id}", "`cchc release list` lists them")
        return releases[0], database.query_table(connection, "queries/release_rows.sql", {"release_id": release_id})


def verify_release(release_id: int) -> Table:
    """Recompute a release from the warehouse: part, signed, made_anew, is_same; the whole content last.

    Raises UsageError for an unknown release.
    """
    from etl.ranking.releases import signing

    with database.connect(load_settings()) as connection:
        return Table(("part", "signed", "made_anew", "is_same"), list(signing.verify_release(connection, release_id)))


def diff_releases(earlier: int, later: int) -> Table:
    """Each district's change of score and of rank between two releases of a period, split by cause.

    A change of rank is the number of places gained. The causes add up to the change exactly. Raises UsageError for an
    unknown release and for releases of different periods.
    """
    from etl.ranking.releases.comparison import CAUSES, compare_releases

    with database.connect(load_settings()) as connection:
        changes = compare_releases(connection, earlier, later)
    columns = ("district_code", "district_name", "measure", "before", "after", "change", *CAUSES)
    rows: list[tuple[Any, ...]] = []
    for change in changes:
        district = (change.district_code, change.district_name)
        score = ("score", change.before.score, change.after.score, change.score_change)
        rank = ("rank", change.before.rank, change.after.rank, change.places_gained)
        rows.append((*district, *score, *(change.score_shares.get(cause, 0) for cause in CAUSES)))
        rows.append((*district, *rank, *(change.places_shares.get(cause, 0) for cause in CAUSES)))
    return Table(columns, rows)


def publish(period_code: str, released_at: datetime | None, reason: str = "", actor: str | None = None) -> None:
    """Let every district see all rows of a period from a timestamp on (None: now)."""
    from etl import warehouse

    with warehouse_writer() as connection:
        warehouse.publish(connection, period_code, released_at, reason, actor or current_user())
