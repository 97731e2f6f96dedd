"""The queries of the command line: reads of mart in sql/queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from etl.database import Connection, query_file, query_table
from etl.errors import UsageError
from etl.tables import Table

# District and is_simulated → period → indicator → value, "" if blank, else the name of the status.
Reports = dict[tuple[str, bool], dict[str, dict[str, str]]]


def ranking(
    connection: Connection, period_code: str, method_code: str | None = None, known_at: datetime | None = None
) -> Table:
    """Return every expected district of a period: rank, district_code, district_name, score (not rounded), band,
    is_tied, coverage, the reason if it has no rank, and is_simulated. Unranked districts come last.

    The default method is the newest default in force. `known_at` returns the ranking as of that time, from the facts,
    external scores and methods known then. Raises UsageError for an unknown period or method.
    """
    method_code = _method(connection, period_code, method_code)
    parameters = {"period_code": period_code, "method_code": method_code, "known_at": known_at}
    table = _read(connection, "ranking" if known_at is None else "ranking_as_of", parameters)
    if not table.rows:
        raise UsageError(f"Method {method_code!r} is not in force for {period_code}", "See its valid_from")
    return table


def trend(connection: Connection, period_code: str, method_code: str | None = None) -> Table:
    """Compare each district's score and rank with the previous comparable period and with the year before; if they
    cannot be compared, say why. Raises UsageError for an unknown period or method.
    """
    method_code = _method(connection, period_code, method_code)
    return _read(connection, "trend", {"period_code": period_code, "method_code": method_code})


def _method(connection: Connection, period_code: str, method_code: str | None) -> str:
    """Return the given or the default method. Raises UsageError for an unknown period or method."""
    _check_code(connection, "period", period_code)
    method_code = method_code or default_method(connection, period_code)
    _check_code(connection, "method", method_code)
    return method_code


def default_method(connection: Connection, period_code: str) -> str:
    """Return the newest default method in force for a period.

    Raises UsageError for an unknown period, or if no method is in force.
    """
    _check_code(connection, "period", period_code)
    rows = _read(connection, "default_method", {"period_code": period_code}).rows
    if not rows:
        raise UsageError(f"No scoring method is in force for {period_code}", "Name one, or add one to the catalogue")
    return str(rows[0][0])


def reporting_status(connection: Connection, period_code: str | None = None) -> Table:
    """Return the reporting status of each expected district of a period. Without a period: of every period with
    submissions, followed by the files that match no expected report (with empty codes).

    Raises UsageError for an unknown period.
    """
    if period_code is not None:
        _check_code(connection, "period", period_code)
    return _read(connection, "reporting_status", {"period_code": period_code})


def lineage(connection: Connection, district_code: str, period_code: str, indicator_code: str) -> Table:
    """Return file, sha256, cell and raw text of the current value: one row, or none if there is no value.

    Raises UsageError for an unknown district, period or indicator.
    """
    codes = {"district": district_code, "period": period_code, "indicator": indicator_code}
    for what, code in codes.items():
        _check_code(connection, what, code)
    return _read(connection, "lineage", {f"{what}_code": code for what, code in codes.items()})


def history(
    connection: Connection,
    district_code: str,
    period_code: str,
    indicator_code: str | None = None,
    known_at: datetime | None = None,
) -> Table:
    """Return every version of the values, with known_from and known_to (None while current); with `known_at` only the
    versions known then.

    Raises UsageError for an unknown district, period or indicator.
    """
    codes = {"district": district_code, "period": period_code, "indicator": indicator_code}
    for what, code in codes.items():
        if code is not None:
            _check_code(connection, what, code)
    parameters = {f"{what}_code": code for what, code in codes.items()} | {"known_at": known_at}
    return _read(connection, "history" if known_at is None else "history_as_of", parameters)


def _check_code(connection: Connection, what: str, code: str) -> None:
    query = f"SELECT 1 FROM mart.{what} WHERE {what}_code = %s"  # noqa: S608 - a name from above
    if connection.exec_driver_sql(query, (code,)).first() is None:
        raise UsageError(f"Unknown {what} {code!r}", f"See mart.{what} for the list")


def _read(connection: Connection, name: str, parameters: dict[str, Any]) -> Table:
    return query_table(connection, f"queries/{name}.sql", parameters)


def reports_of(connection: Connection, period_codes: Sequence[str], district_codes: Sequence[str]) -> Reports:
    """Return the values of accepted reports, in one query. Simulated ones are kept apart from real ones."""
    parameters = {"period_codes": list(period_codes), "district_codes": list(district_codes)}
    reports: Reports = {}
    for district_code, is_simulated, period_code, values in query_file(
        connection, "queries/accepted_report.sql", parameters
    ):
        reports.setdefault((district_code, is_simulated), {})[period_code] = values
    return reports
