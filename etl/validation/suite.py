"""The Great Expectations suites of a form: one expectation for each rule, compiled from rules.csv and the catalogue.

A form has two suites, because rules look at two shapes of the same reports (see frames.py): `cells` has a row for each
cell, `reports` a row for each report. They are kept as JSON in expectations/suites/, so that a changed rule is seen as
a changed expectation; `python -m etl.validation.suites` writes them. A form that is not shipped has no files: its
suites are compiled when they are needed. Everything here is plain data and imports neither pandas nor
Great Expectations.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from etl.catalogue import Catalogue, Form, FormRow
from etl.errors import CatalogueError
from etl.rules import Rule
from etl.settings import PROJECT_ROOT
from etl.validation.expressions import NUMBER, WHOLE_NUMBER, CellCondition, Comparison, find_names, parse_expression
from etl.validation.facts import FACTS
from etl.validation.history import ROW_FIGURES
from etl.validation.notes import load_note_figures

SUITES_FOLDER = PROJECT_ROOT / "expectations" / "suites"
CELLS, REPORTS = "cells", "reports"
SUBMISSION, INDICATOR = "submission_id", "indicator_code"  # key columns of the frames
COMPARISON = "expect_multicolumn_comparison_to_hold"
NARRATIVE = "narrative.value"

Expectation = dict[str, Any]
Condition = dict[str, Any]
Suites = dict[str, list[Expectation]]
_TERM = "term:"
_ROW_PREFIXES = ("note.", "history.", "narrative.")  # operands that belong to the row of the scope


def load_suites(form: Form, catalogue: Catalogue, rules: Mapping[str, Rule], term: str = "") -> Suites:
    """The suites of a form as kept in files, or compiled if none are kept for exactly this form and these rules.

    With `term` (Q1, H1, …) only the expectations that apply to such periods.
    """
    source_hash = hash_sources(form, catalogue, rules)
    suites: Suites = {}
    for name in (CELLS, REPORTS):
        path = SUITES_FOLDER / f"{form.form_code}.{name}.json"
        document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"meta": {}}
        if document["meta"].get("source_hash") != source_hash:
            suites = compile_suites(form, catalogue, rules)
            break
        suites[name] = document["expectations"]
    return {name: [one for one in suites[name] if term in one["meta"].get("terms", [term])] for name in suites}


def hash_sources(form: Form, catalogue: Catalogue, rules: Mapping[str, Rule]) -> str:
    """A hash of what the suites are compiled from: rules, form and code lists."""
    parts = (
        [(rule.rule_code, rule.validation_stage, rule.severity, rule.scope, rule.expression, rule.tolerance)
         for rule in rules.values()],
        [(row.indicator.indicator_code, row.indicator.kind, row.indicator.nature, row.indicator.code_list,
          row.is_required, tuple(_codes(row, catalogue))) for row in form.asked_rows],
    )  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def compile_suites(form: Form, catalogue: Catalogue, rules: Mapping[str, Rule]) -> Suites:
    """Both suites of a form, in the order of the rules.

    A rule about rows that the form lacks is left out. Raises CatalogueError for an expression that is not valid.
    """
    suites: Suites = {CELLS: [], REPORTS: []}
    for rule in rules.values():
        if rule.expression:
            for name, expectation in _compile(rule, form, catalogue):
                suites[name].append(expectation)
    return suites


def _compile(rule: Rule, form: Form, catalogue: Catalogue) -> Iterator[tuple[str, Expectation]]:
    """The expectation of a rule with its suite; one for each code list if the rule asks for codes."""
    rows = rows_in_scope(rule.scope, form)
    expression = parse_expression(rule.expression)
    if rule.scope != "submission" and not rows:
        return
    if isinstance(expression, CellCondition):
        if expression.verb != "in code_list":
            yield CELLS, _expectation(rule, *_cell_kwargs(expression), row_condition=_row_condition(rule.scope))
        for name, codes in _by_code_list(rule, rows if expression.verb == "in code_list" else ()):
            kwargs = _cell_kwargs(expression, catalogue.code_lists[name].labels_vi)
            yield CELLS, _expectation(rule, *kwargs, row_condition=_compare(INDICATOR, "IN", codes))
    elif _is_about_rows(expression):
        _check_names(rule, expression, form)
        yield CELLS, _expectation(rule, *_comparison_kwargs(expression, rule), row_condition=_row_condition(rule.scope))
    elif _check_names(rule, expression, form):
        cells = [name for name in find_names(expression.left) if "." not in name]
        about = list(dict.fromkeys([*cells, *(row.indicator.indicator_code for row in rows)]))
        yield REPORTS, _expectation(rule, *_comparison_kwargs(expression, rule), indicator_codes=about)


def _by_code_list(rule: Rule, rows: Iterable[FormRow]) -> Iterable[tuple[str, list[str]]]:
    """The indicators of the rows by code list."""
    by_list: dict[str, list[str]] = {}
    for row in rows:
        if not row.indicator.code_list:
            code = row.indicator.indicator_code
            raise CatalogueError("rules.csv", f"{rule.rule_code}: the indicator {code!r} has no code list")
        by_list.setdefault(row.indicator.code_list, []).append(row.indicator.indicator_code)
    return by_list.items()


def _expectation(
    rule: Rule,
    kind: str,
    kwargs: dict[str, Any],
    *,
    row_condition: Condition | None = None,
    indicator_codes: Iterable[str] = (),
) -> Expectation:
    """An expectation as Great Expectations reads it. `indicator_codes`: the first reported one is the cell to name."""
    terms = [word.removeprefix(_TERM) for word in rule.scope.split() if word.startswith(_TERM)]
    condition = {"row_condition": row_condition} if row_condition else {}
    meta = {
        "rule_code": rule.rule_code,
        "validation_stage": rule.validation_stage,
        "indicator_codes": list(indicator_codes),
        "terms": terms,
    }
    return {
        "meta": {key: value for key, value in meta.items() if value},
        "type": kind,
        "severity": rule.severity,
        "kwargs": kwargs | condition,
    }


def _cell_kwargs(condition: CellCondition, codes: Iterable[str] = ()) -> tuple[str, dict[str, Any]]:
    column = {"value": "value_text"}.get(condition.subject, condition.subject)
    match condition.verb:
        case "between":
            low, high = condition.argument.split(" and ")
            return "expect_column_values_to_be_between", {
                "column": "value", "min_value": float(low), "max_value": float(high),
            }  # fmt: skip
        case "in code_list":
            return "expect_column_values_to_be_in_set", {"column": column, "value_set": list(codes)}
        case "is not":
            return "expect_column_values_to_not_be_in_set", {"column": column, "value_set": [condition.argument]}
        case "not matches":
            return "expect_column_values_to_not_match_regex", {"column": column, "regex": condition.argument}
        case verb:
            pattern = {"is whole": WHOLE_NUMBER, "is number": NUMBER}.get(verb, condition.argument)
            return "expect_column_values_to_match_regex", {"column": column, "regex": pattern}


def _comparison_kwargs(comparison: Comparison, rule: Rule) -> tuple[str, dict[str, Any]]:
    """One of Great Expectations' own types where a single operand is compared with a number, else our own."""
    names = comparison.names
    if names == (comparison.left,) and comparison.right.isdigit() and not rule.tolerance:
        bound = float(comparison.right)
        limits = {"=": (bound, bound), ">=": (bound, None), "<=": (None, bound)}.get(comparison.operator)
        if limits:
            bounds = {"min_value": limits[0], "max_value": limits[1]}
            kwargs = {"column": names[0]} | {key: value for key, value in bounds.items() if value is not None}
            return "expect_column_values_to_be_between", kwargs
    tolerance = f"{comparison.left}.{rule.tolerance}" if rule.tolerance else ""
    return COMPARISON, {
        "expression": rule.expression,
        "tolerance": tolerance,
        "column_list": [*names, *filter(None, [tolerance])],
        "ignore_row_if": "never" if comparison.has_functions else "any_value_is_missing",
    }


