"""What districts may see: their own rows, and all rows of a period from its release on. Every change is kept."""

from __future__ import annotations

from datetime import datetime

from etl.database import Connection
from etl.errors import UsageError


def publish(connection: Connection, period_code: str, released_at: datetime | None, reason: str, actor: str) -> None:
    """Lets every district see all rows of a period from a moment on (None: now); said again, the moment moves.

    Raises UsageError for an unknown period.
    """
    known = connection.exec_driver_sql(
        "SELECT FROM warehouse.dim_period WHERE period_code = %s", (period_code,)
    ).fetchone()
    if known is None:
        raise UsageError(f"unknown period {period_code!r}", "mart.period lists those that are known")
    row = connection.exec_driver_sql(
        "INSERT INTO warehouse.period_release (period_code, released_at, released_by, reason)"
        " VALUES (%s, coalesce(%s, now()), %s, %s) ON CONFLICT (period_code) DO UPDATE SET"
        " (released_at, released_by, reason, entered_at)"
        " = (excluded.released_at, excluded.released_by, excluded.reason, now()) RETURNING released_at",
        (period_code, released_at, actor, reason),
    ).fetchone()
    assert row is not None, "an upsert returns its row"
    _keep(connection, f"period {period_code}", f"released from {row[0].isoformat()}", reason, actor)


def set_account(
    connection: Connection, account: str, district_code: str, *, may_see: bool, reason: str, actor: str
) -> None:
    """Lets an account of cchc_district see a district's rows before release, or no longer.

    Raises UsageError for an unknown district, or where the account is no login of cchc_district.
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
    _keep(connection, f"account {account}", change, reason, actor)


def _check(connection: Connection, account: str, district_code: str) -> None:
    row = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM warehouse.dim_district WHERE district_code = %s), EXISTS (SELECT"
        " FROM pg_catalog.pg_auth_members AS m WHERE m.roleid = 'cchc_district'::regrole"
        " AND m.member = pg_catalog.to_regrole(pg_catalog.quote_ident(%s)))",
        (district_code, account),
    ).fetchone()
    assert row is not None, "a SELECT without FROM returns its row"
    if not row[0]:
        raise UsageError(f"unknown district {district_code!r}", "mart.district lists those that are known")
    if not row[1]:
        raise UsageError(
            f"{account!r} is no account of cchc_district",
            "An administrator makes it: CREATE ROLE … LOGIN IN ROLE cchc_district",
        )


def _keep(connection: Connection, subject: str, change: str, reason: str, actor: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO warehouse.access_event (subject, change, reason, actor) VALUES (%s, %s, %s, %s)",
        (subject, change, reason, actor),
    )
