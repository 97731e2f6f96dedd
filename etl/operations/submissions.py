"""Submissions: their history and findings, the decisions of a reviewer, and validating again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import load_catalogue
from etl.database import Connection
from etl.errors import UsageError, require_reason
from etl.operations.connections import mart_reader, warehouse_writer
from etl.pipeline import load, parse, refresh, validate
from etl.settings import current_user, load_settings
from etl.tables import Table

if TYPE_CHECKING:
    from etl.submissions import Decision

FINDING_COLUMNS = (
    "severity",
    "rule_code",
    "location",
    "indicator_code",
    "found",
    "expected",
    "difference",
    "message_vi",
)
_PARSED_AGAIN = ("held", "rejected", "unreadable", "misfiled")
_ACCEPTED = ("accepted", "accepted_with_warnings")


def accept(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Accept a submission that is held, rejected, a duplicate, superseded or withdrawn. Returns its events.

    Like all decisions it raises UsageError for an unknown submission, without a reason, or where it changes nothing.
    """
    from etl.submissions import decisions

    return _decide(lambda connection, by: decisions.accept(connection, submission_id, reason, by), actor)


def reject(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Send a submission back to its district. Returns its events."""
    return _turn_down(submission_id, "rejected", reason, actor)


def withdraw(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Record that the sender withdraws a submission. Returns its events."""
    return _turn_down(submission_id, "withdrawn", reason, actor)


def misfile(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Record that a submission belongs to another district or period than it claims. Returns its events."""
    return _turn_down(submission_id, "misfiled", reason, actor)


def _turn_down(submission_id: int, status: str, reason: str, actor: str | None) -> Table:
    from etl.submissions import decisions

    return _decide(lambda connection, by: decisions.turn_down(connection, submission_id, status, reason, by), actor)


def assign(
    submission_id: int, district_code: str | None, period_code: str | None, reason: str, actor: str | None = None
) -> Table:
    """Set the district or period of a submission, whatever its folder and title say. Returns its events.

    Raises UsageError for an unknown code, or if neither is given.
    """
    from etl.submissions import decisions

    if not (district_code or period_code):
        raise UsageError("Neither a district nor a period is given", "Use --district, --period or both")
    catalogue = load_catalogue(load_settings().catalogue)
    district = catalogue.district(district_code).district_code if district_code else ""
    period = catalogue.period(period_code).period.code if period_code else ""
    return _decide(
        lambda connection, by: decisions.assign(connection, submission_id, district, period, reason, by), actor
    )


def partial(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Let a submission change only the values that it contains. Returns its events."""
    return _set_scope(submission_id, True, reason, actor)


def whole(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Let a submission replace everything that its district reported before. Returns its events."""
    return _set_scope(submission_id, False, reason, actor)


def _set_scope(submission_id: int, is_partial: bool, reason: str, actor: str | None) -> Table:
    from etl.submissions.decisions import set_scope

    return _decide(
        lambda connection, by: set_scope(connection, submission_id, is_partial=is_partial, reason=reason, actor=by),
        actor,
    )


def reread(submission_id: int, reason: str, actor: str | None = None) -> Table:
    """Parse and validate a submission again, for example after fixing the catalogue. Returns its events."""
    from etl.submissions import decisions

    return _decide(lambda connection, by: decisions.reread(connection, submission_id, reason, by), actor)


def _decide(decision: Callable[[Connection, str], Decision], actor: str | None) -> Table:
    """Record a decision and settle what follows from it, in one transaction; then process what must be read again."""
    from etl import warehouse

    by = actor or current_user()
    with warehouse_writer() as connection:
        decided = decision(connection, by)
        warehouse.reconcile(connection, [decided.submission_id], actor=by)
        replaced = connection.exec_driver_sql(
            "SELECT s.submission_id FROM raw.submission AS s, raw.submission AS n WHERE n.submission_id = %s"
            " AND s.sha256 = n.sha256 AND s.submission_id < n.submission_id AND s.status = 'misfiled'",
            (decided.submission_id,),
        ).fetchall()
        warehouse.reconcile(connection, [submission_id for (submission_id,) in replaced], actor=by)
    if decided.must_reparse:
        parse([decided.submission_id])
        validate([decided.submission_id])
        load([decided.submission_id])
    refresh()
    return events(decided.submission_id)


def events(submission_id: int) -> Table:
    """Every status that a submission has had: when, why and by whom. Raises UsageError for an unknown submission."""
    with mart_reader() as connection:
        rows = connection.exec_driver_sql(
            "SELECT submission_id, happened_at, status, actor, reason FROM mart.submission_event"
            " WHERE submission_id = %s ORDER BY event_number",
            (submission_id,),
        ).fetchall()
    if not rows:
        raise _unknown(submission_id)
    return Table(("submission_id", "happened_at", "status", "actor", "reason"), [tuple(row) for row in rows])


def _unknown(submission_id: int) -> UsageError:
    return UsageError(f"Submission {submission_id} does not exist", "See mart.submission for the list")


def original(sha256: str) -> bytes:
    """The bytes of a file as received. Raises UsageError if the file store does not contain it."""
    from etl.submissions import file_store

    return file_store(load_settings()).get(sha256.strip().lower())


def review(submission_id: int) -> tuple[str, Table]:
    """A summary of a submission in Vietnamese, and all its findings. Raises UsageError for an unknown submission."""
    with mart_reader() as connection:
        head = connection.exec_driver_sql(
            "SELECT s.file_name, coalesce(s.district_name, ''), coalesce(s.period_code, ''), s.status_name, s.status,"
            " s.status_reason, s.critical_count, s.warning_count, s.info_count"
            " FROM mart.submission AS s WHERE s.submission_id = %s",
            (submission_id,),
        ).fetchone()
        if head is None:
            raise _unknown(submission_id)
        findings = connection.exec_driver_sql(
            f"SELECT {', '.join(FINDING_COLUMNS)} FROM mart.finding"  # noqa: S608 - our own column names
            " WHERE submission_id = %s ORDER BY finding_number",
            (submission_id,),
        ).fetchall()
        checks = connection.exec_driver_sql(
            "SELECT count(*), coalesce(sum(checked), 0), coalesce(sum(failed), 0) FROM mart.rule_result"
            " WHERE submission_id = %s",
            (submission_id,),
        ).fetchone()
    name, district, period, status_vi, status, reason, *counts = head
    lines = [
        f"Bản nộp số {submission_id}: {name}",
        " · ".join(part for part in (district, period, f"{status_vi} ({status})") if part),
        *([f"Lý do: {reason}"] if reason else []),
        "Phát hiện: {} nghiêm trọng, {} cảnh báo, {} thông tin".format(*counts),
    ]
    if checks and checks[0]:
        lines.append(f"Đã kiểm tra {checks[1]} ô theo {checks[0]} quy tắc; {checks[2]} ô không đạt")
    return "\n".join(lines), Table(FINDING_COLUMNS, [tuple(row) for row in findings])


def replay(submission_ids: Sequence[int], period_code: str | None, reason: str, actor: str | None = None) -> Table:
    """Validate again, after a rule, a waiver or a form has changed: these submissions, or all of a period.

    Submissions that are not accepted are parsed again too. Manual decisions stay, with their findings brought up to
    date. Accepted submissions keep their parsed values; one that no longer passes is taken out, and the previous report
    becomes current again. Returns each submission with its status before and after.
    """
    require_reason(reason)
    if not submission_ids and not period_code:
        raise UsageError("There is nothing to validate again", "Name submissions, or a period with --period")
    by = actor or current_user()
    with warehouse_writer() as connection:
        before = _replayed(connection, submission_ids, period_code)
        manual = _manually_decided(connection, list(before))
        accepted = [submission_id for submission_id, status in before.items() if status in _ACCEPTED]
        _validate_accepted(connection, accepted, manual, reason, by)
    for submission_id, status in before.items():
        if status in _PARSED_AGAIN and submission_id not in manual:
            reread(submission_id, reason, by)
    refresh()
    with mart_reader() as connection:
        after: dict[int, str] = dict(
            connection.exec_driver_sql(
                "SELECT submission_id, status FROM mart.submission WHERE submission_id = ANY(%s)", (list(before),)
            ).fetchall()
        )
    return Table(("submission_id", "before", "after"), [(number, before[number], after[number]) for number in before])


def _replayed(connection: Connection, submission_ids: Sequence[int], period_code: str | None) -> dict[int, str]:
    """The status of each submission to validate again. Raises UsageError for one that cannot be."""
    rows = connection.exec_driver_sql(
        "SELECT submission_id, status FROM raw.submission"
        " WHERE (submission_id = ANY(%s) OR period_code = %s) AND status = ANY(%s) ORDER BY submission_id",
        (list(submission_ids), period_code, [*_ACCEPTED, *_PARSED_AGAIN]),
    ).fetchall()
    statuses: dict[int, str] = dict(rows)
    unknown = sorted(set(submission_ids) - set(statuses))
    if unknown:
        numbers = ", ".join(map(str, unknown))
        raise UsageError(f"Submissions that cannot be validated again: {numbers}", "mart.submission has their status")
    return statuses


def _validate_accepted(
    connection: Connection, submission_ids: Sequence[int], manual: dict[int, str], reason: str, actor: str
) -> None:
    """Validate accepted submissions in one transaction, so that readers never see a current report missing."""
    from etl import submissions, warehouse
    from etl.pipeline.validate import validate_parsed

    if not submission_ids:
        return
    database.lock(connection, "validate")
    reasons: dict[int, str] = dict(
        connection.exec_driver_sql(
            "SELECT submission_id, status_reason FROM raw.submission WHERE submission_id = ANY(%s)",
            (list(submission_ids),),
        ).fetchall()
    )
    for submission_id in submission_ids:
        submissions.set_status(connection, submission_id, "parsed", reason, actor)
    validate_parsed(connection, submission_ids, actor)
    for submission_id in submission_ids:
        if submission_id in manual:
            submissions.set_status(connection, submission_id, manual[submission_id], reasons[submission_id], actor)
    warehouse.reconcile(connection, submission_ids, actor=actor)


def _manually_decided(connection: Connection, submission_ids: Sequence[int]) -> dict[int, str]:
    """The submissions whose status a person decided: it does not directly follow a validation."""
    rows = connection.exec_driver_sql(
        "SELECT submission_id, status FROM (SELECT e.submission_id, e.status, e.submission_event_id,"
        " lag(e.status) OVER w AS before, max(e.submission_event_id) OVER (PARTITION BY e.submission_id) AS last_id"
        " FROM raw.submission_event AS e WHERE e.submission_id = ANY(%s)"
        " WINDOW w AS (PARTITION BY e.submission_id ORDER BY e.submission_event_id)) AS event"
        " WHERE submission_event_id = last_id AND before NOT IN ('received', 'parsed', 'superseded')"
        " AND status IN ('accepted', 'accepted_with_warnings', 'rejected')",
        (list(submission_ids),),
    ).fetchall()
    return dict(rows)
