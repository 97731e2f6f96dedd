"""What goes into validation and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from etl.findings import Finding, RenderedFinding
from etl.observations import DocumentHead, NarrativeFigure, Observation

Status = Literal["accepted", "accepted_with_warnings", "held", "rejected"]
# Indicator code → its canonical value, "" if it was blank, else the name of its status.
Report = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A parsed submission, with the findings of the parser. `submission_id` is unique within one call of validate().

    `earlier` holds the accepted reports of the same district before this one, by period code.
    """

    submission_id: int
    head: DocumentHead
    rows: Sequence[Observation]
    findings: Sequence[Finding]
    narrative: Sequence[NarrativeFigure] = ()
    earlier: Mapping[str, Report] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A rule that is suspended until the end of a day; "" as district or indicator means all of them."""

    waiver_id: int
    rule_code: str
    district_code: str
    indicator_code: str
    reason: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How many cells of a submission a rule checked, and how many failed. Cells without its operands do not count."""

    rule_code: str
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The status of one submission and all its findings: by validation stage, then down the appendix, then by rule.

    `counts` cover the rules of the stages that were reached; `waivers_used` are the waivers that covered a finding.
    """

    submission_id: int
    status: Status
    findings: tuple[RenderedFinding, ...]
    counts: tuple[CheckCount, ...] = ()
    waivers_used: tuple[int, ...] = ()
