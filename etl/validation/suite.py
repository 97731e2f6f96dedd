"""The Great Expectations suite of a form: generated from the catalogue and the rules, kept in expectations/suites/.

The kept file is what runs, so that a change of a rule is seen as a difference of the suite;
`python -m etl.validation.suites` writes it anew. A form that is not shipped has no kept file: its suite is made when
it is needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from etl.catalogue import Catalogue, Form
from etl.rules import Rule
from etl.settings import PROJECT_ROOT
from etl.validation.checks import Check, checks_of
from etl.validation.comparisons import Comparison

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

SUITES = PROJECT_ROOT / "expectations" / "suites"
_FINGERPRINT = "fingerprint"


def build_suite(form: Form, catalogue: Catalogue, rules: Mapping[str, Rule]) -> ExpectationSuite:
    """The expectations of a form, with validation stage, rule and indicators in their meta and the rule's severity.

    A condition on cells has one for each cell, a comparison one for all the rows that it speaks of.
    """
    from great_expectations import ExpectationSuite

    by_expectation: dict[tuple[str, str], list[Check]] = {}
    for check in checks_of(form, rules):
        by_expectation.setdefault(check.expectation, []).append(check)
    return ExpectationSuite(
        name=form.form_code,
        expectations=[_expectation(checks, catalogue) for checks in by_expectation.values()],
        meta={"form_code": form.form_code, _FINGERPRINT: fingerprint(form, catalogue, rules)},
    )


def kept_or_built(form: Form, catalogue: Catalogue, rules: Mapping[str, Rule]) -> ExpectationSuite:
    """The kept suite of a form, or a new one where none is kept for exactly this form and these rules."""
    from great_expectations import ExpectationSuite

    kept = read_kept(form.form_code)
    if kept and kept["meta"][_FINGERPRINT] == fingerprint(form, catalogue, rules):
        return ExpectationSuite(**kept)
    return build_suite(form, catalogue, rules)


def part_of(suite: ExpectationSuite, checks: Sequence[Check]) -> ExpectationSuite:
    """The expectations of some checks alone, those of a validation stage."""
    from great_expectations import ExpectationSuite

    wanted = {check.expectation for check in checks}
    expectations = [one for one in suite.expectations if ((one.meta or {})["rule_code"], one.column) in wanted]  # type: ignore[attr-defined]
    return ExpectationSuite(name=suite.name, expectations=expectations, meta=suite.meta, notes=suite.notes)


def read_kept(form_code: str) -> dict[str, Any]:
    """The kept suite as a document; empty if there is none."""
    path = SUITES / f"{form_code}.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return document


def fingerprint(form: Form, catalogue: Catalogue, rules: Mapping[str, Rule]) -> str:
    """Tells whether a kept suite was made from this form, these code lists and these rules."""
    parts = [
        [check.rule.rule_code, check.rule.validation_stage, check.rule.severity, check.rule.expression, check.column]
        + [check.indicator_code, *check.terms]
        + ([] if isinstance(check.condition, Comparison) else _codes(check, catalogue))
        for check in checks_of(form, rules)
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def as_document(suite: ExpectationSuite) -> dict[str, Any]:
    """A suite as it is kept: without what names a machine or a version."""
    document: dict[str, Any] = suite.to_json_dict()
    document["meta"].pop("great_expectations_version", None)
    return {key: value for key, value in document.items() if key not in ("id", "notes")}


def _codes(check: Check, catalogue: Catalogue) -> list[str]:
    name = catalogue.indicators[check.indicator_code].code_list
    return list(catalogue.code_lists[name].labels_vi) if name else []


def _expectation(checks: Sequence[Check], catalogue: Catalogue) -> dict[str, Any]:
    """An expectation in Great Expectations' own document form."""
    check, codes = checks[0], [one.indicator_code for one in checks if one.indicator_code]
    kind, arguments = _type_and_arguments(check, catalogue)
    return {
        "type": f"expect_column_values_to_{kind}",
        "kwargs": {"column": check.column, **arguments},
        "meta": {
            "validation_stage": check.rule.validation_stage,
            "rule_code": check.rule.rule_code,
            "indicator_codes": codes,
            **({"terms": list(check.terms)} if check.terms else {}),
        },
        "severity": check.rule.severity,
    }


def _type_and_arguments(check: Check, catalogue: Catalogue) -> tuple[str, dict[str, Any]]:
    condition = check.condition
    if isinstance(condition, Comparison):
        return "be_between", {"min_value": 0.0, "max_value": 0.0}
    if condition.verb == "between":
        low, high = condition.bounds
        return "be_between", {"min_value": low, "max_value": high}
    if condition.verb == "in code_list":
        return "be_in_set", {"value_set": _codes(check, catalogue)}
    if condition.verb == "is not":
        return "not_be_in_set", {"value_set": [condition.argument]}
    return "not_match_regex" if condition.verb == "not matches" else "match_regex", {"regex": condition.pattern}
