"""Which rows a login of a district sees."""

from __future__ import annotations

from etl.operations.connections import warehouse_writer
from etl.settings import current_user


def set_account(account: str, district_code: str, *, may_see: bool, reason: str = "", actor: str | None = None) -> None:
    """Let a login see the rows of its district before they are published, or revoke that."""
    from etl import warehouse

    actor = actor or current_user()
    with warehouse_writer() as connection:
        warehouse.set_account(connection, account, district_code, may_see=may_see, reason=reason, actor=actor)
