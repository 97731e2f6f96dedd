"""Validates all reports of a period: runs the suites of their forms, makes findings of failures, decides the status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue
from etl.errors import CatalogueError
from etl.findings import Finding
from etl.periods import Period
from etl.rules import Rule, load_rules, render_finding
from etl.validation.findings import make_finding
from etl.validation.frames import Batch
from etl.validation.model import Candidate, CheckCount, Report, ValidationResult, Waiver
from etl.validation.policy import load_policy
from etl.validation.suite import Suites, load_suites
from etl.validation.waivers import DistrictWaivers

if TYPE_CHECKING:
    import pandas as pd

    from etl.validation.evaluation import Outcome

    Runner = Callable[[Mapping[str, pd.DataFrame], Suites], Sequence[Outcome]]

FORM_UNKNOWN = "form_unknown"


@dataclass
class _Submission:
    """One submission while it is validated. `offences` are the failed checks, `checked` counts cells by rule."""

    candidate: Candidate
    waivers: DistrictWaivers
    offences: list[Finding] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    def stops(self, finding: Finding, rules: Mapping[str, Rule]) -> bool:
        """Whether a finding ends the validation after its stage."""
        return _rule(finding, rules).severity == "critical" and self.waivers.waiver_for(finding) is None


def validate(
    candidates: Sequence[Candidate],
    period_code: str,
    catalogue: Catalogue,
    *,
    accepted: Mapping[str, Report] | None = None,
    waivers: Sequence[Waiver] = (),
    run: Runner | None = None,
) -> list[ValidationResult]:
    """The result for each candidate, in their order; the same candidates give the same findings in the same order.

    `accepted` holds the accepted reports of other districts for the period, `waivers` those in force. `run` evaluates
    the suites: as Great Expectations Checkpoints by default. Raises UsageError for a period for which no report is
    expected, CatalogueError for a rule that is not valid.
    """

    from etl.validation.checkpoint import run_checkpoints

    period, rules = catalogue.period(period_code).period, load_rules()
    submissions = [_Submission(one, DistrictWaivers(waivers, one.head.district_code)) for one in candidates]
    batch = Batch(candidates, period, catalogue, accepted or {})
    by_form: dict[str, list[int]] = defaultdict(list)
    for line, candidate in enumerate(candidates):
        by_form[candidate.head.form_code].append(line)
    for form_code, lines in by_form.items():
        if form_code in catalogue.forms:
            _run_suites(form_code, lines, batch, period, submissions, run or run_checkpoints)
    return [_conclude(submission, catalogue, rules) for submission in submissions]


def _run_suites(
    form_code: str, lines: Sequence[int], batch: Batch, period: Period, submissions: Sequence[_Submission], run: Runner
) -> None:
    """Run the suites of one form over the reports that use it, and add what failed to each submission."""
    form = batch.catalogue.forms[form_code]
    suites = load_suites(form, batch.catalogue, load_rules(), period.term)
    line_of = {batch.candidates[line].submission_id: line for line in lines}
    for outcome in run(batch.build_frames(lines, form, suites), suites):
        rule_code = outcome.expectation["meta"]["rule_code"]
        for submission_id, count in outcome.checked.items():
            checked = submissions[line_of[submission_id]].checked
            checked[rule_code] = checked.get(rule_code, 0) + count
        for failure in outcome.failures:
            line = line_of[failure.submission_id]
            submissions[line].offences.append(make_finding(outcome.expectation, failure, line, batch))


def _conclude(submission: _Submission, catalogue: Catalogue, rules: Mapping[str, Rule]) -> ValidationResult:
    """The findings of one submission, stage by stage until one stops it, and the status that follows from them."""
    candidate, waivers = submission.candidate, submission.waivers
    findings, counts = _climb_stages(submission, rules)
    if candidate.head.form_code not in catalogue.forms and all(one.rule_code != FORM_UNKNOWN for one in findings):
        findings.append(Finding(FORM_UNKNOWN, found=candidate.head.form_code))
    unneeded = waivers.not_needed(findings, counts)
    rendered = [
        render_finding(finding, catalogue.indicator_names(finding.indicator_code))
        for finding in _in_order([*findings, *unneeded], candidate, rules)
    ]
    form = catalogue.forms.get(candidate.head.form_code)
    required = {row.indicator.indicator_code for row in form.rows if row.is_required} if form else set()
    effective = [one for one in rendered if waivers.waiver_for(one.finding) is None]
    status = load_policy().decide_status(effective, required)
    eased = tuple(map(waivers.ease, rendered))
    return ValidationResult(candidate.submission_id, status, eased, counts, waivers.used(findings))


def _climb_stages(submission: _Submission, rules: Mapping[str, Rule]) -> tuple[list[Finding], tuple[CheckCount, ...]]:
    """The parser's findings and the offences of all stages up to the first with a critical finding, with the counts."""
    findings, counts = list(submission.candidate.findings), []
    for stage in load_policy().validation_stages:
        offences = [one for one in submission.offences if rules[one.rule_code].validation_stage in stage]
        findings += _without_reported(submission.candidate.findings, offences, rules)
        counts += [
            CheckCount(code, checked, sum(one.rule_code == code for one in offences))
            for code, checked in submission.checked.items()
            if rules[code].validation_stage in stage
        ]
        if any(submission.stops(one, rules) for one in findings if _rule(one, rules).validation_stage in stage):
            break
    return findings, tuple(sorted(counts, key=lambda count: count.rule_code))


def _without_reported(
    reported: Sequence[Finding], offences: Iterable[Finding], rules: Mapping[str, Rule]
) -> list[Finding]:
    """The offences without those that the parser has reported already for the same cell or file."""

    def key(finding: Finding) -> tuple[str, str]:
        category = _rule(finding, rules).category
        return (category, finding.location) if finding.location else (finding.rule_code, finding.indicator_code)

    keys = {key(finding) for finding in reported}
    return [finding for finding in offences if key(finding) not in keys]


def _in_order(findings: Iterable[Finding], candidate: Candidate, rules: Mapping[str, Rule]) -> list[Finding]:
    """By validation stage, then down the appendix, then in the order of rules.csv."""
    numbers = {code: number for number, code in enumerate(rules)}
    positions: dict[str, int] = {}
    for position, row in enumerate(candidate.rows):
        for key in filter(None, (row.location, row.indicator_code)):
            positions.setdefault(key, position)
    policy = load_policy()

    def key_of(finding: Finding) -> tuple[int, int, int]:
        position = positions.get(finding.location, positions.get(finding.indicator_code, -1))
        return policy.stage_number(_rule(finding, rules).validation_stage), position, numbers[finding.rule_code]

    return sorted(findings, key=key_of)


def _rule(finding: Finding, rules: Mapping[str, Rule]) -> Rule:
    if finding.rule_code not in rules:
        raise CatalogueError("rules.csv", f"there is no rule {finding.rule_code!r}")
    return rules[finding.rule_code]
