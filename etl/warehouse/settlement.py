"""What holds for a district and period is worked out anew from all that was accepted and not taken back.

Needed where "the newer replaces the older" is not enough: partial corrections, withdrawals, a person's word. The
facts are then made equal to what the versions in force say together: closed, opened, never changed (ADR 0011).
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.database import Connection, execute_file, query_file
from etl.settings import current_user

_STEPS = ("settled", "held", "version", "fact_submission", "said", "corrected")


def settle(connection: Connection, submission_ids: Sequence[int], *, actor: str | None = None) -> tuple[int, int, int]:
    """Settles the districts and periods of the submissions; returns facts opened, closed, unchanged.

    Corrections by the province are laid over what the versions say. The submissions need not be accepted: after a
    withdrawal what stood before it stands again. A second call changes nothing. One transaction (a savepoint within
    the caller's).
    """
    if not submission_ids:
        return 0, 0, 0
    parameters = {"submission_ids": list(submission_ids), "actor": actor or current_user()}
    with connection.begin_nested():
        execute_file(connection, "load/period_lock.sql", parameters)
        execute_file(connection, "load/settle/tables.sql")
        for step in _STEPS:
            execute_file(connection, f"load/settle/{step}.sql", parameters)
            if step in ("version", "said"):
                connection.exec_driver_sql("ANALYZE pg_temp.settled, pg_temp.version, pg_temp.said")
        said = connection.exec_driver_sql("SELECT count(*) FROM pg_temp.said").fetchone()
        closed = execute_file(connection, "load/settle/close_observation.sql")
        ((opened,),) = query_file(connection, "load/settle/open_observation.sql")
        execute_file(connection, "load/settle/status.sql", parameters)
        connection.exec_driver_sql("DROP TABLE pg_temp.settled, pg_temp.version, pg_temp.said")
        execute_file(connection, "load/replaces.sql", parameters)
        execute_file(connection, "load/score_mark.sql", parameters)
    return opened, closed, (said[0] if said else 0) - opened
