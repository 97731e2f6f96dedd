"""What goes into judging and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from etl.findings import Finding, RenderedFinding
from etl.observations import DocumentHead, NarrativeFigure, Observation

Status = Literal["accepted", "accepted_with_warnings", "held", "rejected"]
# What a report said of each indicator: its canonical value, "" where it was blank, else the name of its status.
Report = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submission as read, with the reader's own findings. `submission_id` is its own within one call of judge().

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
    """A rule that a person has set aside for a while: for a district or for all (""), for a row or for all ("")."""

    waiver_id: int
    rule_code: str
    district_code: str
    indicator_code: str
    reason: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How often a rule was checked in a submission, and how often it failed; cells that say nothing are not checked."""

    rule_code: str
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision on one submission, with every finding: by validation stage, then down the appendix, then by rule.

    `counts` are of the rules of the suite in the stages that were reached, `waivers_used` the waivers that mattered.
    """

    submission_id: int
    status: Status
    findings: tuple[RenderedFinding, ...]
    counts: tuple[CheckCount, ...] = ()
    waivers_used: tuple[int, ...] = ()