def _is_about_rows(comparison: Comparison) -> bool:
    """Whether it speaks of each row of its scope by itself, rather than of named indicators or the whole report."""
    whole_report = {f"{owner}.{part}" for owner, parts in FACTS.items() for part in parts}
    return any(name == "value" or (name.startswith(_ROW_PREFIXES) and name not in whole_report)
               for name in comparison.names)  # fmt: skip


def rows_in_scope(scope: str, form: Form) -> tuple[FormRow, ...]:
    """The asked rows that a scope names; expectations/README.md describes the words of a scope."""
    words = [word for word in scope.split() if not word.startswith(_TERM)]
    excluded = {word[1:] for word in words if word.startswith("-")}
    wanted = [set(word.split("+")) for word in words if not word.startswith("-")]

    def is_wanted(row: FormRow) -> bool:
        names = {row.indicator.indicator_code, f"kind:{row.indicator.kind}", f"nature:{row.indicator.nature}", "asked"}
        return any(names | ({"required"} if row.is_required else set()) >= parts for parts in wanted)

    return tuple(row for row in form.asked_rows if row.indicator.indicator_code not in excluded and is_wanted(row))


def _row_condition(scope: str) -> Condition:
    """The scope as a filter on the columns of the cells; empty for all of them."""
    words = [word for word in scope.split() if not word.startswith(_TERM)]
    excluded = [word[1:] for word in words if word.startswith("-")]
    codes = [word for word in words if ":" not in word and word not in ("asked", "required") and word[0] != "-"]
    options = [list(map(_test, word.split("+"))) for word in words if ":" in word or word == "required"]
    options += [[_compare(INDICATOR, "IN", codes)]] * bool(codes)
    if "asked" in words:
        options = [[]]
    # Great Expectations allows alternatives of conjunctions alone, so each alternative leaves out the same rows.
    left_out = [_compare(INDICATOR, "NOT_IN", excluded)] * bool(excluded)
    return _join("or", [_join("and", [*tests, *left_out]) for tests in options])


