"""Access of districts: their own rows, and all rows of a period once it is released. Every change is recorded."""

from __future__ import annotations

from datetime import datetime

from etl.database import Connection
from etl.errors import UsageError


def publish(connection: Connection, period_code: str, released_at: datetime | None, reason: str, actor: str) -> None:
    """Release all rows of a period to every district from a timestamp on (None: now), which replaces an earlier one.

    Raises UsageError for an unknown period.
    """
    query = "SELECT 1 FROM warehouse.dim_period WHERE period_code = %s"
    if connection.exec_driver_sql(query, (period_code,)).first() is None:
        raise UsageError(f"Unknown period {period_code!r}", "See mart.period for the list")
    timestamp = connection.exec_driver_sql(
        "INSERT INTO warehouse.period_release (period_code, released_at, released_by, reason)"
        " VALUES (%s, coalesce(%s, now()), %s, %s) ON CONFLICT (period_code) DO UPDATE SET"
        " (released_at, released_by, reason, entered_at)"
        " = (excluded.released_at, excluded.released_by, excluded.reason, now()) RETURNING released_at",
        (period_code, released_at, actor, reason),
    ).scalar_one()
    _record(connection, f"period {period_code}", f"released from {timestamp.isoformat()}", reason, actor)


def set_account(
    connection: Connection, account: str, district_code: str, *, may_see: bool, reason: str, actor: str
) -> None:
    """Allow an account of cchc_district to see a district's rows before release, or revoke that.

    Raises UsageError for an unknown district, or if the account is not a member of cchc_district.
    """
    if may_see:
        _check(connection, account, district_code)
        connection.exec_driver_sql(
            "INSERT INTO warehouse.district_account (account, district_code, granted_by) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (account, district_code, actor),
        )
    else:
        connection.exec_driver_sql(
            "DELETE FROM warehouse.district_account WHERE account = %s AND district_code = %s",
            (account, district_code),
        )
    change = f"{'may' if may_see else 'may no longer'} see district {district_code}"
    _record(connection, f"account {account}", change, reason, actor)


def _check(connection: Connection, account: str, district_code: str) -> None:
    district_exists, is_member = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM warehouse.dim_district WHERE district_code = %s), EXISTS (SELECT"
        " FROM pg_catalog.pg_auth_members AS m WHERE m.roleid = 'cchc_district'::regrole"
        " AND m.member = pg_catalog.to_regrole(pg_catalog.quote_ident(%s)))",
        (district_code, account),
    ).one()
    if not district_exists:
        raise UsageError(f"Unknown district {district_code!r}", "See mart.district for the list")
    if not is_member:
        raise UsageError(
            f"{account!r} is not an account of cchc_district",
            "Ask an administrator to run CREATE ROLE … LOGIN IN ROLE cchc_district",
        )


def _record(connection: Connection, subject: str, change: str, reason: str, actor: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO warehouse.access_event (subject, change, reason, actor) VALUES (%s, %s, %s, %s)",
        (subject, change, reason, actor),
    )
