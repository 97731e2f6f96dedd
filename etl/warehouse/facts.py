"""Loading: accepted submissions become facts, and facts follow every later change of what is accepted.

One path for every event (a new report, a partial one, a withdrawal, a manual decision, a correction): update the
status of the versions concerned, then make the current facts equal to what the versions in force report. Facts are
bitemporal: versions are closed and opened, never overwritten (docs/adr/0014-one-loading-path.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.database import Connection, execute_file, lock, query_file
from etl.findings import Finding
from etl.rules import render_finding
from etl.settings import current_user


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """Numbers of fact versions that a load opened and closed."""

    opened: int = 0
    closed: int = 0

    def __add__(self, other: LoadCounts) -> LoadCounts:
        return LoadCounts(self.opened + other.opened, self.closed + other.closed)


def waiting_batches(connection: Connection, limit_to: Sequence[int] | None = None) -> list[list[int]]:
    """Return the accepted submissions that are not loaded yet (among `limit_to`, if given), one batch per period.

    Batches can be loaded in parallel. A period is never split, so that its versions are loaded in order.
    """
    return [ids for (ids,) in query_file(connection, "queries/waiting_submissions.sql", {"limit_to": limit_to})]


def load_accepted(connection: Connection, submission_ids: Sequence[int], *, actor: str | None = None) -> LoadCounts:
    """Load the accepted submissions among `submission_ids` that are not loaded yet, oldest first, in one transaction.

    A submission that repeats the current version becomes its `duplicate`; one that is neither older nor newer than
    another is `held`; an older one is `superseded` at once. Idempotent.
    """
    counts = LoadCounts()
    with connection.begin_nested():
        _lock_periods(connection, submission_ids)
        rounds = query_file(connection, "queries/load_rounds.sql", {"submission_ids": list(submission_ids)})
        for (round_ids,) in rounds.fetchall():
            counts += reconcile(connection, round_ids, actor=actor)
    return counts


def reconcile(connection: Connection, submission_ids: Sequence[int], *, actor: str | None = None) -> LoadCounts:
    """Make the facts of the submissions' districts and periods equal to what is accepted there, in one transaction.

    Call it after any change of what counts: an acceptance, a withdrawal, a changed scope, a correction. Idempotent.
    """
    parameters = {"submission_ids": list(submission_ids)}
    with connection.begin_nested():
        _lock_periods(connection, submission_ids)
        changed = _update_versions(connection, parameters, actor or current_user())
        parameters["submission_ids"] += changed
        ((opened, closed),) = query_file(connection, "load/reconcile_facts.sql", parameters)
        execute_file(connection, "load/submission_replaces.sql", parameters)
    return LoadCounts(opened, closed)


def _lock_periods(connection: Connection, submission_ids: Sequence[int]) -> None:
    """One load at a time per period: concurrent loads of a district would both find the same current version."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT period_code FROM raw.submission WHERE submission_id = ANY(%s) ORDER BY period_code",
        (list(submission_ids),),
    ).fetchall()
    for (period_code,) in rows:
        lock(connection, f"facts.{period_code}")


def _update_versions(connection: Connection, parameters: dict[str, list[int]], actor: str) -> list[int]:
    """Set the status of every version that a change puts in or out of force; return their ids."""
    changes = query_file(connection, "queries/version_changes.sql", parameters).fetchall()
    if not changes:
        return []
    reasons = [render_finding(Finding(rule, found=str(other_id))).message_vi for _, _, rule, other_id in changes]
    connection.exec_driver_sql(
        "SELECT raw.set_statuses(%s, %s, %s, %s, %s::bigint[])",
        (
            [submission_id for submission_id, _, _, _ in changes],
            [status for _, status, _, _ in changes],
            reasons,
            actor,
            [other_id if status == "duplicate" else None for _, status, _, other_id in changes],
        ),
    )
    return [submission_id for submission_id, _, _, _ in changes]


def refresh(connection: Connection) -> None:
    """Update the planner's statistics of the tables that a load fills."""
    connection.exec_driver_sql(
        "ANALYZE raw.submission, staging.appendix, staging.layout, staging.placement, warehouse.fact_submission,"
        " warehouse.fact_observation"
    )
