"""Scoring methods: the shipped one is valid, and an invalid one is refused with file and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from etl import catalogue
from etl.catalogue import load_catalogue
from etl.catalogue.document import read_document
from etl.errors import CatalogueError
from etl.ranking import Method, Vocabulary, parse_method, parse_methods

SHIPPED = Path(catalogue.__file__).parent / "data" / "methods" / "cchc-quarterly-2021.yml"


def parse(folder: Path, *changes: tuple[str, str]) -> Method:
    """Parse the shipped method with some text replaced, each at its first occurrence."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "method.yml"
    path.write_text(text, encoding="utf-8")
    return parse_method(read_document(path), Vocabulary.from_catalogue(load_catalogue()))


def line_of(text: str) -> int:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_shipped_method_covers_every_area_and_sums_to_a_hundred() -> None:
    method = parse_methods(load_catalogue())["cchc-quarterly-2021"]
    assert [area.node_code for area in method.areas] == ["I", "II", "III", "IV", "V", "VI", "VII"]
    assert sum(criterion.weight for criterion in method.criteria()) == Decimal(100)
    assert method.is_default
    assert [band.at_least for band in method.bands] == [80, 60, 0]


def test_every_criterion_has_a_name_and_a_reason_in_both_languages() -> None:
    for method in parse_methods(load_catalogue()).values():
        for criterion in method.criteria():
            assert criterion.name_vi and criterion.name_en and criterion.reason_vi and criterion.reason_en


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("is_default: true", "is_default: maybe", "is_default is 'maybe': must be a valid boolean"),
        ("is_default: true", "is_default: true\ncolour: red", "unknown key 'colour'"),
        ("        weight: 5\n", "        weight: 6\n", "the weights of the criteria of area I sum to 21, not to 20"),
        ("    weight: 20\n", "    weight: 21\n", "the weights of the criteria of area I sum to 20, not to 21"),
        ("        weight: 5\n", "        weight: five\n", "weight is 'five': must be a valid decimal"),
        ("        weight: 5\n", "        weight: -5\n", "weight is -5: must be greater than 0"),
        ("        weight: 5\n", "        weight: 5\n        max_points: 5\n", "give one of the two"),
        ("        weight: 5\n", "        weight: .nan\n", "weight is nan: must be a finite number"),
        ("numerator: plan_tasks_completed", "numerator: plan_tasks_complete", "the indicator 'plan_tasks_complete'"),
        ("numerator: plan_tasks_completed", "numerator: reform_inspection", "has no number: it is a heading"),
        ("denominator: plan_tasks_assigned", "denominator: district.bridges", "the indicator 'district.bridges'"),
        (
            "empty_denominator: drop",
            "empty_denominator: guess",
            "'guess' is unknown. Known are drop, full, zero",
        ),
        ("        empty_denominator: drop\n", "", "denominator and empty_denominator must be given together"),
        ("rule: linear", "rule: curved", "rule 'curved' is unknown"),
        ("rule: linear", "rule: capped", "the key 'threshold' is missing"),
        ("points: {0: 0, 1: 100}", "points: {0: 0}", "points must be given for the codes 0, 1"),
        ("points: {0: 0, 1: 100}", "points: {0: 0, 1: 101}", "1 is 101: must be less than or equal to 100"),
        ("blank: zero", "blank: half", "blank 'half' is unknown. Known are zero, drop, lowest"),
        ("  not_done: zero\n", "", "the key 'not_done' is missing"),
        ("{from: 80,", "{from: 50,", "must fall from the best band"),
        ("{from: 0,", "{from: 10,", "must fall from the best band"),
        ("- area: I\n", "- area: X\n", "the area 'X' is unknown"),
        ("criterion: provincial_tasks_on_time", "criterion: plan_tasks_done", "'plan_tasks_done' is used twice"),
        ("valid_from: 2020-12-15", "valid_from: soon", "valid_from is 'soon': must be a valid date"),
    ],
)
def test_an_invalid_method_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(tmp_path, (old, new))
    assert message in str(caught.value)
    assert caught.value.place.startswith("method.yml:")


def test_an_error_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(tmp_path, ("denominator: plan_tasks_assigned", "denominator: nothing"))
    assert caught.value.place == f"method.yml:{line_of('denominator: plan_tasks_assigned')}"


def test_areas_that_do_not_sum_to_a_hundred_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="areas sum to 101"):
        parse(tmp_path, ("    weight: 20\n", "    weight: 21\n"), ("        weight: 5\n", "        weight: 6\n"))


def test_weights_are_exact_decimals_as_written(tmp_path: Path) -> None:
    method = parse(
        tmp_path, ("        weight: 5\n", "        weight: 4.9\n"), ("        weight: 4\n", "        weight: 4.1\n")
    )
    assert [criterion.weight for criterion in method.criteria()][:2] == [Decimal("4.9"), Decimal("4.1")]


def test_a_linear_rule_needs_a_rate_or_a_quotient(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="a linear rule needs a rate or a quotient"):
        parse(tmp_path, ("value: survey_satisfaction_pct", "value: survey_forms"))


