"""What each validation stage says of a file."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from etl.reports.validation_stages import VALIDATION_STAGE_NAMES, validation_stages_of
from etl.rules import VALIDATION_STAGES, Rule
from tests.unit.reports.factories import fault

ORDER = (("reading", "head"), ("types",), ("appendix",), ("districts",))


def rules(**validation_stages: str) -> Mapping[str, Rule]:
    """Rules by code, each of a validation stage; of every validation stage but districts there is one."""
    known = {"r": "reading", "h": "head", "t": "types", "a": "appendix"} | validation_stages
    return {code: Rule(code, validation_stage, "critical", *[""] * 7) for code, validation_stage in known.items()}


def states(status: str, *found: tuple[str, str]) -> dict[str, str]:
    findings = [fault(severity, rule_code=code) for code, severity in found]  # type: ignore[arg-type]
    return {each.code: each.state for each in validation_stages_of(status, findings, ORDER, rules())}


def test_a_validation_stage_without_findings_is_passed_and_one_without_rules_says_so() -> None:
    assert states("accepted") == {
        "reading": "passed",
        "head": "passed",
        "types": "passed",
        "appendix": "passed",
        "districts": "no_rules",
    }


def test_a_warning_stops_nothing() -> None:
    told = states("accepted_with_warnings", ("t", "warning"), ("a", "info"))
    assert (told["types"], told["appendix"]) == ("warned", "passed")


def test_a_critical_finding_ends_what_follows() -> None:
    told = states("rejected", ("t", "critical"), ("t", "warning"))
    assert (told["head"], told["types"], told["appendix"]) == ("passed", "stopped", "not_reached")


def test_validation_stages_of_one_group_are_told_together() -> None:
    told = states("misfiled", ("r", "critical"), ("h", "warning"))
    assert (told["reading"], told["head"], told["types"]) == ("stopped", "warned", "not_reached")


def test_what_could_not_be_read_has_no_head() -> None:
    assert states("unreadable", ("r", "critical"))["head"] == "not_reached"


@pytest.mark.parametrize("status", ["received", "parsed"])
def test_what_waits_was_not_judged(status: str) -> None:
    assert set(states(status).values()) == {"not_judged"}


def test_a_finding_of_a_rule_that_is_gone_is_not_lost() -> None:
    told = validation_stages_of("rejected", [fault("critical", rule_code="gone")], ORDER, rules())
    assert (told[0].code, told[0].state, told[0].count("critical")) == ("reading", "stopped", 1)


def test_every_validation_stage_of_the_rules_has_a_name() -> None:
    assert set(VALIDATION_STAGE_NAMES) == set(VALIDATION_STAGES)
