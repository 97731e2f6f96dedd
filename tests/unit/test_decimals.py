"""Decimal numbers as text: one canonical form, whatever the representation."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.decimals import format_decimal, format_stored_number, normalize_decimal

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)


@given(NUMBERS)
def test_the_canonical_text_is_the_same_number(number: Decimal) -> None:
    text = format_decimal(number)
    assert Decimal(text) == number
    assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", text)
    assert text != "-0"


@given(NUMBERS, st.integers(0, 10))
def test_the_text_does_not_depend_on_the_representation(number: Decimal, zeros: int) -> None:
    padded = Decimal(f"{number:f}{'0' * zeros}")
    assert format_decimal(padded) == format_decimal(number) == str(normalize_decimal(padded))


def test_no_number_is_empty_text() -> None:
    assert format_decimal(None) == ""


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("24", "24"),
        ("0.6215", "0.6215"),
        ("62.150000000000006", "62.150000000000006"),
        ("1E3", "1000"),
        ("2.5e-3", "0.0025"),
        ("-0.0", "0"),
        ("0012", "12"),
        ("1e400", "1e400"),
        ("x", "x"),
    ],
)
def test_a_stored_number_is_the_shortest_decimal(stored: str, text: str) -> None:
    assert format_stored_number(stored) == text
