"""Numbers: what a cell may mean, and what its row and its column decide."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.decimals import format_decimal
from etl.parsing.values.number_parsing import Notation, NumberReading, column_notation, read_number

WHOLE = st.integers(min_value=0, max_value=10**9)
RATE = st.decimals(min_value=0, max_value=100, places=2)


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def count(text: str) -> NumberReading:
    return read_number(text, "count")


def rate(text: str) -> NumberReading:
    return read_number(text, "rate")


def decided(reading: NumberReading, notation: Notation | None = None, **evidence: list[Decimal]) -> Decimal | None:
    return reading.decide(notation, evidence)[0]


@given(WHOLE, st.sampled_from([".", ",", " ", "\u00a0", "\u202f"]))
def test_a_grouped_number_may_mean_itself(number: int, mark: str) -> None:
    assert Decimal(number) in read_number(grouped(number, mark)).values


@given(WHOLE, st.sampled_from([" ", "\u00a0", "\u202f"]))
def test_space_separated_groups_are_never_ambiguous(number: int, mark: str) -> None:
    assert read_number(grouped(number, mark)).values == (Decimal(number),)


@given(WHOLE)
def test_plain_digits_are_never_ambiguous(number: int) -> None:
    assert read_number(str(number)).values == (Decimal(number),)
    assert read_number(f"000{number}").values == (Decimal(number),)


@given(RATE)
def test_a_rate_with_two_decimals_means_one_number(number: Decimal) -> None:
    for mark in ".,":
        assert rate(str(number).replace(".", mark)).values == (number,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24", 24),
        ("08", 8),
        ("31 /", 31),
        ("12/12", 12),
        ("２４", 24),
        ("1 798", 1798),
        ("2.574", 2574),
        ("2,574", 2574),
    ],
)
def test_counts_are_read_in_the_forms_that_clerks_use(text: str, expected: int) -> None:
    assert decided(count(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("85%", "85"), ("62,15 %", "62.15"), ("12/12", "100"), ("1/3", "33.3333"), ("1.378/1.378", "100"), ("0,5", "0.5")],
)
def test_rates_are_read_in_the_forms_that_clerks_use(text: str, expected: str) -> None:
    assert decided(rate(text)) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["Chưa thực hiện", "12/3/2021", "1.23.4", "12.5.", "x", "5 hoặc 6", "1,2,3", "0/0%%", "۱۲a"]
)
def test_text_that_is_not_a_number_has_no_values(text: str) -> None:
    assert read_number(text).values == ()


def test_a_unit_after_the_number_is_ignored() -> None:
    assert read_number("24 Nhiệm vụ", unit_words=("nhiệm vụ",)).values == (Decimal(24),)


def test_an_ambiguous_thousand_is_decided_only_by_evidence() -> None:
    assert decided(count("1,000")) is None
    assert decided(count("1,000"), note=[Decimal(1000)]) == 1000


def test_the_notation_of_the_column_decides_ambiguous_cells() -> None:
    english = column_notation([rate("62.15"), count("1,000")])
    vietnamese = column_notation([rate("62,15"), count("1.000")])
    assert (english, vietnamese) == ("en", "vi")
    assert decided(count("1,000"), english) == 1000
    assert decided(count("1.000"), vietnamese) == 1000


def test_a_count_with_zero_decimals_stays_undecided() -> None:
    assert decided(count("1.000"), "en") is None


def test_a_column_in_both_notations_proves_none() -> None:
    assert column_notation([rate("62.15"), rate("31,56")]) is None


@given(st.text(max_size=30))
def test_any_text_can_be_read_and_every_value_is_finite(text: str) -> None:
    for reading in (count(text), rate(text)):
        for value in reading.values:
            assert value.is_finite()
            assert Decimal(format_decimal(value)) == value
