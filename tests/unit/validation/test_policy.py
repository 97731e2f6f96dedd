"""The shipped policy decides the status; an invalid policy is an error with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.catalogue.document import read_document
from etl.errors import CatalogueError
from etl.findings import Finding, RenderedFinding, Severity
from etl.rules import VALIDATION_STAGES, load_rules
from etl.validation.policy import is_waivable, load_policy, parse_policy


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
    assert load_policy().decide_status(found, {"needed"}) == status


VALID = f"""
validation_stages: [{", ".join(f"[{stage}]" for stage in VALIDATION_STAGES)}]
waivable: [types]
decisions:
  - status: held
    when: {{severity: critical}}
  - status: accepted
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("waivable: [types]", "", "the key 'waivable' is missing"),
        ("[reading], ", "", "must name each of"),
        ("[reading]", "[writing]", "'writing' is unknown"),
        ("waivable: [types]", "waivable: [writing]", "'writing' is unknown"),
        ("  - status: accepted\n", "", "the last decision must have no conditions"),
        ("status: held", "status: perhaps", "policy.yml:5: status 'perhaps' is unknown"),
        ("severity: critical", "severity: bad", "policy.yml:6: severity 'bad' is unknown"),
        ("severity: critical", "mood: 1", "policy.yml:6: unknown key 'mood'"),
        ("when:", "if:", "policy.yml:6: unknown key 'if'"),
    ],
)
def test_an_invalid_policy_is_an_error_with_file_and_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(VALID, encoding="utf-8")
    assert parse_policy(read_document(path)).decisions
    assert VALID.count(old) >= 1
    path.write_text(VALID.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        parse_policy(read_document(path))
    assert str(caught.value).startswith("policy.yml:")
    assert problem in str(caught.value)


def test_every_rule_that_the_policy_names_exists() -> None:
    named = {code for decision in load_policy().decisions if decision.when for code in decision.when.rules}
    assert named
    assert named <= set(load_rules())


def test_rules_that_define_a_report_cannot_be_waived() -> None:
    rules = load_rules()
    assert not is_waivable(rules["district_unknown"])
    assert is_waivable(rules["procedures_in_force_sum"])
