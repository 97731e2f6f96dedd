"""Manual decisions about a submission. Each keeps its author, time and reason, and nothing known before is changed."""

from __future__ import annotations

from dataclasses import dataclass

from etl.database import Connection, execute_file
from etl.errors import UsageError, require_reason
from etl.submissions.register import set_status

ACCEPTED = ("accepted", "accepted_with_warnings")
_NOT_PARSED = ("unreadable", "misfiled", "received", "parsed")


@dataclass(frozen=True, slots=True)
class Decision:
    """The submission that a decision leads to, and whether it must be parsed again before it is settled."""

    submission_id: int
    must_reparse: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    status: str
    has_warnings: bool
    was_accepted: bool
    is_complete: bool
    """Whether its district, period and form are known."""


def accept(connection: Connection, submission_id: int, reason: str, actor: str) -> Decision:
    """Accept a submission as newer than all received before; one that was never validated is parsed first.

    Raises UsageError if it is already accepted, or if its district, period or form is unknown.
    """
    state = _lock_state(connection, submission_id, reason)
    if state.status in ACCEPTED:
        raise UsageError(f"Submission {submission_id} is already accepted", "Nothing to do")
    if state.status in _NOT_PARSED:
        raise UsageError(
            f"Submission {submission_id} is {state.status}: its district, period or content is unknown",
            "Use assign, or reread after fixing the catalogue",
        )
    execute_file(connection, "load/submission_counts_as_newest.sql", {"submission_id": submission_id})
    if state.status == "duplicate" or (state.status == "withdrawn" and not state.was_accepted):
        return _reparse(connection, submission_id, reason, actor)
    if not state.is_complete:
        raise UsageError(f"The form of submission {submission_id} is unknown", "Add it to the catalogue and use reread")
    status = "accepted_with_warnings" if state.has_warnings else "accepted"
    set_status(connection, submission_id, status, reason, actor)
    return Decision(submission_id)


def turn_down(connection: Connection, submission_id: int, status: str, reason: str, actor: str) -> Decision:
    """Mark a submission `withdrawn`, `rejected` or `misfiled`; the previous report becomes current again."""
    if _lock_state(connection, submission_id, reason).status == status:
        raise UsageError(f"Submission {submission_id} is already {status}", "Nothing to do")
    set_status(connection, submission_id, status, reason, actor)
    return Decision(submission_id)


def assign(
    connection: Connection, submission_id: int, district_code: str, period_code: str, reason: str, actor: str
) -> Decision:
    """Assign a submission to a district or period (empty: unchanged) and parse it again.

    If it was accepted for another one, it becomes misfiled and its file is registered as a new submission: the history
    of what was known stays as it was.
    """
    parameters = {"submission_id": submission_id, "district_code": district_code, "period_code": period_code}
    if _lock_state(connection, submission_id, reason).was_accepted:
        set_status(connection, submission_id, "misfiled", reason, actor)
        submission_id = connection.exec_driver_sql(
            "INSERT INTO raw.submission (sha256, source_url, file_name, channel, received_at, declared_district_code,"
            " declared_period_code, assigned_district_code, assigned_period_code, decided_scope)"
            " SELECT sha256, source_url || '#assigned-' || (SELECT count(*) + 1 FROM raw.submission AS same"
            " WHERE same.sha256 = misfiled.sha256), file_name, channel, received_at, declared_district_code,"
            " declared_period_code, coalesce(nullif(%(district_code)s, ''), assigned_district_code),"
            " coalesce(nullif(%(period_code)s, ''), assigned_period_code), decided_scope"
            " FROM raw.submission AS misfiled WHERE submission_id = %(submission_id)s RETURNING submission_id",
            parameters,
        ).scalar_one()
    else:
        connection.exec_driver_sql(
            "UPDATE raw.submission SET"
            " assigned_district_code = coalesce(nullif(%(district_code)s, ''), assigned_district_code),"
            " assigned_period_code = coalesce(nullif(%(period_code)s, ''), assigned_period_code)"
            " WHERE submission_id = %(submission_id)s",
            parameters,
        )
    return _reparse(connection, submission_id, reason, actor)


def set_scope(connection: Connection, submission_id: int, *, is_partial: bool, reason: str, actor: str) -> Decision:
    """Decide whether a submission replaces all values or only those it contains, whatever its title says."""
    state = _lock_state(connection, submission_id, reason)
    connection.exec_driver_sql(
        "UPDATE raw.submission SET decided_scope = %s, is_partial = %s WHERE submission_id = %s",
        ("partial" if is_partial else "whole", is_partial, submission_id),
    )
    if state.status in (*ACCEPTED, "superseded"):
        set_status(connection, submission_id, state.status, reason, actor)
        return Decision(submission_id)
    return _reparse(connection, submission_id, reason, actor)


def reread(connection: Connection, submission_id: int, reason: str, actor: str) -> Decision:
    """Parse and validate a submission again, such as after fixing the catalogue.

    Raises UsageError if it was ever accepted: its facts stay what was read then.
    """
    if _lock_state(connection, submission_id, reason).was_accepted:
        raise UsageError(f"Submission {submission_id} was accepted once", "Its values stay as they were read")
    return _reparse(connection, submission_id, reason, actor)


def _lock_state(connection: Connection, submission_id: int, reason: str) -> _State:
    """Lock a submission and return its state. Raises UsageError if it does not exist or the decision has no reason."""
    require_reason(reason)
    row = connection.exec_driver_sql(
        "SELECT s.status, EXISTS (SELECT FROM staging.finding AS f WHERE f.submission_id = s.submission_id"
        " AND f.severity <> 'info'), EXISTS (SELECT FROM raw.submission_event AS e"
        " WHERE e.submission_id = s.submission_id AND e.status = ANY(%s)),"
        " s.district_code IS NOT NULL AND s.period_code IS NOT NULL AND s.form_code IS NOT NULL"
        " FROM raw.submission AS s WHERE s.submission_id = %s FOR UPDATE",
        (list(ACCEPTED), submission_id),
    ).first()
    if row is None:
        raise UsageError(f"Submission {submission_id} does not exist", "See mart.submission for the list")
    return _State(*row)


def _reparse(connection: Connection, submission_id: int, reason: str, actor: str) -> Decision:
    set_status(connection, submission_id, "received", reason, actor)
    return Decision(submission_id, must_reparse=True)
