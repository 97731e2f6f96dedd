"""Rows as text, CSV and JSON."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from etl.tables import Table, render, to_text

TABLE = Table(("name", "score", "is_tied"), [("Vĩnh Châu", Decimal("62.1500"), True), ("Mỹ Tú", None, False)])
LONG = "Kiểm tra ba ô này và sửa ô sai; nếu đúng thì nêu rõ ở cột ghi chú của biểu mẫu. " * 3


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


def test_text_aligns_numbers_to_the_right() -> None:
    assert render(TABLE.pick("name", "score"), "table").splitlines()[-2] == "Vĩnh Châu  62.15"


def test_text_fits_80_columns_and_shows_all_words() -> None:
    text = to_text(Table(("id", "cell", "message"), [(1, "table[3]/row[50]/col[4]", LONG)]))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert set(LONG.split()) <= set(text.split())


def test_rows_with_too_many_columns_are_printed_as_blocks() -> None:
    row = ("0" * 64, "946_long-phu_2021-Q1.docx", datetime(2021, 3, 18, 9, 30, tzinfo=UTC), None)
    text = to_text(Table(("sha256", "file_name", "known_from", "note"), [row, row]))
    block = f"sha256      {'0' * 64}\nfile name   946_long-phu_2021-Q1.docx\nknown from  2021-03-18 09:30:00\n"
    assert text == f"{block}\n{block}"


def test_text_has_no_colours_and_does_not_read_markup() -> None:
    text = to_text(Table(("severity", "cell"), [("critical", "[red]table[3]/row[50]")]))
    assert "\x1b" not in text
    assert "[red]table[3]/row[50]" in text
