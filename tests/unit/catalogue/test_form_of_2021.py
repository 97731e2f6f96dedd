"""The form of letter 380/SNV-CCHC."""

from collections import Counter

import pytest

from etl import periods
from etl.catalogue import Form, load_catalogue

CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def form() -> Form:
    return CATALOGUE.forms["snv-380-2021"]


def test_the_form_has_181_rows_of_which_seven_are_area_headings(form: Form) -> None:
    levels = Counter(row.level for row in form.rows)
    assert len(form.rows) == 181
    assert levels[0] == 7
    assert levels[1] == 40


def test_every_row_follows_the_parent_row_of_its_path(form: Form) -> None:
    by_path = {row.path: row for row in form.rows}
    assert len(by_path) == len(form.rows)
    for row in form.rows:
        if row.level:
            parent = by_path[row.parent_path]
            assert parent.ordinal < row.ordinal
            assert row.indicator.parent_code == parent.indicator.indicator_code


def test_an_indicator_code_is_used_for_one_row_only(form: Form) -> None:
    assert max(Counter(row.indicator.indicator_code for row in form.rows).values()) == 1


def test_repeated_labels_belong_to_different_indicators(form: Form) -> None:
    twins = [row for row in form.rows if row.label == "Số VBQPPL phát hiện trái pháp luật"]
    assert [row.indicator.indicator_code for row in twins] == ["self_check_unlawful_found", "check_unlawful_found"]


def test_every_asked_row_except_texts_is_a_flow_or_a_stock(form: Form) -> None:
    assert [row.path for row in form.asked_rows if not row.indicator.nature and row.indicator.kind != "text"] == []


def test_rates_are_in_per_cent_and_code_lists_have_codes(form: Form) -> None:
    for row in form.asked_rows:
        assert (row.indicator.kind == "rate") == (row.indicator.unit_code == "percent")
        assert (row.indicator.kind == "code_list") == bool(row.indicator.code_list)


def test_the_communes_of_the_eleven_districts_add_up_to_the_province() -> None:
    districts = CATALOGUE.expected_districts(periods.parse("2021-Q1"))
    assert len(districts) == 11
    assert sum(unit.commune_count for unit in districts) == 109
