"""Corrections by the province: audited records laid over what reports say, as new versions of the facts."""

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


@dataclass(frozen=True, slots=True)
class Said:
    """A number, or the kind of absence that stands in its place (blank, not_applicable, not_done)."""

    value: Decimal | None
    status: str

    def __str__(self) -> str:
        return format_decimal(self.value) or self.status


@dataclass(frozen=True, slots=True)
class Correction:
    """What the province knows better: `expect` is what is known now, `to` what holds instead."""

    district_code: str
    period_code: str
    indicator_code: str
    expect: Said
    to: Said
    reason: str
    corrected_by: str


def correct(connection: Connection, correction: Correction) -> int:
    """Enters a correction and makes the facts say so: the old version is closed, a new one opened. Returns its number.

    Raises UsageError where nothing is known of the cell, where something else is known than `expect` says, and where
    the correction would change nothing.
    """
    one = correction
    lock(connection, f"facts.{one.period_code}")
    row = connection.exec_driver_sql(_CURRENT, (one.district_code, one.period_code, one.indicator_code)).fetchone()
    cell = f"{one.indicator_code} of {one.district_code} in {one.period_code}"
    if row is None:
        raise UsageError(f"nothing is accepted for {cell}", "See `python -m etl status` for why")
    submission_id, known = row[0], Said(row[1], row[2])
    if known != one.expect:
        raise UsageError(f"{cell} is {known}, not {one.expect}", "Look at it again, and correct what is there now")
    if known == one.to:
        raise UsageError(f"{cell} is {known} already", "Nothing is to be done")
    reported = Said(row[3], row[4]) if row[4] else known
    entered = connection.exec_driver_sql(
        _ENTER,
        (
            one.district_code,
            one.period_code,
            one.indicator_code,
            known.value,
            known.status,
            reported.value,
            reported.status,
            one.to.value,
            one.to.status,
            one.reason,
            one.corrected_by,
        ),
    ).fetchone()
    assert entered is not None, "INSERT … RETURNING gives a row"
    reconcile(connection, [submission_id], actor=one.corrected_by)
    return int(entered[0])


def corrections_that_fit_no_more(connection: Connection, submission_id: int) -> list[tuple[str, str, str, str]]:
    """Corrections that do nothing for a submission: location, indicator, what it says, what the correction expects.

    Of each cell the last one counts.
    """
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT ON (c.indicator_code) o.location, c.indicator_code,"
        " coalesce(trim_scale(o.value)::text, o.value_status),"
        " coalesce(trim_scale(c.expected_value)::text, c.expected_status)"
        " FROM warehouse.correction AS c INNER JOIN raw.submission AS s"
        " ON c.district_code = s.district_code AND c.period_code = s.period_code"
        " INNER JOIN staging.observation AS o"
        " ON s.submission_id = o.submission_id AND c.indicator_code = o.indicator_code"
        " WHERE s.submission_id = %s ORDER BY c.indicator_code, c.correction_id DESC",
        (submission_id,),
    ).fetchall()
    return [(location, code, said, expected) for location, code, said, expected in rows if said != expected]
