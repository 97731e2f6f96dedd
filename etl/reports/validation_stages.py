"""The result of each validation stage of a submission: passed, with warnings, stopped there, or not reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from etl.findings import SEVERITIES
from etl.reports.mart import SubmissionFinding
from etl.rules import Rule

State = Literal["passed", "warned", "stopped", "not_reached", "not_validated", "no_rules"]
VALIDATION_STAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "reading": ("Đọc tệp", "Reading"),
    "head": ("Phần đầu", "Head"),
    "types": ("Từng ô", "Single cells"),
    "appendix": ("Trong phụ lục", "Within the appendix"),
    "narrative": ("Với thuyết minh", "Against notes and text"),
    "history": ("Với kỳ trước", "Against earlier periods"),
    "districts": ("Giữa các đơn vị", "Across districts"),
}
FORM = "form"  # the rule category of misprints in the form itself, which senders cannot fix
_NOT_VALIDATED = ("received", "parsed")


@dataclass(frozen=True, slots=True)
class ValidationStage:
    """The result of one stage with its findings, the most severe first. Misprints of the form are kept apart."""

    code: str
    state: State
    findings: Sequence[SubmissionFinding]
    about_form: Sequence[SubmissionFinding] = ()

    def count(self, severity: str) -> int:
        return sum(1 for finding in self.findings if finding.severity == severity)


def validation_stages_of(
    status: str, findings: Sequence[SubmissionFinding], order: Sequence[Sequence[str]], rules: Mapping[str, Rule]
) -> list[ValidationStage]:
    """Return all stages in order. Stages of one group run together; a critical finding stops the groups after it.

    A finding of a rule that no longer exists belongs to the first stage.
    """
    first = order[0][0]
    by_validation_stage: dict[str, list[SubmissionFinding]] = {}
    about_form: dict[str, list[SubmissionFinding]] = {}
    for finding in sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)):
        rule = rules.get(finding.rule_code)
        target = about_form if rule and rule.category == FORM else by_validation_stage
        target.setdefault(rule.validation_stage if rule else first, []).append(finding)
    with_rules = {rule.validation_stage for rule in rules.values()}
    stages, is_stopped = [], False
    for group in order:
        for code in group:
            stage_findings = by_validation_stage.get(code, [])
            state = _state(code, status, stage_findings, with_rules, is_stopped=is_stopped)
            stages.append(ValidationStage(code, state, stage_findings, about_form.get(code, ())))
            # A file that cannot be read has no head either, although both stages are in one group.
            is_stopped = is_stopped or status == "unreadable"
        is_stopped = is_stopped or any(
            finding.severity == "critical" for code in group for finding in by_validation_stage.get(code, ())
        )
    return stages


def _state(
    code: str, status: str, findings: Sequence[SubmissionFinding], with_rules: Collection[str], *, is_stopped: bool
) -> State:
    if status in _NOT_VALIDATED:
        return "not_validated"
    if any(finding.severity == "critical" for finding in findings):
        return "stopped"
    if not findings and code not in with_rules:
        return "no_rules"
    if is_stopped:
        return "not_reached"
    return "warned" if any(finding.severity == "warning" for finding in findings) else "passed"
