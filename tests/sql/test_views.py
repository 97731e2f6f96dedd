"""Test cases for SQL views: tests/sql/<view>/<case>.yml holds the input data and the expected rows of the view."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from etl.catalogue import SeriesBreak
from etl.catalogue.document import Document, read_document
from etl.database import Connection
from etl.ranking import load_methods, refresh_rankings
from etl.ranking.releases.content import compute_content, read_basis
from etl.ranking.releases.signing import sign
from etl.warehouse import (
    CellValue,
    Correction,
    correct,
    grant_waiver,
    load_accepted,
    load_reference,
    stage_checks,
    stage_findings,
)
from etl.warehouse.views import read_views
from tests import world
from tests.warehouse.test_districts import ABOUT_UNITS

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.yml"))
_KEYS = {"case", "given", "where", "order_by", "expect"}
_GIVEN = {"districts", "indicators", "periods", "reports", "method", "findings", "external"}
# Communes merged into another unit: [day, district, old name, new code]; breaks of a series: [indicator, day].
_GIVEN |= {"changes", "breaks"}
# Checks: [report, rule, checked, failed]; corrections: their arguments; waivers: [rule, district, day, reports].
_GIVEN |= {"checks", "corrections", "waivers"}
# The signers of the resulting ranking, one release each.
_GIVEN |= {"signed_by"}


def _method(path: Path) -> dict[str, Document]:
    """The method of a case; keys it does not set come from method.yml."""
    overrides = read_document(path)["given"].get("method")
    if overrides is None:
        return {}
    base = read_document(HERE / "method.yml")
    base.update(overrides)
    return {base["method_code"]: base}


def _prepare(connection: Connection, path: Path, given: dict[str, Any]) -> None:
    catalogue = world.catalogue(given.get("districts"), given.get("indicators"), given.get("periods"), _method(path))
    catalogue = replace(
        catalogue,
        commune_changes=tuple(world.change(*change) for change in given.get("changes", [])),
        series_breaks=tuple(SeriesBreak(code, day, "Lý do", "Reason", "") for code, day in given.get("breaks", [])),
    )
    load_reference(connection, catalogue)
    load_methods(connection, catalogue)
    ids = [world.submit(connection, **report) for report in given.get("reports", [])]
    for number, rule_code, severity in given.get("findings", []):
        stage_findings(connection, ids[number], [world.finding(rule_code, severity)])
    for submission_id in ids:
        load_accepted(connection, [submission_id])
    for number, *count in given.get("checks", []):
        stage_checks(connection, ids[number], [tuple(count)], ())
    for district, code, expect, to, reason in given.get("corrections", []):
        expected, new = (CellValue(Decimal(value), "reported") for value in (expect, to))
        correct(connection, Correction(district, "2021-Q1", code, expected, new, reason, "clerk"))
    for rule_code, district, day, uses in given.get("waivers", []):
        number = grant_waiver(connection, rule_code, district, "", "Lý do", day, "clerk")
        for use in uses:
            stage_checks(connection, ids[use], (), (number,))
    for district, code, stage, value in given.get("external", []):
        connection.exec_driver_sql(
            "INSERT INTO warehouse.external_score (period_code, district_code, input_code, stage_code, value,"
            " entered_by, reason) VALUES ('2021-Q1', %s, %s, %s, %s, 'clerk', '')",
            (district, code, stage, value),
        )
    refresh_rankings(connection)
    for signer in given.get("signed_by", []):
        sign(
            connection,
            compute_content(connection, read_basis(connection, "2021-Q1", "method-a", None)),
            signer,
            "Lý do",
        )


def _comparable(value: Any) -> Any:
    """Numbers as exact decimals, everything else as text, so that 1 and 1.0 are equal."""
    if isinstance(value, bool) or value is None:
        return value
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) else str(value)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_view_shows_what_the_case_expects(path: Path, connection: Connection) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(case) <= _KEYS and set(case["given"]) <= _GIVEN, "unknown key in the case"
    _prepare(connection, path, case["given"])
    columns = list(case["expect"][0])
    query = f"SELECT {', '.join(columns)} FROM mart.{path.parent.name}"
    query += f" WHERE {case.get('where', 'true')} ORDER BY {case['order_by']}"
    rows = connection.exec_driver_sql(query).fetchall()
    expected = [tuple(_comparable(row[column]) for column in columns) for row in case["expect"]]
    assert [tuple(map(_comparable, row)) for row in rows] == expected, case["case"]

    _check_bounds(connection, path.parent.name)
    _check_district_access(connection, path.parent.name)


def _columns(connection: Connection, view: str, types: tuple[str, ...]) -> list[str]:
    rows = connection.exec_driver_sql(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'mart' AND table_name = %s"
        " AND data_type = ANY(%s)",
        (view, list(types)),
    )
    return [name for (name,) in rows]


def _check_bounds(connection: Connection, view: str) -> None:
    """No reader sees an infinite date or timestamp: an open bound is NULL."""
    for column in _columns(connection, view, ("date", "timestamp with time zone")):
        query = f"SELECT count(*) FROM mart.{view} WHERE NOT isfinite({column})"
        assert connection.exec_driver_sql(query).scalar() == 0, f"mart.{view}.{column} is infinite"


def _check_district_access(connection: Connection, view: str) -> None:
    """A district's login sees its own rows alone, and all rows once their periods are released."""
    columns = _columns(connection, view, ("text",))
    if "district_code" not in columns or view in ABOUT_UNITS:
        return
    period = "period_code" if "period_code" in columns else "NULL"
    rows = _count_rows(connection, view, period, "cchc_analyst")
    own = min(code for code, _, _ in rows if code)
    connection.exec_driver_sql(
        "INSERT INTO warehouse.district_account (account, district_code, granted_by) VALUES ('cchc_district', %s, '')",
        (own,),
    )
    assert _count_rows(connection, view, period, "cchc_district") == [row for row in rows if row[0] in (own, "")], view
    released = connection.exec_driver_sql(
        "INSERT INTO warehouse.period_release (period_code, released_at, released_by, reason)"
        " SELECT period_code, now(), '', '' FROM warehouse.dim_period RETURNING period_code"
    )
    released_periods = {code for (code,) in released}
    expected = [row for row in rows if row[0] in (own, "") or row[1] in released_periods]
    assert _count_rows(connection, view, period, "cchc_district") == expected, view


def _count_rows(connection: Connection, view: str, period: str, role: str) -> list[tuple[Any, ...]]:
    """Rows of a view by district and period, as a role sees them."""
    connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
    query = f"SELECT district_code, {period}, count(*) FROM mart.{view} GROUP BY 1, 2 ORDER BY 1, 2"
    rows = [tuple(row) for row in connection.exec_driver_sql(query)]
    connection.exec_driver_sql("SET LOCAL ROLE cchc_loader")
    return rows


def test_every_view_that_computes_has_a_case() -> None:
    plain = {"district", "period", "indicator", "reform_area", "form", "method", "submission_status"}
    computed = {view.name.split(".")[1] for view in read_views() if view.name.startswith("mart.")} - plain
    assert computed <= {path.parent.name for path in CASES}
