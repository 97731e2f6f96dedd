"""Figures in notes are found where they are unambiguous."""

from __future__ import annotations

import csv
from math import isnan

import pytest

from etl.validation.notes import FIGURES_FILE, find_note_figure


def _examples() -> list[tuple[str, str, str]]:
    with FIGURES_FILE.open(encoding="utf-8", newline="") as file:
        return [(row["figure"], row["example"], row["value"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("figure", "example", "value"), _examples())
def test_each_figure_is_found_in_its_own_example(figure: str, example: str, value: str) -> None:
    assert find_note_figure(figure, example) == float(value)


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
def test_dates_document_numbers_and_several_fractions_are_ignored(note: str) -> None:
    assert isnan(find_note_figure("numerator", note)) or isnan(find_note_figure("denominator", note))


def test_a_repeated_fraction_counts_once() -> None:
    assert find_note_figure("denominator", "18/20 hồ sơ; 18/20 đúng hạn") == 20


def test_thousands_may_be_grouped_by_dots_or_commas() -> None:
    assert find_note_figure("numerator", "11.366/11.374 hồ sơ") == 11366
    assert find_note_figure("denominator", "11,366/11,374 hồ sơ") == 11374
