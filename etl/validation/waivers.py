"""Waivers: rules that are suspended for a while. Their findings are kept for information and decide nothing.

A waiver for one district that its report no longer needs is itself reported, so that it does not outlive its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from etl.findings import Finding, RenderedFinding
from etl.validation.model import CheckCount, Waiver

NOT_NEEDED = "waiver_not_needed"


class DistrictWaivers:
    """The waivers in force for one district."""

    def __init__(self, waivers: Sequence[Waiver], district_code: str) -> None:
        self._waivers = [waiver for waiver in waivers if waiver.district_code in ("", district_code)]

    def waiver_for(self, finding: Finding) -> Waiver | None:
        """The first waiver that covers a finding."""
        return next((waiver for waiver in self._waivers if _covers(waiver, finding)), None)

    def ease(self, rendered: RenderedFinding) -> RenderedFinding:
        """The finding as it is kept: a waived one is for information and gives the reason."""
        waiver = self.waiver_for(rendered.finding)
        if waiver is None:
            return rendered
        until = f"{waiver.valid_until:%d/%m/%Y}"
        return replace(
            rendered,
            severity="info",
            message_vi=f"{rendered.message_vi} (Được miễn đến {until}: {waiver.reason})",
            message_en=f"{rendered.message_en} (Waived until {until}: {waiver.reason})",
        )

    def used(self, findings: Iterable[Finding]) -> tuple[int, ...]:
        """The ids of the waivers that covered a finding."""
        return tuple(
            sorted({waiver.waiver_id for finding in findings for waiver in self._waivers if _covers(waiver, finding)})
        )

    def not_needed(self, findings: Sequence[Finding], counts: Sequence[CheckCount]) -> list[Finding]:
        """A finding for each waiver of this district alone whose rule was checked and did not fail."""
        checked, used = {count.rule_code for count in counts}, self.used(findings)
        return [
            Finding(NOT_NEEDED, "", waiver.indicator_code, waiver.rule_code, expected=f"{waiver.valid_until:%d/%m/%Y}")
            for waiver in self._waivers
            if waiver.district_code and waiver.rule_code in checked and waiver.waiver_id not in used
        ]


def _covers(waiver: Waiver, finding: Finding) -> bool:
    return waiver.rule_code == finding.rule_code and waiver.indicator_code in ("", finding.indicator_code)
