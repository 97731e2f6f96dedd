"""SQL views by cases: tests/sql/<view>/<case>.yml says what was given and the rows that the view must show."""

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
from etl.ranking.releases.release import basis_now, compute
from etl.ranking.releases.signing import sign
from etl.warehouse import (
    Correction,
    Said,
    correct,
    grant_waiver,
    load_accepted,
    load_reference,
    stage_checks,
    stage_findings,
)
from etl.warehouse.views import read_views
from tests import world

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.yml"))
_KEYS = {"case", "given", "where", "order_by", "expect"}
_GIVEN = {"districts", "indicators", "periods", "reports", "method", "findings", "external"}


# Communes that went from one unit to another: [day, district, old name, new code]; broken series: [indicator, day].
_GIVEN |= {"changes", "breaks"}
# Checks: [report, rule, checked, failed]; corrections: their arguments; waivers: [rule, district, day, reports].
_GIVEN |= {"checks", "corrections", "waivers"}
# Who signed the ranking that all this comes to, one after the other.
_GIVEN |= {"signed_by"}


def _method(path: Path) -> dict[str, Document]:
    """The method of a case, with everything filled that does not matter there."""
    given = read_document(path)["given"].get("method")
    if given is None:
        return {}
    base = read_document(HERE / "method.yml")
    base.update(given)
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
        stage_findings(connection, ids[number], [world.judged(rule_code, severity)])
    for submission_id in ids:
        load_accepted(connection, [submission_id])
    for number, *count in given.get("checks", []):
        stage_checks(connection, ids[number], [tuple(count)], ())
    for district, code, expect, to, reason in given.get("corrections", []):
        known, better = (Said(Decimal(value), "reported") for value in (expect, to))
        correct(connection, Correction(district, "2021-Q1", code, known, better, reason, "clerk"))
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
    for who in given.get("signed_by", []):
        sign(connection, compute(connection, basis_now(connection, "2021-Q1", "method-a", None)), who, "Lý do")


def _comparable(value: Any) -> Any:
    """Numbers as exact decimals, all else as text: 1, 1.0 and "1" of a case are the same."""
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


def test_every_promised_view_that_computes_has_a_case() -> None:
    plain = {"district", "period", "indicator", "reform_area", "form", "method", "submission_status"}
    computed = {view.name.split(".")[1] for view in read_views() if view.name.startswith("mart.")} - plain
    assert computed <= {path.parent.name for path in CASES}
