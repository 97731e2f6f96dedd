"""Keeps the stored scores up to date: periods that changed are scored again, all in one transaction.

Readers see either the old rankings or the new ones: rows are replaced under PostgreSQL's row versions, and no table is
emptied in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from etl.database import Connection, execute_file, lock, query_file


def refresh_scores(connection: Connection, period_codes: Sequence[str] | None = None) -> list[str]:
    """Score the periods that are due, and those named; return the codes of the periods whose scores were written.

    The caller's transaction publishes them. A second refresh waits for the first.
    """
    lock(connection, "scores")
    if period_codes is not None:
        connection.exec_driver_sql(
            "INSERT INTO warehouse.score_due (period_code) SELECT unnest(%s::text[])", (list(period_codes),)
        )
    due = query_file(connection, "load/score_due.sql").fetchall()
    for (period_code, period_key, method_key), stages in groupby(due, key=itemgetter(0, 1, 2)):
        key = {"period_code": period_code, "period_key": period_key, "method_key": method_key}
        execute_file(connection, "load/score_clear.sql", key)
        for *_, stage_number in stages:
            if stage_number is not None:
                execute_file(connection, "load/score_period.sql", key | {"stage_number": stage_number})
    return sorted({period_code for period_code, *_ in due})


def refresh_statistics(connection: Connection) -> None:
    """Update the planner's statistics of scores and methods, as the owner of the tables.

    Without them the planner underestimates the nodes of a tree, and views that join trees may run for minutes.
    """
    connection.exec_driver_sql(
        "ANALYZE warehouse.score_detail, warehouse.score_district, warehouse.score_state, warehouse.scoring_method,"
        " warehouse.scoring_node, warehouse.scoring_operand"
    )


def refresh_rankings(connection: Connection) -> list[str]:
    """Refresh the scores that are due and the robustness of their ranks, so that readers see both of the same time."""
    from etl.ranking.robustness.refresh import refresh_robustness  # loads numpy

    period_codes = refresh_scores(connection)
    refresh_robustness(connection)
    return period_codes