def test_a_change_of_any_text_changes_the_hash(tmp_path: Path) -> None:
    first = parse(tmp_path).content_hash()
    assert parse(tmp_path).content_hash() == first
    assert parse(tmp_path, ("Satisfaction is what", "Satisfaction is all")).content_hash() != first


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="'is_default' is given twice"):
        parse(tmp_path, ("is_default: true", "is_default: true\nis_default: false"))


SMALL = """
method_code: small
weights: parts
stages: [self, survey]
minimum_coverage: 0.5
tie_breaks: [b]
rounding: {criteria: 2}
areas:
  - group: first
    weight: 1
    aggregation: geometric
    criteria:
      - {criterion: a, weight: 1, rule: min_max, value: x, lowest_points: 1}
      - group: below
        weight: 2
        criteria:
          - {criterion: b, weight: 1, rule: percentile_rank, sum: [x, y], direction: lower}
          - criterion: c
            weight: 3
            rule: steps
            numerator: x
            denominator: y
            empty_denominator: full
            steps: [{from: 90, points: 100}, {from: 50, points: 40}]
            statuses: {blank: lowest}
  - {criterion: d, max_points: 2, rule: linear, external: z, stage: survey}
bonus:
  - {criterion: e, weight: 2, rule: code_list, value: y, points: {0: 0, 1: 100}}
penalties:
  - {criterion: f, weight: 1, rule: goalposts, value: y, zero_at: 0, full_at: 3}
"""


def small(folder: Path, *changes: tuple[str, str]) -> Method:
    """Parse a method for a table with the columns x, y and z, with some text replaced."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "small.yml"
    path.write_text(text, encoding="utf-8")
    return parse_method(read_document(path), Vocabulary.from_table(["x", "y", "z"]))


def test_a_tree_may_have_any_depth(tmp_path: Path) -> None:
    method = small(tmp_path)
    assert [node.node_code for _, node in method.walk()] == ["first", "a", "below", "b", "c", "d", "e", "f"]
    assert [node.node_code for node in method.criteria()] == ["a", "b", "c", "d", "e", "f"]
    assert method.stages == ("self", "survey")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: x, lowest", "value: w, lowest", "the indicator 'w' is unknown"),
        ("value: x, lowest", "value: x, sum: [y], lowest", "a needs exactly one of value, sum, external"),
        ("lowest_points: 1", "lowest_points: 100", "lowest_points is 100: must be less than 100"),
        ("rule: linear, external: z", "rule: linear, external: w", "the external score 'w' is unknown"),
        ("stage: survey", "stage: later", "stage 'later' is unknown"),
        ("aggregation: geometric", "aggregation: harmonic", "aggregation 'harmonic' is unknown"),
        ("weights: parts", "weights: half", "weights 'half' is unknown"),
        ("weights: parts", "weights: share", "the criteria of group below sum to 4, not to 2"),
        ("tie_breaks: [b]", "tie_breaks: [q]", "the tie-break 'q' is not a node"),
        ("minimum_coverage: 0.5", "minimum_coverage: 50", "minimum_coverage is 50: must be less than or equal to 1"),
        ("{criteria: 2}", "{criteria: 2.5}", "criteria is 2.5: must be a valid integer"),
        ("{criteria: 2}", "{bands: 2}", "unknown key 'bands'"),
        ("{from: 50, points: 40}", "{from: 90, points: 40}", "must rise or fall, each edge once"),
        ("blank: lowest", "blank: full", "blank 'full' is unknown"),
        ("stages: [self, survey]", "stages: [self, self]", "must not name anything twice"),
        ("criterion: e,", "criterion: a,", "'a' is used twice"),
        ("direction: lower", "direction: down", "direction 'down' is unknown"),
        ("points: {0: 0, 1: 100}", "points: {a: 0, 1: 100}", "a key of points is 'a': must be a number"),
        ("zero_at: 0, full_at: 3", "zero_at: 3, full_at: 3", "zero_at and full_at are the same"),
        ("group: below", "grup: below", "unknown key 'grup'"),
    ],
)
def test_every_key_of_a_nested_method_is_checked(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        small(tmp_path, (old, new))
    assert message in str(caught.value)
    assert caught.value.place.startswith("small.yml:")


def test_a_group_that_contains_itself_is_refused_with_its_line(tmp_path: Path) -> None:
    cyclic = "method_code: small\nareas:\n  - &g\n    group: a\n    weight: 100\n    criteria: [*g]\n"
    (tmp_path / "small.yml").write_text(cyclic, encoding="utf-8")
    with pytest.raises(CatalogueError, match="a node contains itself") as caught:
        parse_method(read_document(tmp_path / "small.yml"), Vocabulary.from_table(["x"]))
    assert caught.value.place == "small.yml:3"


def test_all_problems_of_a_method_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        small(tmp_path, ("value: x, lowest", "value: w, lowest"), ("stage: survey", "stage: later"))
    assert str(caught.value) == ("small.yml:13: the indicator 'w' is unknown; small.yml:26: stage 'later' is unknown")
    with pytest.raises(CatalogueError) as caught:
        small(tmp_path, ("weights: parts", "weights: half"), ("rule: min_max", "rule: max"), ("weight: 3", "weight: 0"))
    assert [line.split()[0] for line in str(caught.value).split("; ")] == [
        *("small.yml:3:", "small.yml:13:", "small.yml:19:")
    ]
