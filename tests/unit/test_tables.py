"""Rows as a table, CSV and JSON."""

import json
from decimal import Decimal

from etl.tables import Table, render

TABLE = Table(("name", "score", "is_tied"), [("Vĩnh Châu", Decimal("62.1500"), True), ("Mỹ Tú", None, False)])


def test_csv_has_all_digits_and_empty_missing_values() -> None:
    assert render(TABLE, "csv") == "name,score,is_tied\nVĩnh Châu,62.15,true\nMỹ Tú,,false\n"


def test_json_has_exact_numbers_and_null_for_missing_values() -> None:
    assert json.loads(render(TABLE, "json")) == [
        {"name": "Vĩnh Châu", "score": "62.15", "is_tied": True},
        {"name": "Mỹ Tú", "score": None, "is_tied": False},
    ]


def test_numbers_are_printed_without_exponent() -> None:
    assert render(Table(("n",), [(Decimal("1E+3"),)]), "csv") == "n\n1000\n"


def test_the_text_table_does_not_reformat_codes() -> None:
    assert "094" in render(Table(("code",), [("094",)]), "table")
