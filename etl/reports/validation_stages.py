"""What each validation stage of checks says of a file: passed, with warnings, stopped there, or not reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from etl.findings import SEVERITIES
from etl.reports.mart import FoundFault
from etl.rules import Rule

State = Literal["passed", "warned", "stopped", "not_reached", "not_judged", "no_rules"]
VALIDATION_STAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "reading": ("Đọc tệp", "Reading"),
    "head": ("Phần đầu", "Head"),
    "types": ("Từng ô", "Single cells"),
    "appendix": ("Trong phụ lục", "Within the appendix"),
    "narrative": ("Với thuyết minh", "Against notes and text"),
    "history": ("Với kỳ trước", "Against earlier periods"),
    "districts": ("Giữa các đơn vị", "Across districts"),
}
FORM = "form"  # the category of what the form itself misprints: the same in every report, and nobody's to mend
_NOT_JUDGED = ("received", "parsed")


@dataclass(frozen=True, slots=True)
class ValidationStage:
    """One stage's word on one file, with its findings, the gravest first; what the form itself misprints is apart."""

    code: str
    state: State
    findings: Sequence[FoundFault]
    about_form: Sequence[FoundFault] = ()

    def count(self, severity: str) -> int:
        return sum(1 for each in self.findings if each.severity == severity)


def validation_stages_of(
    status: str, findings: Sequence[FoundFault], order: Sequence[Sequence[str]], rules: Mapping[str, Rule]
) -> list[ValidationStage]:
    """All stages in their order; those of one group are told together, and a critical finding ends what follows.

    A finding of a rule that is no longer listed stands with the first validation stage.
    """
    first = order[0][0]
    by_validation_stage: dict[str, list[FoundFault]] = {}
    about_form: dict[str, list[FoundFault]] = {}
    for finding in sorted(findings, key=lambda each: SEVERITIES.index(each.severity)):
        rule = rules.get(finding.rule_code)
        place = about_form if rule and rule.category == FORM else by_validation_stage
        place.setdefault(rule.validation_stage if rule else first, []).append(finding)
    with_rules = {rule.validation_stage for rule in rules.values()}
    told, is_stopped = [], False
    for group in order:
        for code in group:
            found = by_validation_stage.get(code, [])
            state = _state(code, status, found, with_rules, is_stopped=is_stopped)
            told.append(ValidationStage(code, state, found, about_form.get(code, ())))
            # What cannot be read has no head either, though both validation stages are otherwise told together.
            is_stopped = is_stopped or status == "unreadable"
        is_stopped = is_stopped or any(
            each.severity == "critical" for code in group for each in by_validation_stage.get(code, ())
        )
    return told


def _state(
    code: str, status: str, found: Sequence[FoundFault], with_rules: Collection[str], *, is_stopped: bool
) -> State:
    if status in _NOT_JUDGED:
        return "not_judged"
    if any(each.severity == "critical" for each in found):
        return "stopped"
    if not found and code not in with_rules:
        return "no_rules"
    if is_stopped:
        return "not_reached"
    return "warned" if any(each.severity == "warning" for each in found) else "passed"
