"""What follows from findings: expectations/policy.yml says which stages stop the next and which status results."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

import yaml

from etl.errors import CatalogueError
from etl.findings import SEVERITIES, RenderedFinding
from etl.rules import VALIDATION_STAGES, Rule
from etl.settings import PROJECT_ROOT
from etl.validation.model import Status

POLICY_FILE = PROJECT_ROOT / "expectations" / "policy.yml"
_CONDITIONS = ("rules", "severity", "rows")


@dataclass(frozen=True, slots=True)
class Decision:
    """A status and the findings that lead to it; one without conditions is for all that is left."""

    status: Status
    rules: tuple[str, ...]
    severity: str
    is_required_row: bool

    def fits(self, found: RenderedFinding, required: Collection[str]) -> bool:
        return (
            (not self.rules or found.finding.rule_code in self.rules)
            and (not self.severity or found.severity == self.severity)
            and (not self.is_required_row or found.finding.indicator_code in required)
        )

    @property
    def is_default(self) -> bool:
        return not (self.rules or self.severity or self.is_required_row)


@dataclass(frozen=True, slots=True)
class Policy:
    validation_stages: tuple[tuple[str, ...], ...]
    waivable: tuple[str, ...]
    decisions: tuple[Decision, ...]

    def place(self, validation_stage: str) -> int:
        return next(place for place, names in enumerate(self.validation_stages) if validation_stage in names)

    def status(self, found: Sequence[RenderedFinding], required: Collection[str]) -> Status:
        """The first decision that any finding fits; `required` are the indicators that a report must give."""
        return next(
            decision.status
            for decision in self.decisions
            if decision.is_default or any(decision.fits(one, required) for one in found)
        )


@lru_cache(maxsize=1)
def load() -> Policy:
    """The policy. Raises CatalogueError for an unknown key, validation stage, status or severity."""
    return parse(yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8")))


def parse(document: Mapping[str, Any]) -> Policy:
    """A policy from its document; see load()."""
    if sorted(document) != ["decisions", "validation_stages", "waivable"]:
        raise _error(f"the keys are {', '.join(document)}; they must be validation stages, waivable and decisions")
    validation_stages = tuple(tuple(names) for names in document["validation_stages"])
    if sorted(name for names in validation_stages for name in names) != sorted(VALIDATION_STAGES):
        raise _error(f"validation stages must name each of {', '.join(VALIDATION_STAGES)} once")
    decisions = tuple(_decision(item) for item in document["decisions"])
    if not decisions or not decisions[-1].is_default:
        raise _error("the last decision must have no conditions: it is for all that is left")
    return Policy(validation_stages, _waivable(document["waivable"]), decisions)


def is_waivable(rule: Rule) -> bool:
    """Whether a person may set a rule aside."""
    return rule.validation_stage in load().waivable


def _waivable(names: Sequence[str]) -> tuple[str, ...]:
    if set(names) - set(VALIDATION_STAGES):
        raise _error(f"waivable names an unknown validation stage among {', '.join(names)}")
    return tuple(names)


def _decision(item: Mapping[str, Any]) -> Decision:
    conditions = item.get("when") or {}
    statuses: tuple[Status, ...] = get_args(Status)
    if set(item) - {"status", "when"} or set(conditions) - set(_CONDITIONS) or item.get("status") not in statuses:
        raise _error(f"{dict(item)} has an unknown key or status")
    if conditions.get("severity", "critical") not in SEVERITIES or conditions.get("rows", "required") != "required":
        raise _error(f"{dict(item)} has an unknown severity or rows")
    status = statuses[statuses.index(item["status"])]
    return Decision(status, tuple(conditions.get("rules", ())), conditions.get("severity", ""), "rows" in conditions)


def _error(what: str) -> CatalogueError:
    return CatalogueError(POLICY_FILE.name, what)
