"""The queries behind the commands `ranking`, `status` and `lineage`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from etl import catalogue
from etl.catalogue.document import read_document
from etl.database import Connection
from etl.errors import UsageError
from etl.ranking import load_methods, refresh_scores
from etl.warehouse import lineage, load_accepted, load_reference, ranking, reporting_status
from tests import world

METHOD = Path(__file__).parents[1] / "sql" / "method.yml"


@pytest.fixture
def warehouse(connection: Connection) -> Connection:
    method = read_document(METHOD)
    shipped = read_document(catalogue_file("cchc-quarterly-2021"))
    area = shipped["areas"][0]
    criterion = area["criteria"][0]
    criterion.update(weight=100, numerator="done", denominator="assigned")
    area.update(weight=100, criteria=[criterion])
    method.update(areas=[area])
    reference = world.catalogue(
        districts={"A": {}, "B": {}, "C": {}},
        period_codes={"2021-Q1": "2021-03-18", "2021-H1": "2021-06-18"},
        methods={"method-a": method},
    )
    load_reference(connection, reference)
    assert load_methods(connection, reference) == 1
    assert load_methods(connection, reference) == 0
    return connection


def catalogue_file(method: str) -> Path:
    return Path(catalogue.__file__).parent / "data" / "methods" / f"{method}.yml"


def test_the_ranking_lists_every_expected_district(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, "B", values={"done": 1, "assigned": 4})])
    assert refresh_scores(warehouse) == ["2021-H1", "2021-Q1"]
    table = ranking(warehouse, "2021-Q1")
    assert table.columns[:7] == ("rank", "district_code", "district_name", "score", "band", "is_tied", "coverage")
    assert [row[:2] for row in table.rows] == [(1, "B"), (None, "A"), (None, "C")]
    assert table.rows[0][3] == 25
    assert ranking(warehouse, "2021-Q1", "method-a") == table


@pytest.mark.parametrize(("period", "method"), [("1999-Q1", None), ("2021-Q1", "no-method")])
def test_an_unknown_code_is_a_usage_error(warehouse: Connection, period: str, method: str | None) -> None:
    with pytest.raises(UsageError, match="Unknown"):
        ranking(warehouse, period, method)


def test_status_without_a_period_includes_files_without_a_period(warehouse: Connection) -> None:
    world.submit(warehouse, "A", status="held", reason="vì sao")
    unreadable = world.submit(warehouse, None, None, status="unreadable", reason="Tệp hỏng")
    misfiled = world.submit(warehouse, "A", "2021-Q1", status="misfiled")
    rows = reporting_status(warehouse).rows
    assert [row[:4:3] for row in rows] == [
        ("", "unreadable"),
        ("2021-Q1", "held"),
        ("2021-Q1", "misfiled"),
        ("2021-Q1", "missing"),
        ("2021-Q1", "missing"),
    ]
    assert {row[9] for row in rows} >= {unreadable, misfiled}
    assert [row[3] for row in reporting_status(warehouse, "2021-Q1").rows] == ["held", "missing", "missing"]
    assert [row[3] for row in reporting_status(warehouse, "2021-H1").rows] == ["missing"] * 3


def test_status_lists_an_unreadable_later_file_beside_the_accepted_one(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, "A", values={"done": 1})])
    unreadable = world.submit(warehouse, "A", status="unreadable", reason="Tệp hỏng")
    statuses = [(row[3], row[9]) for row in reporting_status(warehouse).rows if row[1] == "A"]
    assert statuses == [("accepted", unreadable - 1), ("unreadable", unreadable)]
    later = world.submit(warehouse, "A", values={"done": 2}, signed_on=date(2021, 3, 18))
    load_accepted(warehouse, [later])
    statuses = [(row[3], row[9]) for row in reporting_status(warehouse).rows if row[1] == "A"]
    assert statuses == [("accepted", later)], "an unreadable file before the accepted report is not listed"


def test_lineage_gives_the_current_value_only(warehouse: Connection) -> None:
    load_accepted(warehouse, [world.submit(warehouse, values={"done": 1})])
    newer = world.submit(warehouse, values={"done": 2}, signed_on=date(2021, 3, 17))
    load_accepted(warehouse, [newer])
    table = lineage(warehouse, "A", "2021-Q1", "done")
    (row,) = table.rows
    value = dict(zip(table.columns, row, strict=True))
    assert (value["submission_id"], value["raw_value"], value["location"]) == (newer, "2", "table[1]/row[2]/col[4]")
    assert lineage(warehouse, "B", "2021-Q1", "done").rows == []
    with pytest.raises(UsageError, match="Unknown indicator"):
        lineage(warehouse, "A", "2021-Q1", "nothing")
