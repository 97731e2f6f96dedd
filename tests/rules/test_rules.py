"""Every rule has cases that pass and cases that fail (`<rule_code>.yml`), judged together in one run a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from etl import periods
from etl.catalogue import ReportingPeriod
from etl.findings import Finding
from etl.rules import load_rules
from etl.validation import Candidate, judge, policy
from tests.unit.validation.factories import CATALOGUE, FORM, PERIOD, blank_report, correct_report, location_of

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
    """What the cases of one run have in common. A case that knows other districts' reports runs alone."""

    period_code: str
    form_ends_on: object
    alone: int | None


def _candidate(number: int, described: Mapping[str, Any]) -> tuple[Batch, Candidate]:
    """The candidate of a case and the run that it belongs to."""
    head = dict(described.get("head") or {})
    form_ends_on = head.pop("form_ends_on", None)
    judged_for = head.pop("judged", head.get("period_code") or PERIOD)
    batch = Batch(judged_for, form_ends_on, number if "accepted" in described else None)
    if described.get("blank_report"):
        return batch, blank_report(submission_id=number, **head)
    cells, narrative, earlier = (described.get(part) for part in ("cells", "narrative", "earlier"))
    return batch, correct_report(cells, submission_id=number, narrative=narrative, earlier=earlier, **head)


@pytest.fixture(scope="module")
def found() -> Mapping[int, tuple[Finding, ...]]:
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
        for judgement in judge(candidates, batch.period_code, catalogue, accepted=accepted):
            findings[judgement.submission_id] = tuple(judged.finding for judged in judgement.findings)
    return findings


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
    """Whether a critical finding of an earlier validation stage kept the rule from speaking."""
    known, validation_stages = load_rules(), policy.load()
    own = validation_stages.place(known[rule_code].validation_stage)
    critical = (known[finding.rule_code] for finding in findings if known[finding.rule_code].severity == "critical")
    return any(validation_stages.place(rule.validation_stage) < own for rule in critical)


def test_every_rule_that_the_suite_judges_has_cases_that_pass_and_that_fail() -> None:
    judged = {rule.rule_code for rule in load_rules().values() if rule.expression}
    complete = {
        path.stem
        for path in CASES
        if all(yaml.safe_load(path.read_text(encoding="utf-8")).get(kind) for kind in ("passes", "fails"))
    }
    assert complete == judged


def test_a_rule_without_an_expression_is_the_readers_or_the_pipelines() -> None:
    without = {rule.rule_code: rule.validation_stage for rule in load_rules().values() if not rule.expression}
    assert set(without.values()) <= {"reading", "head", "districts"}
    assert {code for code, validation_stage in without.items() if validation_stage == "districts"} == {
        "waiver_not_needed",
        "correction_not_needed",
    }
