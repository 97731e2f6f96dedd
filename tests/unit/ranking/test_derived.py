"""A method that is based on another one inherits the keys that it does not set."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from etl.catalogue import load_catalogue
from etl.catalogue.document import read_document
from etl.errors import CatalogueError
from etl.ranking import Method, Vocabulary, parse_method, parse_methods

BASE = """
method_code: base
name_en: Base
valid_from: 2021-01-01
statuses: {blank: drop, not_done: zero, undecidable: zero, not_applicable: drop}
areas:
  - area: I
    weight: 70
    criteria:
      - {criterion: a, weight: 60, rule: linear, value: survey_satisfaction_pct}
      - {criterion: b, weight: 10, rule: linear, value: communication_tasks_completed_pct}
  - area: II
    weight: 30
    criteria:
      - {criterion: c, max_points: 30, rule: linear, value: internal_processes_electronic_pct}
bonus:
  - {criterion: d, weight: 5, rule: linear, value: survey_satisfaction_pct}
"""


def methods(folder: Path, **texts: str) -> dict[str, Method]:
    for name, text in {"base": BASE, **texts}.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    documents = {name: read_document(folder / f"{name}.yml") for name in ("base", *texts)}
    return parse_methods(replace(load_catalogue(), methods=documents))


def test_own_keys_win_and_the_others_are_inherited(tmp_path: Path) -> None:
    twin = "method_code: twin\nbased_on: base\nname_en: Twin\nequal_weights: true\n"
    parsed = methods(tmp_path, twin=twin)
    assert parsed["twin"].name_en == "Twin"
    assert parsed["twin"].statuses == parsed["base"].statuses
    assert parsed["twin"].valid_from == parsed["base"].valid_from
    assert {node.weight for location, node in parsed["twin"].walk() if location[0] == "areas"} == {Decimal(1)}
    assert {area.weights for area in parsed["twin"].areas} == {"parts"}
    assert parsed["twin"].bonus == parsed["base"].bonus


def test_the_base_is_unchanged(tmp_path: Path) -> None:
    twin = "method_code: twin\nbased_on: base\nequal_weights: true\n"
    without_twin = methods(tmp_path)["base"].content_hash()
    assert methods(tmp_path, twin=twin)["base"].content_hash() == without_twin


def test_a_change_of_the_base_changes_the_derived_method(tmp_path: Path) -> None:
    twin = "method_code: twin\nbased_on: base\n"
    before = methods(tmp_path, twin=twin)["twin"].content_hash()
    after = methods(tmp_path, twin=twin, base=BASE.replace("blank: drop", "blank: zero"))["twin"].content_hash()
    assert before != after


@pytest.mark.parametrize(
    ("texts", "message", "location"),
    [
        ({"twin": "method_code: twin\nbased_on: nobody\n"}, "the method 'nobody' is unknown", "twin.yml:2"),
        ({"twin": "method_code: twin\nbased_on: twin\n"}, "twin are based on each other", "twin.yml:2"),
        (
            {"first": "method_code: first\nbased_on: second\n", "second": "method_code: second\nbased_on: first\n"},
            "first and second are based on each other",
            "second.yml:2",
        ),
        (
            {"twin": "method_code: twin\nbased_on: base\nequal_weights: 1\n"},
            "equal_weights is 1: must be a valid boolean",
            "twin.yml:3",
        ),
        ({"twin": "method_code: twin\nbased_on: base\ncolour: red\n"}, "unknown key 'colour'", "twin.yml:3"),
    ],
)
def test_an_invalid_derived_method_is_refused_with_its_line(
    tmp_path: Path, texts: dict[str, str], message: str, location: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        methods(tmp_path, **texts)
    assert message in str(caught.value)
    assert caught.value.place == location


def test_a_method_for_a_table_cannot_be_derived(tmp_path: Path) -> None:
    (tmp_path / "twin.yml").write_text("method_code: twin\nbased_on: base\nareas: []\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="based_on names a method of the catalogue"):
        parse_method(read_document(tmp_path / "twin.yml"), Vocabulary.from_table(["x"]))


def test_the_shipped_derived_method_has_the_criteria_of_the_default_method() -> None:
    catalogue = parse_methods(load_catalogue())
    default, twin = catalogue["cchc-quarterly-2021"], catalogue["cchc-quarterly-2021-equal"]
    assert [node.node_code for node in default.criteria()] == [node.node_code for node in twin.criteria()]
    assert not twin.is_default


def test_the_par_index_example_is_not_the_default_and_is_described_as_made_up() -> None:
    example = parse_methods(load_catalogue())["par-index-example-2021"]
    assert not example.is_default
    assert "made up" in example.note_en
    assert sum(node.weight for node in example.areas) == 100
    assert example.stages == ("self", "appraised", "survey")
