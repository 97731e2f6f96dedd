"""Every rule has cases that pass and cases that fail (`<rule_code>.yml`), validated together in one run a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from etl import periods
from etl.catalogue import ReportingPeriod
from etl.findings import Finding
from etl.rules import load_rules
from etl.validation import Candidate, validate
from etl.validation.evaluation import evaluate
from etl.validation.policy import load_policy
from tests.unit.validation.factories import CATALOGUE, FORM, PERIOD, blank_report, correct_report, location_of

if TYPE_CHECKING:
    from etl.validation.validate import Runner

EVALUATED = [rule.rule_code for rule in load_rules().values() if rule.expression]
CASES = sorted(Path(__file__).parent.glob("*.yml"))


class Case(NamedTuple):
    name: str
    rule_code: str
    must_fail: bool
    described: Mapping[str, Any]


def _cases() -> list[Case]:
    return [
        Case(f"{path.stem}: {described['why']}", path.stem, kind == "fails", described)
        for path in CASES
        for kind, cases in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for described in cases
    ]


ALL = _cases()


class Batch(NamedTuple):
    """What the cases of one run have in common. A case with reports of other districts runs alone."""

    period_code: str
    form_ends_on: object
    alone: int | None


def _candidate(number: int, described: Mapping[str, Any]) -> tuple[Batch, Candidate]:
    """The candidate of a case and the run that it belongs to."""
    head = dict(described.get("head") or {})
    form_ends_on = head.pop("form_ends_on", None)
    period_code = head.pop("validated_for", head.get("period_code") or PERIOD)
    batch = Batch(period_code, form_ends_on, number if "accepted" in described else None)
    if described.get("blank_report"):
        return batch, blank_report(submission_id=number, **head)
    cells, narrative, earlier = (described.get(part) for part in ("cells", "narrative", "earlier"))
    return batch, correct_report(cells, submission_id=number, narrative=narrative, earlier=earlier, **head)


def find(run: Runner | None = None) -> Mapping[int, tuple[Finding, ...]]:
    """The findings of every case, by its number."""
    batches: dict[Batch, list[Candidate]] = defaultdict(list)
    for number, case in enumerate(ALL):
        batch, candidate = _candidate(number, case.described)
        batches[batch].append(candidate)
    findings: dict[int, tuple[Finding, ...]] = {}
    nine_months = ReportingPeriod(periods.parse("2021-9M"), date(2021, 9, 18), "test")
    for batch, candidates in batches.items():
        form = replace(FORM, valid_to=batch.form_ends_on)
        catalogue = replace(
            CATALOGUE,
            forms={**CATALOGUE.forms, form.form_code: form},
            periods={**CATALOGUE.periods, "2021-9M": nine_months},
        )
        accepted = ALL[batch.alone].described["accepted"] if batch.alone is not None else None
        for result in validate(candidates, batch.period_code, catalogue, accepted=accepted, run=run):
            findings[result.submission_id] = tuple(rendered.finding for rendered in result.findings)
    return findings


@pytest.fixture(scope="module")
def found() -> Mapping[int, tuple[Finding, ...]]:
    return find()


@pytest.mark.parametrize("number", range(len(ALL)), ids=[case.name for case in ALL])
def test_a_rule_finds_what_it_must_and_nothing_else(number: int, found: Mapping[int, tuple[Finding, ...]]) -> None:
    case = ALL[number]
    offences = [finding for finding in found[number] if finding.rule_code == case.rule_code]
    if not case.must_fail:
        about = case.described.get("at")
        assert [finding for finding in offences if about in (None, finding.indicator_code)] == []
        assert not _is_stopped_before(case.rule_code, found[number]), "this case would pass whatever the rule says"
        return
    wanted = case.described["finding"]
    code = wanted.get("indicator_code", "")
    matching = [finding for finding in offences if finding.indicator_code == code]
    assert len(matching) == 1, offences
    assert {name: getattr(matching[0], name) for name in wanted} == wanted
    assert matching[0].location == (location_of(code) if code else "")


def _is_stopped_before(rule_code: str, findings: tuple[Finding, ...]) -> bool:
    """Whether a critical finding of an earlier validation stage kept the rule from being checked."""
    rules, policy = load_rules(), load_policy()
    own = policy.stage_number(rules[rule_code].validation_stage)
    critical = (rules[finding.rule_code] for finding in findings if rules[finding.rule_code].severity == "critical")
    return any(policy.stage_number(rule.validation_stage) < own for rule in critical)


def test_checkpoints_and_pandas_find_the_same(found: Mapping[int, tuple[Finding, ...]]) -> None:
    assert find(evaluate) == found


@pytest.fixture(scope="module")
def found_without() -> Mapping[bool, Mapping[int, tuple[Finding, ...]]]:
    """The findings after the expectations of every second rule were removed: the odd ones (True) or the even ones."""

    def without(is_odd: bool) -> Runner:
        removed = set(EVALUATED[is_odd::2])
        return lambda frames, suites: evaluate(
            frames,
            {name: [one for one in suite if one["meta"]["rule_code"] not in removed] for name, suite in suites.items()},
        )

    return {is_odd: find(without(is_odd)) for is_odd in (False, True)}


@pytest.mark.parametrize("rule_code", EVALUATED)
def test_a_rule_without_its_expectation_finds_nothing(
    rule_code: str, found_without: Mapping[bool, Mapping[int, tuple[Finding, ...]]]
) -> None:
    is_odd = EVALUATED.index(rule_code) % 2 == 1
    cases = [number for number, case in enumerate(ALL) if case.rule_code == rule_code and case.must_fail]
    codes = {
        is_removed: {finding.rule_code for number in cases for finding in found_without[is_removed is is_odd][number]}
        for is_removed in (True, False)
    }
    assert rule_code in codes[False]
    assert rule_code not in codes[True]


def test_every_evaluated_rule_has_cases_that_pass_and_cases_that_fail() -> None:
    complete = {
        path.stem
        for path in CASES
        if all(yaml.safe_load(path.read_text(encoding="utf-8")).get(kind) for kind in ("passes", "fails"))
    }
    assert complete == set(EVALUATED)


def test_rules_without_an_expression_belong_to_the_parser_or_the_pipeline() -> None:
    without = {rule.rule_code: rule.validation_stage for rule in load_rules().values() if not rule.expression}
    assert set(without.values()) <= {"reading", "head", "districts"}
    assert {code for code, validation_stage in without.items() if validation_stage == "districts"} == {
        "waiver_not_needed",
        "correction_not_needed",
    }
