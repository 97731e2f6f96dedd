"""What a person decides about a submission: who, when and why is kept, and nothing that was known is undone."""

from __future__ import annotations

from dataclasses import dataclass

from etl.database import Connection
from etl.errors import UsageError

ACCEPTED = ("accepted", "accepted_with_warnings")
_FINAL_FOR_REREADING = (*ACCEPTED, "superseded")


# As if signed on the last day on which any version of its district and period was, and received now. A duplicate was
# never read: its first file says when it was signed and of what it is.
_COUNTS_AS_NEWEST = """
UPDATE raw.submission AS s SET
    counts_as_received_at = transaction_timestamp(),
    counts_as_signed_on = (
        SELECT max(coalesce(
            o.counts_as_signed_on, o.signed_on, (o.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        ))
        FROM raw.submission AS same
        INNER JOIN raw.submission AS o
            ON o.submission_id = same.submission_id
            OR (
                o.district_code = same.district_code
                AND o.period_code = same.period_code
                AND o.status IN ('accepted', 'accepted_with_warnings', 'superseded')
            )
        WHERE same.sha256 = s.sha256 AND (same.submission_id = s.submission_id OR same.facts_sha256 IS NOT NULL)
            AND (o.submission_id <> s.submission_id OR o.facts_sha256 IS NOT NULL)
    )
WHERE s.submission_id = %(submission_id)s
"""


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from a decision: the submission to go on with, and whether it is read again or settled."""

    submission_id: int
    is_to_be_read: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    status: str
    has_warnings: bool
    was_accepted: bool
    is_complete: bool


def _known(connection: Connection, submission_id: int) -> _Known:
    row = connection.exec_driver_sql(
        "SELECT s.status, EXISTS (SELECT FROM staging.finding AS f WHERE f.submission_id = s.submission_id"
        " AND f.severity <> 'info'), EXISTS (SELECT FROM raw.submission_event AS e"
        " WHERE e.submission_id = s.submission_id AND e.status IN ('accepted', 'accepted_with_warnings')),"
        " s.district_code IS NOT NULL AND s.period_code IS NOT NULL AND s.form_code IS NOT NULL"
        " FROM raw.submission AS s WHERE s.submission_id = %s FOR UPDATE",
        (submission_id,),
    ).fetchone()
    if row is None:
        raise UsageError(f"there is no submission {submission_id}", "mart.submission lists those that came")
    return _Known(*row)


def _set_status(connection: Connection, submission_id: int, status: str, reason: str, actor: str) -> None:
    connection.exec_driver_sql("SELECT raw.set_status(%s, %s, %s, %s)", (submission_id, status, reason, actor))


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("a decision needs a reason", "Give one with --reason")


def accept(connection: Connection, submission_id: int, reason: str, actor: str) -> Decided:
    """This one holds: it counts as newer than all that came before now. One that was not judged is judged first.

    Raises UsageError where it is accepted already, or nobody can tell of what district, period or form it is.
    """
    _needs_reason(reason)
    known = _known(connection, submission_id)
    if known.status in ACCEPTED:
        raise UsageError(f"submission {submission_id} is accepted already", "Nothing is to be done")
    if known.status in ("unreadable", "misfiled", "received", "parsed"):
        raise UsageError(
            f"submission {submission_id} is {known.status}: nobody knows what it says of whom",
            "Use assign, or reread after mending the catalogue",
        )
    connection.exec_driver_sql(_COUNTS_AS_NEWEST, {"submission_id": submission_id})
    if known.status == "duplicate" or (known.status == "withdrawn" and not known.was_accepted):
        _set_status(connection, submission_id, "received", reason, actor)
        return Decided(submission_id, is_to_be_read=True)
    if not known.is_complete:
        raise UsageError(f"the form of submission {submission_id} is unknown", "Add it to the catalogue and use reread")
    _set_status(
        connection, submission_id, "accepted_with_warnings" if known.has_warnings else "accepted", reason, actor
    )
    return Decided(submission_id)


def turn_down(connection: Connection, submission_id: int, status: str, reason: str, actor: str) -> Decided:
    """Takes a submission out of what counts, as `withdrawn`, `rejected` or `misfiled`; what stood before it stands."""
    _needs_reason(reason)
    if _known(connection, submission_id).status == status:
        raise UsageError(f"submission {submission_id} is {status} already", "Nothing is to be done")
    _set_status(connection, submission_id, status, reason, actor)
    return Decided(submission_id)


def assign(
    connection: Connection, submission_id: int, district_code: str, period_code: str, reason: str, actor: str
) -> Decided:
    """Says of which district or period a submission is (empty: as it was), and has it read again.

    One that was accepted under another is misfiled, with what follows from that, and its file entered anew: what was
    known of it stays told as it was.
    """
    _needs_reason(reason)
    known = _known(connection, submission_id)
    if known.was_accepted:
        _set_status(connection, submission_id, "misfiled", reason, actor)
        row = connection.exec_driver_sql(
            "INSERT INTO raw.submission (sha256, source_url, file_name, channel, received_at, declared_district_code,"
            " declared_period_code, assigned_district_code, assigned_period_code, decided_scope)"
            " SELECT sha256, source_url || '#assigned-' || (SELECT count(*) + 1 FROM raw.submission AS o"
            " WHERE o.sha256 = s.sha256), file_name, channel, received_at, declared_district_code,"
            " declared_period_code, coalesce(nullif(%s, ''), assigned_district_code),"
            " coalesce(nullif(%s, ''), assigned_period_code), decided_scope"
            " FROM raw.submission AS s WHERE submission_id = %s RETURNING submission_id",
            (district_code, period_code, submission_id),
        ).fetchone()
        assert row is not None, "the submission was just locked"
        submission_id = row[0]
    else:
        connection.exec_driver_sql(
            "UPDATE raw.submission SET assigned_district_code = coalesce(nullif(%s, ''), assigned_district_code),"
            " assigned_period_code = coalesce(nullif(%s, ''), assigned_period_code) WHERE submission_id = %s",
            (district_code, period_code, submission_id),
        )
    _set_status(connection, submission_id, "received", reason, actor)
    return Decided(submission_id, is_to_be_read=True)


def set_scope(connection: Connection, submission_id: int, *, is_partial: bool, reason: str, actor: str) -> Decided:
    """Says whether a submission changes only what it says or replaces all, whatever its title says."""
    _needs_reason(reason)
    known = _known(connection, submission_id)
    connection.exec_driver_sql(
        "UPDATE raw.submission SET decided_scope = %s, is_partial = %s WHERE submission_id = %s",
        ("partial" if is_partial else "whole", is_partial, submission_id),
    )
    if known.status in _FINAL_FOR_REREADING:
        _set_status(connection, submission_id, known.status, reason, actor)
        return Decided(submission_id)
    _set_status(connection, submission_id, "received", reason, actor)
    return Decided(submission_id, is_to_be_read=True)


def reread(connection: Connection, submission_id: int, reason: str, actor: str) -> Decided:
    """Has a submission that does not count read and judged again, as after mending the catalogue.

    Raises UsageError for one whose facts are known: they stay what was read then.
    """
    _needs_reason(reason)
    known = _known(connection, submission_id)
    if known.was_accepted:
        raise UsageError(f"submission {submission_id} was accepted once", "What was known of it stays as it was read")
    _set_status(connection, submission_id, "received", reason, actor)
    return Decided(submission_id, is_to_be_read=True)
