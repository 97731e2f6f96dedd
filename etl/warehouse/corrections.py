"""Corrections by the province: audited records applied to reported values, as new versions of the facts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from etl.database import Connection, lock
from etl.decimals import format_decimal
from etl.errors import UsageError
from etl.warehouse.facts import reconcile

_CURRENT = """
SELECT o.submission_id, trim_scale(o.value), o.value_status, trim_scale(c.expected_value), c.expected_status
FROM warehouse.fact_observation AS o
INNER JOIN warehouse.dim_district AS d ON o.district_key = d.district_key
INNER JOIN warehouse.dim_period AS p ON o.period_key = p.period_key
INNER JOIN warehouse.dim_indicator AS i ON o.indicator_key = i.indicator_key
LEFT JOIN warehouse.correction AS c ON o.correction_id = c.correction_id
WHERE d.district_code = %s AND p.period_code = %s AND i.indicator_code = %s AND o.known_to = 'infinity'
"""
_ENTER = """
INSERT INTO warehouse.correction (
    district_code, period_code, indicator_code, from_value, from_status, expected_value, expected_status,
    value, value_status, reason, corrected_by
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING correction_id
"""
_COMPARED = """
SELECT DISTINCT ON (correction.indicator_code)
    observation.location,
    correction.indicator_code,
    coalesce(trim_scale(observation.value)::text, observation.value_status),
    coalesce(trim_scale(correction.expected_value)::text, correction.expected_status)
FROM warehouse.correction
INNER JOIN raw.submission
    ON correction.district_code = submission.district_code AND correction.period_code = submission.period_code
INNER JOIN staging.observation
    ON submission.submission_id = observation.submission_id AND correction.indicator_code = observation.indicator_code
WHERE submission.submission_id = %s
ORDER BY correction.indicator_code, correction.correction_id DESC
"""


@dataclass(frozen=True, slots=True)
class CellValue:
    """A number, or the status of a value that is missing (blank, not_applicable, not_done)."""

    value: Decimal | None
    status: str

    def __str__(self) -> str:
        return format_decimal(self.value) or self.status


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of one cell: `expect` is the current value, `to` the new one."""

    district_code: str
    period_code: str
    indicator_code: str
    expect: CellValue
    to: CellValue
    reason: str
    corrected_by: str


def correct(connection: Connection, correction: Correction) -> int:
    """Record a correction and open a new version of the fact; return the correction id.

    Raises UsageError if nothing is accepted for the cell, if its current value is not `expect`, or if the correction
    would change nothing.
    """
    key = (correction.district_code, correction.period_code, correction.indicator_code)
    lock(connection, f"facts.{correction.period_code}")
    row = connection.exec_driver_sql(_CURRENT, key).first()
    cell = f"{correction.indicator_code} of {correction.district_code} in {correction.period_code}"
    if row is None:
        raise UsageError(f"nothing is accepted for {cell}", "See `python -m etl status` for why")
    submission_id, current = row[0], CellValue(row[1], row[2])
    if current != correction.expect:
        raise UsageError(f"{cell} is {current}, not {correction.expect}", "Check the current value, then correct it")
    if current == correction.to:
        raise UsageError(f"{cell} is {current} already", "No correction is needed")
    reported = CellValue(row[3], row[4]) if row[4] else current
    values = [(value.value, value.status) for value in (current, reported, correction.to)]
    correction_id: int = connection.exec_driver_sql(
        _ENTER, (*key, *values[0], *values[1], *values[2], correction.reason, correction.corrected_by)
    ).scalar_one()
    reconcile(connection, [submission_id], actor=correction.corrected_by)
    return correction_id


def stale_corrections(connection: Connection, submission_id: int) -> list[tuple[str, str, str, str]]:
    """Return the latest corrections that do not apply to a submission, because it reports another value than expected:
    location, indicator, reported value, expected value.
    """
    rows = connection.exec_driver_sql(_COMPARED, (submission_id,)).fetchall()
    return [
        (location, indicator_code, reported, expected)
        for location, indicator_code, reported, expected in rows
        if reported != expected
    ]
