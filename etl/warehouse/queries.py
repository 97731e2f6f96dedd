"""What the terminal asks of the warehouse: short reads of mart (sql/queries), nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from etl.database import Connection, query_table
from etl.errors import UsageError
from etl.tables import Table


def ranking(
    connection: Connection, period_code: str, method_code: str | None = None, known_at: datetime | None = None
) -> Table:
    """Every expected district of a period: rank, district_code, district_name, score (not rounded), band, is_tied,
    coverage; then the reason why one has no rank, and is_simulated. Unranked ones come last.

    Without a method it is the newest default one in force. With `known_at` it is the ranking as it was known then: the
    facts, external scores and methods of that moment. Raises UsageError for an unknown period or method.
    """
    method_code = _method(connection, period_code, method_code)
    parameters = {"period_code": period_code, "method_code": method_code, "known_at": known_at}
    table = _read(connection, "ranking" if known_at is None else "ranking_as_of", parameters)
    if not table.rows:
        raise UsageError(f"the method {method_code!r} is not in force for {period_code}", "See its valid_from")
    return table


def trend(connection: Connection, period_code: str, method_code: str | None = None) -> Table:
    """Each district's score and rank beside those of the previous comparable period and of the year before, with the
    changes, or why there are none. Raises UsageError for an unknown period or method.
    """
    method_code = _method(connection, period_code, method_code)
    return _read(connection, "trend", {"period_code": period_code, "method_code": method_code})


def _method(connection: Connection, period_code: str, method_code: str | None) -> str:
    """The method named, or the newest default one in force. Raises UsageError for an unknown period or method."""
    _check_known(connection, "period", period_code)
    method_code = method_code or default_method(connection, period_code)
    _check_known(connection, "method", method_code)
    return method_code


def default_method(connection: Connection, period_code: str) -> str:
    """The method to rank a period by where none is named: the newest default one in force.

    Raises UsageError for an unknown period, and where no method is in force.
    """
    _check_known(connection, "period", period_code)
    found = _read(connection, "default_method", {"period_code": period_code}).rows
    if not found:
        raise UsageError(f"no scoring method is in force for {period_code}", "Name one, or add one to the catalogue")
    return str(found[0][0])


def reporting_status(connection: Connection, period_code: str | None = None) -> Table:
    """Each expected district of a period with what came of it; without a period those of every period for which
    anything came, and after them the files that fit no expected report (empty codes).

    Raises UsageError for an unknown period.
    """
    if period_code is not None:
        _check_known(connection, "period", period_code)
    return _read(connection, "reporting_status", {"period_code": period_code})


def lineage(connection: Connection, district_code: str, period_code: str, indicator_code: str) -> Table:
    """The file, its sha256, the cell and the raw text of the value known now: one row, or none if nothing is.

    Raises UsageError for an unknown district, period or indicator.
    """
    codes = {"district": district_code, "period": period_code, "indicator": indicator_code}
    for what, code in codes.items():
        _check_known(connection, what, code)
    return _read(connection, "lineage", {f"{what}_code": code for what, code in codes.items()})


def history(
    connection: Connection,
    district_code: str,
    period_code: str,
    indicator_code: str | None = None,
    known_at: datetime | None = None,
) -> Table:
    """Every value that was known, with known_from and known_to (None while it holds); with `known_at` only what was
    known then.

    Raises UsageError for an unknown district, period or indicator.
    """
    codes = {"district": district_code, "period": period_code, "indicator": indicator_code}
    for what, code in codes.items():
        if code is not None:
            _check_known(connection, what, code)
    parameters = {f"{what}_code": code for what, code in codes.items()} | {"known_at": known_at}
    return _read(connection, "history" if known_at is None else "history_as_of", parameters)


def _check_known(connection: Connection, what: str, code: str) -> None:
    row = connection.exec_driver_sql(
        f"SELECT EXISTS (SELECT FROM mart.{what} WHERE {what}_code = %s)",  # noqa: S608
        (code,),
    ).fetchone()
    if row != (True,):
        raise UsageError(f"unknown {what} {code!r}", f"mart.{what} lists those that are known")


def _read(connection: Connection, name: str, parameters: dict[str, Any]) -> Table:
    return query_table(connection, f"queries/{name}.sql", parameters)
