"""Queries of the reports (sql/queries/reports). They read mart only, with a role that has no other access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from etl.database import Connection, query_file
from etl.errors import UsageError
from etl.findings import Severity

ROLE = "cchc_analyst"
Rows = list[dict[str, Any]]
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission. District and period are None if unknown."""

    submission_id: int
    district_code: str | None
    district_name: str | None
    period_code: str | None
    period_name: str | None
    due_at: datetime | None
    received_at: datetime
    is_timely: bool | None
    status: str
    status_name: str
    status_reason: str
    duplicate_of: int | None
    file_name: str
    sha256: str
    channel: str
    document_no: str
    signed_on: date | None
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class SubmissionFinding:
    """A finding with the names of its rule's indicator."""

    submission_id: int
    rule_code: str
    severity: Severity
    indicator_code: str
    indicator_name: str
    indicator_name_en: str
    location: str
    found: str
    expected: str
    message_vi: str
    message_en: str


def _read(connection: Connection, shape: type[_Row], name: str, **codes: Any) -> list[_Row]:
    return [shape(**row) for row in rows(connection, name, **codes)]


def rows(connection: Connection, name: str, **codes: Any) -> Rows:
    """Run sql/queries/reports/`name`.sql and return its rows as dictionaries."""
    return [dict(row) for row in query_file(connection, f"queries/reports/{name}.sql", codes).mappings()]


def submission(connection: Connection, submission_id: int) -> Submission:
    """Return one submission. Raises UsageError if it does not exist."""
    submissions = _read(connection, Submission, "submission", submission_id=submission_id)
    if not submissions:
        raise UsageError(f"Submission {submission_id} does not exist", "See `python -m etl status` for the list")
    return submissions[0]


def findings_of_submission(connection: Connection, submission_id: int) -> Sequence[SubmissionFinding]:
    return _read(connection, SubmissionFinding, "findings_of_submission", submission_id=submission_id)


def findings_of_period(connection: Connection, period_code: str) -> Sequence[SubmissionFinding]:
    return _read(connection, SubmissionFinding, "findings_of_period", period_code=period_code)
