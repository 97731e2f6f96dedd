"""The validation policy (expectations/policy.yml): which stages stop the next, and which status findings lead to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, field_validator

from etl.catalogue.document import CatalogueModel, Document, read_document, validate_document
from etl.findings import RenderedFinding, Severity
from etl.rules import VALIDATION_STAGES, Rule, ValidationStage
from etl.settings import PROJECT_ROOT
from etl.validation.model import Status

POLICY_FILE = PROJECT_ROOT / "expectations" / "policy.yml"


class Conditions(CatalogueModel):
    """What a finding must match. `rows: required` means indicators that every report must give."""

    rules: tuple[str, ...] = ()
    severity: Severity | None = None
    rows: Literal["required"] | None = None

    def match(self, rendered: RenderedFinding, required: Collection[str]) -> bool:
        return (
            (not self.rules or rendered.finding.rule_code in self.rules)
            and self.severity in (None, rendered.severity)
            and (self.rows is None or rendered.finding.indicator_code in required)
        )


class Decision(CatalogueModel):
    """A status and the findings that lead to it; without conditions it applies to all other submissions."""

    status: Status
    when: Conditions | None = None


class Policy(CatalogueModel):
    validation_stages: tuple[tuple[ValidationStage, ...], ...]
    waivable: tuple[ValidationStage, ...]
    decisions: Annotated[tuple[Decision, ...], Field(min_length=1)]

    @field_validator("validation_stages")
    @classmethod
    def _name_each_stage_once(cls, groups: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        if sorted(name for names in groups for name in names) != sorted(VALIDATION_STAGES):
            raise ValueError(f"validation_stages must name each of {', '.join(VALIDATION_STAGES)} once")
        return groups

    @field_validator("decisions")
    @classmethod
    def _end_with_a_default(cls, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
        if decisions[-1].when:
            raise ValueError("the last decision must have no conditions: it applies to all other submissions")
        return decisions

    def stage_number(self, validation_stage: str) -> int:
        """The position of a stage; stages of one group share it."""
        return next(number for number, names in enumerate(self.validation_stages) if validation_stage in names)

    def decide_status(self, findings: Sequence[RenderedFinding], required: Collection[str]) -> Status:
        """The first decision that any finding matches; `required` are the indicators that a report must give."""
        return next(
            decision.status
            for decision in self.decisions
            if decision.when is None or any(decision.when.match(finding, required) for finding in findings)
        )


@lru_cache(maxsize=1)
def load_policy() -> Policy:
    """Raises CatalogueError with file and line for an unknown key, validation stage, status or severity."""
    return parse_policy(read_document(POLICY_FILE))


def parse_policy(document: Document) -> Policy:
    return validate_document(document, Policy)


def is_waivable(rule: Rule) -> bool:
    """Whether a rule may be waived: the others define what a report is."""
    return rule.validation_stage in load_policy().waivable
