"""Puts what was read and found into staging, each submission whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from etl.database import Connection, copy_rows
from etl.findings import JudgedFinding
from etl.observations import Observation

_OBSERVATION = (
    "submission_id",
    "row_number",
    "reform_area_code",
    "item",
    "indicator_code",
    "label",
    "unit",
    "value",
    "value_status",
    "raw_value",
    "note",
    "location",
    "decision",
    "box",
    "confidence",
)
_FINDING = (
    "submission_id",
    "finding_number",
    "rule_code",
    "severity",
    "indicator_code",
    "location",
    "found",
    "expected",
    "difference",
    "message_vi",
    "message_en",
)


def stage_observations(connection: Connection, submission_id: int, rows: Iterable[Observation]) -> int:
    """Replaces the staged rows of a submission, in document order; returns how many there are."""
    return stage_reports(connection, [submission_id], [(submission_id, rows)])


def stage_reports(
    connection: Connection, submission_ids: Sequence[int], reports: Iterable[tuple[int, Iterable[Observation]]]
) -> int:
    """Replaces the staged rows of `submission_ids` by those of `reports`, in one COPY; returns how many there are.

    The reports are taken one at a time as they come: memory does not grow with their number.
    """
    with connection.cursor() as cursor:  # one by one: for many at once the planner may read all that was ever staged
        cursor.executemany(
            "DELETE FROM staging.observation WHERE submission_id = %s", [(each,) for each in submission_ids]
        )
    staged = (row for submission_id, rows in reports for row in _numbered(submission_id, rows))
    return copy_rows(connection, "staging.observation", _OBSERVATION, staged)


def _numbered(submission_id: int, rows: Iterable[Observation]) -> Iterator[tuple[Any, ...]]:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        # A row printed twice is kept, but speaks for its indicator once: the first counts (rule row_twice).
        code = "" if row.indicator_code in seen else row.indicator_code
        seen.add(row.indicator_code)
        yield (
            submission_id,
            number,
            row.reform_area,
            row.item,
            code,
            row.label,
            row.unit,
            row.value or None,
            row.status,
            row.raw_value,
            row.note,
            row.location,
            row.decision,
            row.box,
            row.confidence,
        )


def stage_findings(connection: Connection, submission_id: int, findings: Iterable[JudgedFinding]) -> int:
    """Replaces the findings of a submission, in the order given; returns how many there are."""
    connection.execute("DELETE FROM staging.finding WHERE submission_id = %s", (submission_id,))
    rows = (
        (
            submission_id,
            number,
            judged.finding.rule_code,
            judged.severity,
            judged.finding.indicator_code,
            judged.finding.location,
            judged.finding.found,
            judged.finding.expected,
            judged.finding.difference,
            judged.message_vi,
            judged.message_en,
        )
        for number, judged in enumerate(findings, start=1)
    )
    return copy_rows(connection, "staging.finding", _FINDING, rows)
