"""The policy file decides, and a policy that cannot be meant is refused."""

from __future__ import annotations

from typing import Any

import pytest

from etl.errors import CatalogueError
from etl.findings import Finding, RenderedFinding, Severity
from etl.rules import VALIDATION_STAGES, load_rules
from etl.validation import policy


def _found(severity: Severity, rule_code: str = "some_rule", indicator_code: str = "") -> RenderedFinding:
    return RenderedFinding(Finding(rule_code, indicator_code=indicator_code), severity, "", "")


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ([], "accepted"),
        ([_found("info")], "accepted"),
        ([_found("info"), _found("warning")], "accepted_with_warnings"),
        ([_found("warning"), _found("critical")], "rejected"),
        ([_found("critical"), _found("critical", "form_unknown")], "held"),
        ([_found("critical", "form_not_in_force")], "held"),
        ([_found("warning", "value_undecidable", "needed")], "held"),
        ([_found("warning", "value_not_a_number", "needed")], "held"),
        ([_found("warning", "value_undecidable", "other")], "accepted_with_warnings"),
        ([_found("warning", "value_undecidable", "needed"), _found("critical")], "rejected"),
    ],
)
def test_the_shipped_policy_decides(found: list[RenderedFinding], status: str) -> None:
    assert policy.load().status(found, {"needed"}) == status


VALIDATION_STAGES_SHIPPED = [[validation_stage] for validation_stage in VALIDATION_STAGES]


@pytest.mark.parametrize(
    "document",
    [
        {"validation_stages": VALIDATION_STAGES_SHIPPED},
        {"validation_stages": VALIDATION_STAGES_SHIPPED[1:], "decisions": [{"status": "accepted"}]},
        {"validation_stages": VALIDATION_STAGES_SHIPPED, "decisions": []},
        {
            "validation_stages": VALIDATION_STAGES_SHIPPED,
            "decisions": [{"status": "held", "when": {"severity": "critical"}}],
        },
        {"validation_stages": VALIDATION_STAGES_SHIPPED, "decisions": [{"status": "perhaps"}]},
        {
            "validation_stages": VALIDATION_STAGES_SHIPPED,
            "decisions": [{"status": "held", "when": {"severity": "bad"}}, {"status": "held"}],
        },
        {
            "validation_stages": VALIDATION_STAGES_SHIPPED,
            "decisions": [{"status": "held", "if": {}}, {"status": "held"}],
        },
        {
            "validation_stages": VALIDATION_STAGES_SHIPPED,
            "decisions": [{"status": "held", "when": {"mood": 1}}, {"status": "held"}],
        },
    ],
)
def test_a_policy_that_cannot_be_meant_is_an_error(document: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError, match=r"policy\.yml"):
        policy.parse(document)


def test_every_rule_that_the_policy_names_exists() -> None:
    named = {code for decision in policy.load().decisions for code in decision.rules}
    assert named
    assert named <= set(load_rules())


def test_what_a_report_is_cannot_be_waived_but_what_it_says_can() -> None:
    known = load_rules()
    assert not policy.is_waivable(known["district_unknown"])
    assert policy.is_waivable(known["procedures_in_force_sum"])
