"""Which rows a login of a district sees."""

from __future__ import annotations

from etl import database
from etl.pipeline import prepare
from etl.settings import current_user, load_settings


def set_account(account: str, district_code: str, *, may_see: bool, reason: str = "", actor: str | None = None) -> None:
    """Lets an account see the rows of its district before release, or no longer."""
    from etl import warehouse

    prepare()
    with database.connect(load_settings()) as connection:
        warehouse.set_account(
            connection, account, district_code, may_see=may_see, reason=reason, actor=actor or current_user()
        )
