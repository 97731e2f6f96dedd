"""Waivers: rules that a person has set aside for a while. What they excuse is still told, but decides nothing.

A waiver that names a district and that its report no longer needs is told, so that it does not outlive its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from etl.findings import Finding, RenderedFinding
from etl.validation.model import CheckCount, Waiver

NOT_NEEDED = "waiver_not_needed"


class Leave:
    """The waivers in force for one district."""

    def __init__(self, waivers: Sequence[Waiver], district_code: str) -> None:
        self._waivers = [one for one in waivers if one.district_code in ("", district_code)]

    def waiver_for(self, finding: Finding) -> Waiver | None:
        """The first waiver that excuses a finding; None if there is none."""
        return next((one for one in self._waivers if _fits(one, finding)), None)

    def eased(self, judged: RenderedFinding) -> RenderedFinding:
        """A finding as it is kept: excused ones are for information, with the reason."""
        waiver = self.waiver_for(judged.finding)
        if waiver is None:
            return judged
        until = f"{waiver.valid_until:%d/%m/%Y}"
        return replace(
            judged,
            severity="info",
            message_vi=f"{judged.message_vi} (Được miễn đến {until}: {waiver.reason})",
            message_en=f"{judged.message_en} (Waived until {until}: {waiver.reason})",
        )

    def used(self, findings: Iterable[Finding]) -> tuple[int, ...]:
        """The waivers that excused something."""
        return tuple(sorted({one.waiver_id for finding in findings for one in self._waivers if _fits(one, finding)}))

    def not_needed(self, findings: Sequence[Finding], counts: Sequence[CheckCount]) -> list[Finding]:
        """A finding for each waiver of this district alone whose rule was checked and excuses nothing any more."""
        checked, used = {count.rule_code for count in counts}, self.used(findings)
        return [
            Finding(NOT_NEEDED, "", one.indicator_code, one.rule_code, f"{one.valid_until:%d/%m/%Y}")
            for one in self._waivers
            if one.district_code and one.rule_code in checked and one.waiver_id not in used
        ]


def _fits(waiver: Waiver, finding: Finding) -> bool:
    return waiver.rule_code == finding.rule_code and waiver.indicator_code in ("", finding.indicator_code)
