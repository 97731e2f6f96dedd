"""Results of the validation stages of a submission."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from etl.reports.validation_stages import VALIDATION_STAGE_NAMES, validation_stages_of
from etl.rules import VALIDATION_STAGES, Rule
from tests.unit.reports.factories import finding

ORDER = (("reading", "head"), ("types",), ("appendix",), ("districts",))


def rules(**validation_stages: str) -> Mapping[str, Rule]:
    """Return one rule per validation stage by code, with none for the stage `districts`."""
    stages = {"r": "reading", "h": "head", "t": "types", "a": "appendix"} | validation_stages
    return {code: Rule(code, stage, "critical", *[""] * 7) for code, stage in stages.items()}


def states(status: str, *severities: tuple[str, str]) -> dict[str, str]:
    findings = [finding(severity, rule_code=code) for code, severity in severities]  # type: ignore[arg-type]
    return {stage.code: stage.state for stage in validation_stages_of(status, findings, ORDER, rules())}


def test_a_stage_without_findings_is_passed_and_one_without_rules_has_no_rules() -> None:
    assert states("accepted") == {
        "reading": "passed",
        "head": "passed",
        "types": "passed",
        "appendix": "passed",
        "districts": "no_rules",
    }


def test_a_warning_does_not_stop_validation() -> None:
    result = states("accepted_with_warnings", ("t", "warning"), ("a", "info"))
    assert (result["types"], result["appendix"]) == ("warned", "passed")


def test_a_critical_finding_stops_the_following_stages() -> None:
    result = states("rejected", ("t", "critical"), ("t", "warning"))
    assert (result["head"], result["types"], result["appendix"]) == ("passed", "stopped", "not_reached")


def test_stages_of_one_group_are_all_reported() -> None:
    result = states("misfiled", ("r", "critical"), ("h", "warning"))
    assert (result["reading"], result["head"], result["types"]) == ("stopped", "warned", "not_reached")


def test_an_unreadable_file_does_not_reach_the_head_stage() -> None:
    assert states("unreadable", ("r", "critical"))["head"] == "not_reached"


@pytest.mark.parametrize("status", ["received", "parsed"])
def test_a_waiting_submission_is_not_validated(status: str) -> None:
    assert set(states(status).values()) == {"not_validated"}


def test_a_finding_of_a_deleted_rule_is_kept() -> None:
    stages = validation_stages_of("rejected", [finding("critical", rule_code="gone")], ORDER, rules())
    assert (stages[0].code, stages[0].state, stages[0].count("critical")) == ("reading", "stopped", 1)


def test_every_validation_stage_has_a_name() -> None:
    assert set(VALIDATION_STAGE_NAMES) == set(VALIDATION_STAGES)
