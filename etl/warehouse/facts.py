"""Accepted submissions become facts: what is new is opened, what is no longer true is closed, nothing is overwritten.

All is done in SQL (sql/load), over any number of submissions at once; the same load again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.database import Connection, execute_file, query_file
from etl.settings import current_user
from etl.warehouse.settlement import settle


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """Facts opened and closed by a load, and those that were known already."""

    opened: int = 0
    closed: int = 0
    unchanged: int = 0

    def __add__(self, other: LoadCounts) -> LoadCounts:
        return LoadCounts(self.opened + other.opened, self.closed + other.closed, self.unchanged + other.unchanged)


def load_accepted(connection: Connection, submission_ids: Sequence[int], *, actor: str | None = None) -> LoadCounts:
    """Loads those of the submissions that are accepted, each whole, from staging into the facts.

    The predecessor of a district and period becomes `superseded`; a submission older than the current version does so
    itself and changes no fact; one that says the same as that version is a `duplicate` of it, by the hash of its
    facts; one that is neither older nor newer is `held`. Others are left alone. All of the call is one transaction (a
    savepoint within the caller's).
    """
    with connection.begin_nested():
        parameters = {"submission_ids": list(submission_ids)}
        execute_file(connection, "load/period_lock.sql", parameters)
        apart = {one for (one,) in query_file(connection, "load/settle/apart_submission.sql", parameters)}
        counts = LoadCounts(*settle(connection, sorted(apart), actor=actor))
        parameters["submission_ids"] = [one for one in submission_ids if one not in apart]
        rounds: list[list[int]] = [ids for (ids,) in query_file(connection, "load/round.sql", parameters)]
        counts = sum((_load_round(connection, ids, actor or current_user()) for ids in rounds), counts)
        execute_file(connection, "load/replaces.sql", parameters)
        return counts


def waiting_batches(connection: Connection, limit_to: Sequence[int] | None = None) -> list[list[int]]:
    """The accepted submissions whose facts are not in the warehouse yet, among `limit_to` or all, a batch a period.

    A period is never split, so that versions of one report come in their order; batches may be loaded side by side.
    """
    return [ids for (ids,) in query_file(connection, "load/waiting_submission.sql", {"limit_to": limit_to})]


def refresh(connection: Connection) -> None:
    """Brings what is derived from the facts up to date: the planner's statistics; etl.ranking does the scores."""
    connection.exec_driver_sql(
        "ANALYZE raw.submission, staging.appendix, staging.layout, staging.placement, warehouse.fact_submission,"
        " warehouse.fact_observation"
    )


def _load_round(connection: Connection, submission_ids: list[int], actor: str) -> LoadCounts:
    execute_file(connection, "load/candidate_table.sql")
    execute_file(connection, "load/candidate.sql", {"submission_ids": submission_ids})
    connection.exec_driver_sql("ANALYZE pg_temp.candidate")  # else the planner takes it for a thousand rows
    execute_file(connection, "load/fact_submission.sql")
    closed = execute_file(connection, "load/close_observation.sql")
    ((opened,),) = query_file(connection, "load/open_observation.sql")
    ((unchanged,),) = query_file(connection, "load/unchanged_observation.sql")
    execute_file(connection, "load/replaced_submission.sql", {"actor": actor})
    connection.exec_driver_sql("DROP TABLE pg_temp.candidate")
    return LoadCounts(opened, closed, unchanged)
