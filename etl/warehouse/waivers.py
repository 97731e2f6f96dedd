"""Rule waivers: a rule is suspended until the end of a day, for one district, one indicator or everywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from etl.database import Connection


def grant_waiver(  # noqa: PLR0913, PLR0917 - the columns of a waiver
    connection: Connection,
    rule_code: str,
    district_code: str,
    indicator_code: str,
    reason: str,
    valid_until: date,
    actor: str,
) -> int:
    """Suspend a rule until the end of `valid_until`; return the waiver id."""
    waiver_id: int = connection.exec_driver_sql(
        "INSERT INTO staging.waiver (rule_code, district_code, indicator_code, reason, valid_until, granted_by)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING waiver_id",
        (rule_code, district_code, indicator_code, reason, valid_until, actor),
    ).scalar_one()
    return waiver_id


def waivers_in_force(connection: Connection) -> list[tuple[Any, ...]]:
    """Return id, rule, district, indicator, reason and last day of each waiver in force today, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT waiver_id, rule_code, district_code, indicator_code, reason, valid_until FROM staging.waiver"
        " WHERE valid_until >= (transaction_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date ORDER BY waiver_id"
    )
    return [tuple(row) for row in rows]
