"""Reviewing the findings of a submission, and validating submissions again."""

from __future__ import annotations

from collections.abc import Sequence

from etl import database
from etl.database import Connection
from etl.errors import UsageError
from etl.findings import SEVERITIES, describe_location
from etl.operations import decisions
from etl.pipeline import prepare, refresh
from etl.pipeline.validate import validate_parsed
from etl.rules import load_rules
from etl.settings import current_user, load_settings
from etl.tables import Table

REVIEW_COLUMNS = (
    "severity",
    "rule_code",
    "location",
    "indicator_code",
    "found",
    "expected",
    "difference",
    "message_vi",
)
_READ_AGAIN = ("held", "rejected", "unreadable", "misfiled")
_IN_FORCE = ("accepted", "accepted_with_warnings")


def review(submission_id: int) -> tuple[str, Table]:
    """What a submission is and why, in a few lines, and all its findings in their order.

    Raises UsageError where there is none.
    """
    with database.connect(load_settings(), role="cchc_analyst") as connection:
        head = connection.exec_driver_sql(
            "SELECT s.file_name, coalesce(s.district_name, ''), coalesce(s.period_code, ''), s.status_name, s.status,"
            " s.status_reason, s.critical_count, s.warning_count, s.info_count"
            " FROM mart.submission AS s WHERE s.submission_id = %s",
            (submission_id,),
        ).fetchone()
        if head is None:
            raise UsageError(f"there is no submission {submission_id}", "mart.submission lists those that came")
        rows = connection.exec_driver_sql(
            "SELECT severity, rule_code, location, indicator_code, found, expected, difference, message_vi"
            " FROM mart.finding WHERE submission_id = %s ORDER BY finding_number",
            (submission_id,),
        ).fetchall()
        checks = connection.exec_driver_sql(
            "SELECT count(*), coalesce(sum(checked), 0), coalesce(sum(failed), 0) FROM mart.rule_result"
            " WHERE submission_id = %s",
            (submission_id,),
        ).fetchone()
    name, district, period, status_vi, status, reason, *counts = head
    told = [
        f"Bản nộp số {submission_id}: {name}",
        " · ".join(part for part in (district, period, f"{status_vi} ({status})") if part),
        *([f"Lý do: {reason}"] if reason else []),
        "Phát hiện: {} nghiêm trọng, {} cảnh báo, {} thông tin".format(*counts),
    ]
    if checks and checks[0]:
        told.append(f"Đã kiểm tra {checks[1]} ô theo {checks[0]} quy tắc; {checks[2]} ô không đạt")
    return "\n".join(told) + "\n", Table(REVIEW_COLUMNS, [tuple(row) for row in rows])


def replay(submission_ids: Sequence[int], period_code: str | None, reason: str, actor: str | None = None) -> Table:
    """Validate again after a rule, a waiver or a form changed: the submissions named, or all of a period.

    Submissions that are not accepted are also parsed again. A manual decision keeps its status, with updated findings.
    An accepted report is not parsed again; if it no longer passes, the report before it becomes current again.
    Returns the status of each before and after.
    """
    needs_reason(reason)
    if not submission_ids and not period_code:
        raise UsageError("no submission to validate again", "Give submission ids, or --period")
    prepare()
    by = actor or current_user()
    with database.connect(load_settings()) as connection:
        before = connection.exec_driver_sql(
            "SELECT submission_id, status FROM raw.submission"
            " WHERE (submission_id = ANY(%s) OR period_code = %s) AND status = ANY(%s) ORDER BY submission_id",
            (list(submission_ids), period_code, [*_IN_FORCE, *_READ_AGAIN]),
        ).fetchall()
        unknown = set(submission_ids) - {one for one, _ in before}
        if unknown:
            numbers = ", ".join(map(str, sorted(unknown)))
            raise UsageError(f"nothing to validate again in {numbers}", "See mart.submission for their status")
        decided = _decided_by_people(connection, [one for one, _ in before])
        _validate_current(connection, [one for one, status in before if status in _IN_FORCE], decided, reason, by)
    for submission_id, status in before:
        if status in _READ_AGAIN and submission_id not in decided:
            decisions.reread(submission_id, reason, by)
    refresh()
    with database.connect(load_settings()) as connection:
        after: dict[int, str] = dict(
            connection.exec_driver_sql(
                "SELECT submission_id, status FROM raw.submission WHERE submission_id = ANY(%s)",
                ([one for one, _ in before],),
            ).fetchall()
        )
    return Table(("submission_id", "before", "after"), [(one, status, after[one]) for one, status in before])


def _validate_current(
    connection: Connection, submission_ids: Sequence[int], decided: dict[int, str], reason: str, actor: str
) -> None:
    """Validate accepted reports in one transaction, so that no reader sees them missing meanwhile."""
    from etl import submissions, warehouse

    if not submission_ids:
        return
    database.lock(connection, "validate")
    before: dict[int, str] = dict(
        connection.exec_driver_sql(
            "SELECT submission_id, status_reason FROM raw.submission WHERE submission_id = ANY(%s)",
            (list(submission_ids),),
        ).fetchall()
    )
    for submission_id in submission_ids:
        submissions.set_status(connection, submission_id, "parsed", reason, actor)
    validate_parsed(connection, submission_ids, actor)
    for submission_id in submission_ids:
        if submission_id in decided:  # a manual decision is kept
            submissions.set_status(connection, submission_id, decided[submission_id], before[submission_id], actor)
    warehouse.reconcile(connection, submission_ids, actor=actor)


def _decided_by_people(connection: Connection, submission_ids: Sequence[int]) -> dict[int, str]:
    """Submissions whose status was decided manually: the event before it is not one of the pipeline."""
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


def needs_reason(reason: str) -> None:
    """Raises UsageError for a decision without a reason."""
    if not reason.strip():
        raise UsageError("a decision needs a reason", "Give it with --reason")


def for_reading(findings: Table) -> Table:
    """Findings with their cell in words, for people: the gravest first, without what the form itself misprints."""
    known = load_rules()
    places = {name: place for place, name in enumerate(findings.columns)}
    rows = [
        (row[places["severity"]], describe_location(row[places["location"]])[0], row[places["message_vi"]])
        for row in findings.rows
        if known[row[places["rule_code"]]].category != "form"
    ]
    rows.sort(key=lambda row: SEVERITIES.index(row[0]))
    return Table(("severity", "cell", "message"), rows)
