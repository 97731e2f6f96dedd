"""What a report needs to know, read from mart alone (sql/queries/reports), as the role that can read nothing else."""

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
    """A file that came. What could not be told of it (district, period) is None, as is what nobody judged yet."""

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
class FoundFault:
    """A finding with the names that people know."""

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
    """The rows of sql/queries/reports/`name`.sql by column."""
    return [dict(row) for row in query_file(connection, f"queries/reports/{name}.sql", codes).mappings()]


def submission(connection: Connection, submission_id: int) -> Submission:
    """One file that came. Raises UsageError where there is none with this number."""
    found = _read(connection, Submission, "submission", submission_id=submission_id)
    if not found:
        raise UsageError(f"there is no submission {submission_id}", "See `python -m etl status` for their numbers")
    return found[0]


def findings_of_submission(connection: Connection, submission_id: int) -> Sequence[FoundFault]:
    return _read(connection, FoundFault, "findings_of_submission", submission_id=submission_id)


def findings_of_period(connection: Connection, period_code: str) -> Sequence[FoundFault]:
    return _read(connection, FoundFault, "findings_of_period", period_code=period_code)
