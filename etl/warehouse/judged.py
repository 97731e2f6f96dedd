"""What judging reads of the warehouse and what it leaves there: earlier reports, waivers, counts of checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from etl.database import Connection, copy_rows, query_file
from etl.findings import Finding
from etl.observations import NarrativeFigure

# District and whether simulated → period → indicator → value, "" where blank, else the name of the status.
Reports = dict[tuple[str, bool], dict[str, dict[str, str]]]

_FINDING = ("rule_code", "indicator_code", "location", "found", "expected", "difference")


def reports_of(connection: Connection, period_codes: Sequence[str], district_codes: Sequence[str]) -> Reports:
    """What the accepted reports of some periods and districts say, in one query.

    Simulated figures are kept apart: they say nothing about real ones.
    """
    parameters = {"period_codes": list(period_codes), "district_codes": list(district_codes)}
    rows = query_file(connection, "queries/accepted_report.sql", parameters)
    reports: Reports = {}
    for district_code, is_simulated, period_code, said in rows:
        reports.setdefault((district_code, is_simulated), {})[period_code] = said
    return reports


def stage_reading(
    connection: Connection, submission_id: int, narrative: Iterable[NarrativeFigure], findings: Iterable[Finding]
) -> None:
    """Replaces what the reader said beside the rows: the prose's figures and its own findings."""
    connection.exec_driver_sql("DELETE FROM staging.narrative_figure WHERE submission_id = %s", (submission_id,))
    figures = (
        (submission_id, number, one.indicator_code, one.value, one.raw_value, one.location)
        for number, one in enumerate(narrative, start=1)
    )
    columns = ("submission_id", "figure_number", "indicator_code", "value", "raw_value", "location")
    copy_rows(connection, "staging.narrative_figure", columns, figures)
    connection.exec_driver_sql("DELETE FROM staging.reader_finding WHERE submission_id = %s", (submission_id,))
    rows = (
        (submission_id, number, *(getattr(one, name) for name in _FINDING))
        for number, one in enumerate(findings, start=1)
    )
    copy_rows(connection, "staging.reader_finding", ("submission_id", "finding_number", *_FINDING), rows)


def staged_reading(connection: Connection, submission_id: int) -> tuple[list[NarrativeFigure], list[Finding]]:
    """What the reader said beside the rows, back from staging."""
    figures = connection.exec_driver_sql(
        "SELECT indicator_code, trim_scale(value), raw_value, location FROM staging.narrative_figure"
        " WHERE submission_id = %s ORDER BY figure_number",
        (submission_id,),
    ).fetchall()
    findings = connection.exec_driver_sql(
        "SELECT rule_code, location, indicator_code, found, expected, difference FROM staging.reader_finding"
        " WHERE submission_id = %s ORDER BY finding_number",
        (submission_id,),
    ).fetchall()
    return [NarrativeFigure(*row) for row in figures], [Finding(*row) for row in findings]


def stage_checks(
    connection: Connection, submission_id: int, counts: Iterable[tuple[str, int, int]], waivers_used: Iterable[int]
) -> None:
    """Replaces the counts (rule, checked, failed) and the waivers that excused something in a submission."""
    connection.exec_driver_sql("DELETE FROM staging.check_count WHERE submission_id = %s", (submission_id,))
    connection.exec_driver_sql("DELETE FROM staging.waiver_use WHERE submission_id = %s", (submission_id,))
    copy_rows(
        connection,
        "staging.check_count",
        ("submission_id", "rule_code", "checked", "failed"),
        ((submission_id, *count) for count in counts),
    )
    copy_rows(
        connection,
        "staging.waiver_use",
        ("waiver_id", "submission_id"),
        ((waiver_id, submission_id) for waiver_id in waivers_used),
    )


def grant_waiver(  # noqa: PLR0913, PLR0917 - what a waiver says
    connection: Connection,
    rule_code: str,
    district_code: str,
    indicator_code: str,
    reason: str,
    valid_until: date,
    actor: str,
) -> int:
    """Sets a rule aside, until a day that is included; returns the waiver's number."""
    row = connection.exec_driver_sql(
        "INSERT INTO staging.waiver (rule_code, district_code, indicator_code, reason, valid_until, granted_by)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING waiver_id",
        (rule_code, district_code, indicator_code, reason, valid_until, actor),
    ).fetchone()
    assert row is not None, "INSERT … RETURNING gives a row"
    return int(row[0])


def waivers_in_force(connection: Connection) -> list[tuple[Any, ...]]:
    """Number, rule, district, indicator, reason and last day of each waiver in force today, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT waiver_id, rule_code, district_code, indicator_code, reason, valid_until FROM staging.waiver"
        " WHERE valid_until >= (transaction_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date ORDER BY waiver_id"
    )
    return [tuple(row) for row in rows]
