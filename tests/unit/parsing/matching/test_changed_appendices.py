"""Appendices as clerks change them: no value is assigned to another indicator, nearly all to their own."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.catalogue import Form
from etl.parsing import read
from etl.parsing.matching.spelling import SpellingCorrector, is_one_slip
from tests.unit.parsing.changed_appendices import (
    CHANGES,
    DRAFT,
    HEADER,
    LAYOUTS,
    TITLES,
    ChangedAppendix,
    PrintedLine,
    Row,
    cases,
    compare,
    drop_rows,
    to_docx,
    to_txt,
    unchanged_rows,
)
from tests.unit.parsing.rendering import CATALOGUE, FORM, long_phu
from tests.unit.parsing.rendering import to_txt as plain_txt

LETTERS = st.sampled_from("abcđêơ")


@pytest.mark.parametrize("form", [FORM, DRAFT], ids=lambda form: form.form_code)
@pytest.mark.parametrize("name", [*CHANGES, *LAYOUTS])
@pytest.mark.parametrize("render", [to_txt, to_docx], ids=["txt", "docx"])
def test_no_value_is_assigned_to_another_indicator(form: Form, name: str, render) -> None:  # type: ignore[no-untyped-def]
    appendix = cases(form, seed=7)[name]
    file_format = "txt" if render is to_txt else "docx"
    content = read(f"report.{file_format}", render(appendix), CATALOGUE)
    outcome = compare(content, appendix)
    assert outcome.wrong == []
    assert outcome.right >= 0.98 * len(appendix.truth)
    assert content.head.form_code == form.form_code


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.frozensets(st.sampled_from(["I", "II", "III", "IV", "V", "VI", "VII"])))
def test_merged_area_headings_do_not_change_the_values(seed: int, merged: frozenset[str]) -> None:
    def layout(rows: list[PrintedLine]) -> list[list[Row]]:
        return [[HEADER, *((f"{row.item}. {row.label}",) if row.item in merged else row.cells() for row in rows)]]

    rows = drop_rows(random.Random(seed), unchanged_rows(FORM))
    appendix = ChangedAppendix(rows, FORM, TITLES[FORM.form_code], layout)
    outcome = compare(read("report.docx", to_docx(appendix), CATALOGUE), appendix)
    assert outcome.wrong == []
    assert outcome.right == len(appendix.truth) > 100


def test_the_form_in_force_is_chosen_if_two_forms_fit() -> None:
    """Without the rows in which they differ, the forms of 2021 and 2022 are the same."""
    differing = {row.label for row in FORM.rows} ^ {row.label for row in DRAFT.rows}
    lines = tuple(line for line in long_phu().lines if line.label not in differing)
    for year, form in (("2021", FORM), ("2022", DRAFT)):
        title = tuple(line.replace("2021", year) for line in long_phu().title)
        content = read("report.txt", plain_txt(long_phu(lines=lines, title=title)), CATALOGUE)
        assert content.head.form_code == form.form_code
        assert content.form_fit == 1


def test_the_fit_of_the_form_is_reported() -> None:
    lines = long_phu().lines
    strange = tuple(line for line in lines) + tuple(
        type(line)("", f"Chỉ tiêu riêng thứ {number} của ngành", "Người", "1", "")
        for number, line in enumerate(lines[:20])
    )
    content = read("report.txt", plain_txt(long_phu(lines=strange)), CATALOGUE)
    assert content.form_fit is not None
    assert 0.88 < content.form_fit < 0.92
    assert content.head.form_code == FORM.form_code


@given(st.text(LETTERS, min_size=2, max_size=8), st.data())
def test_one_slip_is_a_letter_lost_doubled_mistaken_or_swapped(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    for slip in (
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + "x" + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    ):
        assert is_one_slip(word, slip)
        assert is_one_slip(slip, word)


@pytest.mark.parametrize(("one", "other"), [("huyện", "hyn"), ("tỉnh", "thành"), ("giao", "giấy"), ("ab", "abcd")])
def test_two_slips_make_another_word(one: str, other: str) -> None:
    assert not is_one_slip(one, other)


def test_a_misprint_is_corrected_only_if_one_word_can_be_meant() -> None:
    spelling = SpellingCorrector(["huyện", "xã", "hạn", "hàn", "kiểm"])
    assert spelling.correct("huyn") == "huyện"
    assert spelling.correct("hyuện") == "huyện"
    assert spelling.correct("hn") == "hn"  # hạn or hàn
    assert spelling.correct("tỉnh") == "tỉnh"
    assert spelling.correct("2021") == "2021"
