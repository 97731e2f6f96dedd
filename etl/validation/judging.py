"""Judges all submissions of a period: stage by stage one run of the form's suite, then the decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue, Form
from etl.errors import CatalogueError
from etl.findings import Finding
from etl.rules import Rule, load_rules, render_finding
from etl.validation import policy
from etl.validation.checks import Check, checks_for
from etl.validation.model import Candidate, CheckCount, Judgement, Report, Waiver
from etl.validation.sheet import Sheet, sheets_of
from etl.validation.waivers import Leave

if TYPE_CHECKING:
    from etl.validation.engine import Offenders

FORM_UNKNOWN = "form_unknown"


@dataclass
class _Case:
    """One submission on its way through the validation stages."""

    sheet: Sheet
    leave: Leave
    findings: list[Finding]
    counts: dict[str, list[int]] = field(default_factory=dict)
    is_stopped: bool = False


def judge(
    candidates: Sequence[Candidate],
    period_code: str,
    catalogue: Catalogue,
    *,
    accepted: Mapping[str, Report] | None = None,
    waivers: Sequence[Waiver] = (),
) -> list[Judgement]:
    """One judgement for each candidate, in their order. Same candidates, same findings in the same order.

    `accepted` holds what other districts' accepted reports of the period say, by district; `waivers` are those in
    force. Raises UsageError for a period for which no report is expected, CatalogueError for a rule that cannot be
    used.
    """
    period, rules = catalogue.period(period_code).period, load_rules()
    cases = [
        _Case(sheet, Leave(waivers, sheet.candidate.head.district_code), list(sheet.candidate.findings))
        for sheet in sheets_of(candidates, period, catalogue, accepted or {})
    ]
    by_form: dict[str, list[_Case]] = defaultdict(list)
    for case in cases:
        by_form[case.sheet.candidate.head.form_code].append(case)
    for form_code, group in by_form.items():
        if form_code in catalogue.forms:
            _climb(group, catalogue.forms[form_code], period.term, catalogue, rules)
        else:
            _say_that_the_form_is_unknown(group)
    return [_conclude(case, catalogue, rules) for case in cases]


def _climb(cases: Sequence[_Case], form: Form, term: str, catalogue: Catalogue, rules: Mapping[str, Rule]) -> None:
    """Stage by stage: one run for all that got there; what is critical in one ends the way of that submission."""
    from etl.validation import engine
    from etl.validation.frame import build_frame
    from etl.validation.suite import kept_or_built, part_of

    checks = checks_for(term, form, rules)
    suite = kept_or_built(form, catalogue, rules)
    with engine.session() as run:
        for names in policy.load().validation_stages:
            climbing = [case for case in cases if not case.is_stopped]
            here = [check for check in checks if check.rule.validation_stage in names]
            if climbing and here:
                frame, checked = build_frame([case.sheet for case in climbing], here)
                found = _findings(climbing, here, run(frame, part_of(suite, here)))
                _count(climbing, checked, found)
                for case in climbing:
                    offences = found[case.sheet.candidate.submission_id]
                    case.findings += _not_told_by_the_reader(case.sheet.candidate.findings, offences, rules)
            for case in climbing:
                case.is_stopped = any(_stops(one, case, names, rules) for one in case.findings)


def _findings(cases: Sequence[_Case], checks: Sequence[Check], offenders: Offenders) -> dict[int, list[Finding]]:
    """What each submission offended, cell by cell."""
    by_id = {case.sheet.candidate.submission_id: case for case in cases}
    found: dict[int, list[Finding]] = defaultdict(list)
    for check in checks:
        for submission_id in offenders.get(check.expectation, ()):
            sheet = by_id[submission_id].sheet
            if sheet.fails(check):
                found[submission_id].append(sheet.finding(check))
    return found


def _stops(finding: Finding, case: _Case, validation_stages: Sequence[str], rules: Mapping[str, Rule]) -> bool:
    rule = _rule(finding, rules)
    return (
        rule.severity == "critical"
        and rule.validation_stage in validation_stages
        and case.leave.waiver_for(finding) is None
    )


def _count(cases: Sequence[_Case], checked: Mapping[str, Sequence[int]], found: Mapping[int, list[Finding]]) -> None:
    """Adds to each case how often each rule was checked and failed."""
    for place, case in enumerate(cases):
        for rule_code, numbers in checked.items():
            if numbers[place]:
                case.counts[rule_code] = [numbers[place], 0]
        for finding in found.get(case.sheet.candidate.submission_id, ()):
            case.counts[finding.rule_code][1] += 1


def _say_that_the_form_is_unknown(cases: Sequence[_Case]) -> None:
    for case in cases:
        if not any(finding.rule_code == FORM_UNKNOWN for finding in case.findings):
            case.findings.append(Finding(FORM_UNKNOWN, found=case.sheet.candidate.head.form_code))


def _conclude(case: _Case, catalogue: Catalogue, rules: Mapping[str, Rule]) -> Judgement:
    """All findings of one submission with their sentences, and what follows from them."""
    counts = tuple(CheckCount(code, *numbers) for code, numbers in sorted(case.counts.items()))
    findings = _in_order([*case.findings, *case.leave.not_needed(case.findings, counts)], case.sheet, rules)
    judged = tuple(
        case.leave.eased(render_finding(finding, catalogue.indicator_names(finding.indicator_code)))
        for finding in findings
    )
    form = catalogue.forms.get(case.sheet.candidate.head.form_code)
    required = {row.indicator.indicator_code for row in form.rows if row.is_required} if form else set()
    effective = [one for one in judged if case.leave.waiver_for(one.finding) is None]
    status = policy.load().status(effective, required)
    return Judgement(case.sheet.candidate.submission_id, status, judged, counts, case.leave.used(case.findings))


def _not_told_by_the_reader(
    read: Sequence[Finding], offences: Iterable[Finding], rules: Mapping[str, Rule]
) -> list[Finding]:
    """What the reader has said of a cell or of the file, the suite does not say again."""

    def topic(finding: Finding) -> tuple[str, str]:
        category = _rule(finding, rules).category
        return (category, finding.location) if finding.location else (finding.rule_code, finding.indicator_code)

    reported_by_reader = {topic(finding) for finding in read}
    return [finding for finding in offences if topic(finding) not in reported_by_reader]


def _in_order(findings: Iterable[Finding], sheet: Sheet, rules: Mapping[str, Rule]) -> list[Finding]:
    """By validation stage, then down the appendix, then by rule as listed."""
    places = {code: place for place, code in enumerate(rules)}
    validation_stages = policy.load()

    def key(finding: Finding) -> tuple[int, int, int]:
        row = sheet.row_order.get(finding.location, sheet.row_order.get(finding.indicator_code, -1))
        return validation_stages.place(_rule(finding, rules).validation_stage), row, places[finding.rule_code]

    return sorted(findings, key=key)


def _rule(finding: Finding, rules: Mapping[str, Rule]) -> Rule:
    if finding.rule_code not in rules:
        raise CatalogueError("rules.csv", f"there is no rule {finding.rule_code!r}")
    return rules[finding.rule_code]
