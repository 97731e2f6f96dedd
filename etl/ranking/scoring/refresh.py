"""Keeps the stored scores in step with the facts: the periods that changed are computed again, all in one transaction.

Readers see the rankings of before or those of after, never anything between: rows are replaced under their feet by
PostgreSQL's own versions, no table is ever emptied in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from etl.database import Connection, execute_file, lock, query_file

# Rankings are held in memory while they are computed: for a nation's period some thousand rows of a hundred numbers.
_AT_ONCE = 4


def refresh_scores(connection: Connection, period_codes: Sequence[str] | None = None) -> list[str]:
    """Computes what is due, or the named periods; returns the codes of the periods whose scores were written.

    The caller's transaction makes them visible, all at once. A second refresh waits for the first.
    """
    lock(connection, "scores")
    if period_codes is not None:
        connection.exec_driver_sql(
            "INSERT INTO warehouse.score_due (period_code) SELECT unnest(%s::text[])", (list(period_codes),)
        )
    due = query_file(connection, "load/score_due.sql").fetchall()
    for stage, periods in groupby(due, key=itemgetter(2, 3)):
        waiting = list(periods)
        for start in range(0, len(waiting), _AT_ONCE):
            _write(connection, waiting[start : start + _AT_ONCE], *stage)
    return sorted({period_code for period_code, *_ in due})


def _write(connection: Connection, due: Sequence[tuple[Any, ...]], method_key: int, stage_number: int | None) -> None:
    parameters: dict[str, Any] = {"method_key": method_key, "stage_number": stage_number}
    parameters |= {"period_codes": [one[0] for one in due], "period_keys": [one[1] for one in due]}
    execute_file(connection, "load/score_clear.sql", parameters)
    if stage_number is not None:
        execute_file(connection, "load/score_period.sql", parameters)


def refresh_statistics(connection: Connection) -> None:
    """The planner's statistics of scores and methods, as the owner of the tables.

    Without them it takes a tree's hundred numbers for one, and views that join trees may run for minutes.
    """
    connection.exec_driver_sql(
        "ANALYZE warehouse.score_detail, warehouse.score_district, warehouse.score_state, warehouse.scoring_method,"
        " warehouse.scoring_node, warehouse.scoring_ancestor, warehouse.scoring_operand, warehouse.scoring_status"
    )


def refresh_rankings(connection: Connection) -> list[str]:
    """Scores that are due, and how sure the ranks are that follow from them; readers see both of one moment."""
    from etl.ranking.robustness.drawing import refresh_robustness  # numpy is for those who draw

    period_codes = refresh_scores(connection)
    refresh_robustness(connection)
    return period_codes
