"""Vietnamese text folded: equal words compare equal however they are typed, different ones never."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.text import fold, without_accents


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HUYỆN LONG PHÚ", "huyện  Long\u00a0Phú"),
        ("Hoà", "Hòa"),
        ("Ủy ban", "Uỷ ban"),
        ("Thủy", "Thuỷ"),
        ("khỏe", "khoẻ"),
        ("Nǎm", "Năm"),
        ("Ðất", "Đất"),
        ("mức độ 3 – 4", "mức độ 3 - 4"),
        (unicodedata.normalize("NFD", "Thị xã Vĩnh Châu"), "Thị xã Vĩnh Châu"),
    ],
)
def test_the_same_words_typed_differently_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Uỷ ban", "Uy ban"), ("quý", "qúy"), ("Mỹ Tú", "Mỹ Tu"), ("xã", "xa"), ("đơn", "don"), ("hoàn", "hoan")],
)
def test_accents_distinguish_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("word", ["hoàn", "toán", "quý", "thuyền", "khoản", "hoặc", "loại", "ngoài", "thuế"])
def test_a_tone_in_a_closed_syllable_is_kept(word: str) -> None:
    assert fold(word) == word


@given(st.text(alphabet="aăâeêioôơuưyđhqt AÀÁẢÃẠoòóỏõọ̀́-", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=40))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_accents_are_removed_for_file_names() -> None:
    assert without_accents("Thị xã Vĩnh Châu, Đông") == "Thi xa Vinh Chau, Dong"
