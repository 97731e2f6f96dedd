"""What a person decides about a submission, and all that follows from it: read, judged, loaded or settled at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import load_catalogue
from etl.database import Connection
from etl.errors import UsageError
from etl.pipeline import load, parse, prepare, refresh, validate
from etl.settings import current_user, load_settings
from etl.tables import Table

if TYPE_CHECKING:
    from etl.submissions import Decision


def accept(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """This one holds, though it is held, rejected, a duplicate, superseded or withdrawn. Returns its history."""
    from etl.submissions import decisions

    return _carry_out(lambda connection, by: decisions.accept(connection, submission_id, reason, by), actor)


def turn_down(submission_id: int, status: str, reason: str, actor: str | None = None) -> Table:
    """It no longer counts: `withdrawn` by its sender, `rejected` by the department, or `misfiled`."""
    from etl.submissions import decisions

    return _carry_out(lambda connection, by: decisions.turn_down(connection, submission_id, status, reason, by), actor)


def assign(
    submission_id: int, district_code: str | None, period_code: str | None, reason: str, actor: str | None = None
) -> Table:
    """It is of this district or period, whatever its folder and its title say.

    Raises UsageError for an unknown code, or where none is given.
    """
    from etl.submissions import decisions

    if not (district_code or period_code):
        raise UsageError("nothing is assigned", "Give --district, --period or both")
    catalogue = load_catalogue(load_settings().catalogue)
    district = catalogue.district(district_code).district_code if district_code else ""
    period = catalogue.period(period_code).period.code if period_code else ""
    return _carry_out(
        lambda connection, by: decisions.assign(connection, submission_id, district, period, reason, by), actor
    )


def set_scope(submission_id: int, *, is_partial: bool, reason: str, actor: str | None = None) -> Table:
    """It changes only what it says (partial), or replaces all that was said before (whole)."""
    from etl.submissions import decisions

    return _carry_out(
        lambda connection, by: decisions.set_scope(
            connection, submission_id, is_partial=is_partial, reason=reason, actor=by
        ),
        actor,
    )


def reread(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """It is read and judged again, as after mending the catalogue."""
    from etl.submissions import decisions

    return _carry_out(lambda connection, by: decisions.reread(connection, submission_id, reason, by), actor)


def _carry_out(decide: Callable[[Connection, str], Decision], actor: str | None) -> Table:
    from etl import warehouse

    by = actor or current_user()
    prepare()
    with database.connect(load_settings()) as connection:
        decision = decide(connection, by)
        warehouse.reconcile(connection, [decision.submission_id], actor=by)
        replaced = connection.exec_driver_sql(
            "SELECT s.submission_id FROM raw.submission AS s, raw.submission AS n WHERE n.submission_id = %s"
            " AND s.sha256 = n.sha256 AND s.submission_id < n.submission_id AND s.status = 'misfiled'",
            (decision.submission_id,),
        ).fetchall()
        warehouse.reconcile(connection, [submission_id for (submission_id,) in replaced], actor=by)
    if decision.must_reparse:
        parse([decision.submission_id])
        validate([decision.submission_id])
        load([decision.submission_id])
    refresh()
    return events(decision.submission_id)


def events(submission_id: int) -> Table:
    """Every status that a submission ever had: when, why and by whom. Raises UsageError where there is none."""
    with database.connect(load_settings(), role="cchc_analyst") as connection:
        rows = connection.exec_driver_sql(
            "SELECT e.submission_id, e.happened_at, e.status, e.actor, e.reason FROM mart.submission_event AS e"
            " WHERE e.submission_id = %s ORDER BY e.event_number",
            (submission_id,),
        ).fetchall()
    if not rows:
        raise UsageError(f"there is no submission {submission_id}", "mart.submission lists those that came")
    return Table(("submission_id", "happened_at", "status", "actor", "reason"), [tuple(row) for row in rows])
