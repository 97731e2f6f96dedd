"""The kept suite is the generated one, and says of each expectation what the rules say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from etl.errors import CatalogueError
from etl.rules import load_rules
from etl.validation import build_suite, conditions, suite, suites
from etl.validation.checks import checks_of, rows_of
from etl.validation.comparisons import Comparison
from tests.unit.validation.factories import CATALOGUE, FORM

MEND = "run `python -m etl.validation.suites` and read the difference before you commit it"


def test_the_kept_suites_are_the_generated_ones(tmp_path: Path) -> None:
    for written in suites.write(tmp_path):
        kept = suite.SUITES / written.name
        assert kept.read_text(encoding="utf-8") == written.read_text(encoding="utf-8"), MEND
    assert sorted(path.name for path in suite.SUITES.glob("*.json")) == sorted(
        path.name for path in tmp_path.glob("*.json")
    )


def test_each_expectation_carries_the_validation_stage_rule_and_severity_of_its_check() -> None:
    known, built = load_rules(), build_suite(FORM, CATALOGUE, load_rules())
    assert len(built.expectations) == len({check.expectation for check in checks_of(FORM, known)})
    for expectation in built.expectations:
        rule = known[expectation.meta["rule_code"]]
        assert (expectation.meta["validation_stage"], expectation.severity.value) == (
            rule.validation_stage,
            rule.severity,
        )


def test_every_asked_number_is_checked_for_its_type() -> None:
    typed = {
        check.indicator_code
        for check in checks_of(FORM, load_rules())
        if check.rule.rule_code in ("count_not_whole", "rate_not_a_number", "code_unknown", "count_in_code_cell")
    }
    assert typed == {row.indicator.indicator_code for row in FORM.asked_rows if row.indicator.kind != "text"}


def test_a_comparison_has_a_column_of_its_own_and_a_cell_is_looked_at_once_a_rule() -> None:
    checks = checks_of(FORM, load_rules())
    assert len({(check.rule.rule_code, check.indicator_code) for check in checks}) == len(checks)
    comparisons = [check for check in checks if isinstance(check.condition, Comparison)]
    assert all(check.column == check.rule.rule_code for check in comparisons)
    assert not {check.column for check in checks if check not in comparisons} & {one.column for one in comparisons}


def test_each_expectation_names_the_rows_that_it_speaks_of() -> None:
    rows = {
        one.meta["rule_code"]: one.meta["indicator_codes"]
        for one in build_suite(FORM, CATALOGUE, load_rules()).expectations
    }
    assert rows["procedures_in_force_sum"] == ["procedures_in_force"]
    assert rows["district_unknown"] == []
    assert len(rows["communes_within_reference"]) == 7


def test_there_are_sixty_rules_and_more_beyond_single_cells() -> None:
    beyond = [
        rule
        for rule in load_rules().values()
        if rule.expression and conditions.parse(rule.expression) is None and not rule.expression.startswith("head.")
    ]
    assert len(beyond) >= 60


def test_a_scope_names_rows_by_kind_by_need_or_one_by_one_and_leaves_out() -> None:
    codes = [row.indicator.indicator_code for row in rows_of("kind:code_list -survey_mode plan_tasks_assigned", FORM)]
    assert codes[0] == "plan_tasks_assigned"
    assert "survey_mode" not in codes
    assert "dialogue_held" in codes
    assert len(rows_of("asked", FORM)) == len(FORM.asked_rows)
    assert all(row.is_required for row in rows_of("required", FORM))


@pytest.mark.parametrize("expression", ["plan_tasks_assigned.weather = 1", "head.weather = 1", "district.weather = 1"])
def test_a_rule_that_asks_for_what_nobody_knows_is_an_error(expression: str) -> None:
    rule = replace(load_rules()["procedures_in_force_sum"], rule_code="odd", expression=expression)
    with pytest.raises(CatalogueError, match="weather"):
        checks_of(FORM, {"odd": rule})


def test_a_rule_whose_rows_the_form_lacks_falls_away() -> None:
    rule = replace(load_rules()["procedures_in_force_sum"], rule_code="other_form", expression="no_such_row = 1")
    assert checks_of(FORM, {"other_form": rule}) == ()


def test_no_rule_of_the_shipped_catalogue_falls_away_on_all_shipped_forms() -> None:
    used = {check.rule.rule_code for form in CATALOGUE.forms.values() for check in checks_of(form, load_rules())}
    assert used == {rule.rule_code for rule in load_rules().values() if rule.expression}