def _test(word: str) -> Condition:
    column, _, value = word.partition(":")
    return _compare(column, "==", value) if value else _compare(f"is_{column}", "==", True)


def _compare(column: str, operator: str, parameter: object) -> Condition:
    return {"type": "comparison", "column": {"name": column}, "operator": operator, "parameter": parameter}


def _join(kind: str, conditions: list[Condition]) -> Condition:
    if len(conditions) > 1:
        return {"type": kind, "conditions": conditions}
    return conditions[0] if conditions else {}


def _codes(row: FormRow, catalogue: Catalogue) -> list[str]:
    name = row.indicator.code_list
    return list(catalogue.code_lists[name].labels_vi) if name else []


def _check_names(rule: Rule, comparison: Comparison, form: Form) -> bool:
    """Whether the form has all operands. Raises CatalogueError for a fact or figure that does not exist at all."""
    codes = {row.indicator.indicator_code for row in form.asked_rows}
    figures = (*load_note_figures(), *ROW_FIGURES)
    for name in comparison.names:
        owner, _, part = name.partition(".")
        parts = {"note": tuple(load_note_figures()), "narrative": ("value",)}.get(owner, FACTS.get(owner, figures))
        if owner == "history":
            parts = (*parts, *ROW_FIGURES)
        if part and part not in parts:
            raise CatalogueError("rules.csv", f"{rule.rule_code}: {name!r} is unknown", f"Known are {', '.join(parts)}")
    owners = {name.partition(".")[0] for name in comparison.names}
    return owners <= codes | set(FACTS)
