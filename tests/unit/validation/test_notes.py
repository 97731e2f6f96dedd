"""Figures in notes: found where they stand plainly, left alone where they do not."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from etl.validation import notes


def _examples() -> list[tuple[str, str, str]]:
    with notes.FIGURES_FILE.open(encoding="utf-8", newline="") as file:
        return [(row["figure"], row["example"], row["value"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("figure", "example", "value"), _examples())
def test_each_figure_is_found_in_its_own_example(figure: str, example: str, value: str) -> None:
    assert notes.figure(figure, example) == Decimal(value)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Kế hoạch số 06/KH-UBND ngày 22/01/2021",
        "Quyết định 87/QĐ-UBND ngày 18/01/2021",
        "Họp ngày 12/3",
        "từ 15/12/2020 đến 14/3/2021",
        "huyện 1/2 hồ sơ, xã 3/4 hồ sơ",
        "12.34/56 hồ sơ",
    ],
)
def test_dates_document_numbers_and_several_fractions_are_no_fraction(note: str) -> None:
    assert notes.figure("numerator", note) is None or notes.figure("denominator", note) is None


def test_the_same_fraction_told_twice_is_still_plain() -> None:
    assert notes.figure("denominator", "18/20 hồ sơ; 18/20 đúng hạn") == 20


def test_grouping_is_read_as_vietnamese_counts_are_written() -> None:
    assert notes.figure("numerator", "11.366/11.374 hồ sơ") == 11366
    assert notes.figure("denominator", "11,366/11,374 hồ sơ") == 11374
