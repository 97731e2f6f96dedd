"""The kept suites are what the rules compile to, and a changed rule is a short difference in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest

from etl.errors import CatalogueError
from etl.rules import Rule, load_rules
from etl.validation import suites as writer
from etl.validation.expressions import CellCondition, parse_expression
from etl.validation.suite import (
    CELLS,
    COMPARISON,
    REPORTS,
    SUITES_FOLDER,
    Expectation,
    compile_suites,
    load_suites,
    rows_in_scope,
)
from tests.unit.validation.factories import CATALOGUE, FORM

EVALUATED = [rule.rule_code for rule in load_rules().values() if rule.expression]
FIX = "run `python -m etl.validation.suites` and read the difference before you commit it"


def compiled(rules: Mapping[str, Rule] | None = None) -> list[Expectation]:
    """The expectations of all shipped forms."""
    forms = CATALOGUE.forms.values()
    return [one for form in forms for suite in compile_suites(form, CATALOGUE, rules or load_rules()).values()
            for one in suite]  # fmt: skip


def with_change(rule_code: str, **changes: str) -> Mapping[str, Rule]:
    return {**load_rules(), rule_code: replace(load_rules()[rule_code], **changes)}  # type: ignore[arg-type]


def test_the_kept_suites_are_the_compiled_ones(tmp_path: Path) -> None:
    for written in writer.write_suites(tmp_path):
        kept = SUITES_FOLDER / written.name
        assert kept.read_text(encoding="utf-8") == written.read_text(encoding="utf-8"), FIX
    assert {path.name for path in SUITES_FOLDER.glob("*.json")} == {path.name for path in tmp_path.glob("*.json")}


def test_the_kept_suites_are_the_ones_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.validation.suite.compile_suites", lambda *_: pytest.fail("compiled anew"))
    assert load_suites(FORM, CATALOGUE, load_rules())[CELLS]


def _other_operator(expression: str) -> str:
    operator = next(operator for operator in ("<=", ">=", "!=", "=") if operator in expression)
    return expression.replace(operator, ">=" if operator == "<=" else "<=", 1)


def _changes(rule: Rule) -> Iterator[tuple[str, str]]:
    """Another value for each field of a rule that says what is checked."""
    yield "severity", "info" if rule.severity != "info" else "warning"
    if rule.scope != "submission":
        yield "scope", next(code for code in ("survey_mode", "dialogue_held") if code != rule.scope)
    if isinstance(parse_expression(rule.expression), CellCondition):
        yield "expression", "value matches ^other$"
    else:
        yield "expression", _other_operator(rule.expression)
        yield "tolerance", "" if rule.tolerance else "rounding"


CHANGES = [(rule, *change) for rule in load_rules().values() if rule.expression for change in _changes(rule)]


@pytest.mark.parametrize(
    ("rule", "field", "value"), CHANGES, ids=[f"{rule.rule_code}-{field}" for rule, field, _ in CHANGES]
)
def test_changing_a_rule_changes_its_expectations_and_no_others(rule: Rule, field: str, value: str) -> None:
    before, after = compiled(), compiled(with_change(rule.rule_code, **{field: value}))
    others = [[one for one in suite if one["meta"]["rule_code"] != rule.rule_code] for suite in (before, after)]
    assert others[0] == others[1]
    assert before != after


def test_a_changed_operator_is_one_changed_line_of_the_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stricter = with_change(
        "plan_tasks_completed_within_assigned", expression="plan_tasks_completed = plan_tasks_assigned"
    )
    monkeypatch.setattr(writer, "load_rules", lambda: stricter)
    writer.write_suites(tmp_path)
    name = f"{FORM.form_code}.{REPORTS}.json"
    kept, written = (folder.joinpath(name).read_text("utf-8").splitlines() for folder in (SUITES_FOLDER, tmp_path))
    changed = [line.strip() for line in unified_diff(kept, written, n=0, lineterm="") if line[0] in "+-"][2:]
    assert [line for line in changed if "source_hash" not in line] == [
        '-        "expression": "plan_tasks_completed <= plan_tasks_assigned",',
        '+        "expression": "plan_tasks_completed = plan_tasks_assigned",',
    ]


def test_each_rule_has_one_expectation_unless_it_asks_for_codes() -> None:
    found = [
        one["meta"]["rule_code"] for suite in compile_suites(FORM, CATALOGUE, load_rules()).values() for one in suite
    ]
    assert sorted({code for code in found if found.count(code) > 1}) == ["code_unknown"]


def test_every_evaluated_rule_applies_to_a_shipped_form() -> None:
    assert {one["meta"]["rule_code"] for one in compiled()} == set(EVALUATED)


def test_each_expectation_carries_the_stage_and_the_severity_of_its_rule() -> None:
    for expectation in compiled():
        rule = load_rules()[expectation["meta"]["rule_code"]]
        assert expectation["severity"] == rule.severity
        assert expectation["meta"]["validation_stage"] == rule.validation_stage


def test_types_of_great_expectations_are_used_where_they_fit() -> None:
    types = {one["meta"]["rule_code"]: one["type"] for one in compiled()}
    assert types["count_not_whole"] == "expect_column_values_to_match_regex"
    assert types["rate_out_of_range"] == "expect_column_values_to_be_between"
    assert types["code_unknown"] == "expect_column_values_to_be_in_set"
    assert types["required_blank"] == "expect_column_values_to_not_be_in_set"
    assert types["same_as_last_report"] == "expect_column_values_to_be_between"
    assert types["procedures_in_force_sum"] == COMPARISON


def test_every_asked_number_is_checked_for_its_type() -> None:
    rules = ("count_not_whole", "rate_not_a_number", "code_unknown", "count_in_code_cell")
    scopes = [load_rules()[code].scope for code in rules]
    typed = {row.indicator.indicator_code for scope in scopes for row in rows_in_scope(scope, FORM)}
    assert typed == {row.indicator.indicator_code for row in FORM.asked_rows if row.indicator.kind != "text"}


def test_a_scope_names_rows_by_kind_by_need_or_by_code_and_leaves_out() -> None:
    rows = rows_in_scope("kind:code_list -survey_mode plan_tasks_assigned", FORM)
    codes = [row.indicator.indicator_code for row in rows]
    assert codes[0] == "plan_tasks_assigned"
    assert "survey_mode" not in codes
    assert "dialogue_held" in codes
    assert len(rows_in_scope("asked", FORM)) == len(FORM.asked_rows)
    assert all(row.is_required for row in rows_in_scope("required", FORM))


@pytest.mark.parametrize(
    "expression",
    ["plan_tasks_assigned.weather = 1", "head.weather = 1", "district.weather = 1", "note.weather = value"],
)
def test_an_operand_that_does_not_exist_is_an_error(expression: str) -> None:
    rule = replace(load_rules()["procedures_in_force_sum"], rule_code="odd", expression=expression)
    with pytest.raises(CatalogueError, match="weather"):
        compile_suites(FORM, CATALOGUE, {"odd": rule})


def test_a_rule_about_rows_that_the_form_lacks_is_left_out() -> None:
    rule = replace(load_rules()["procedures_in_force_sum"], rule_code="other_form", expression="no_such_row = 1")
    assert compile_suites(FORM, CATALOGUE, {"other_form": rule}) == {CELLS: [], REPORTS: []}


def test_only_expectations_for_the_kind_of_period_are_loaded() -> None:
    loaded = {term: load_suites(FORM, CATALOGUE, load_rules(), term)[CELLS] for term in ("Q1", "H1")}
    codes = {term: {one["meta"]["rule_code"] for one in suite} for term, suite in loaded.items()}
    assert codes["H1"] - codes["Q1"] == {"derived_second_quarter_negative"}
