"""Rows as a table, CSV and JSON."""

import json
from decimal import Decimal

from etl.tables import Table, render

TABLE = Table(("name", "score", "is_tied"), [("Vĩnh Châu", Decimal("62.1500"), True), ("Mỹ Tú", None, False)])


def test_csv_keeps_every_digit_and_leaves_a_missing_value_empty() -> None:
    assert render(TABLE, "csv") == "name,score,is_tied\nVĩnh Châu,62.15,true\nMỹ Tú,,false\n"


def test_json_keeps_numbers_exact_and_missing_values_null() -> None:
    assert json.loads(render(TABLE, "json")) == [
        {"name": "Vĩnh Châu", "score": "62.15", "is_tied": True},
        {"name": "Mỹ Tú", "score": None, "is_tied": False},
    ]


def test_a_number_is_never_written_with_an_exponent() -> None:
    assert render(Table(("n",), [(Decimal("1E+3"),)]), "csv") == "n\n1000\n"


def test_the_table_for_reading_shows_codes_as_they_are() -> None:
    assert "094" in render(Table(("code",), [("094",)]), "table")
