"""Whether the head of a report names a district and a period that the catalogue expects."""

from __future__ import annotations

from etl.catalogue import Catalogue
from etl.findings import Finding
from etl.observations import ReportContent


def head_findings(content: ReportContent, catalogue: Catalogue) -> list[Finding]:
    """Why a report fits no district or period, so that it is misfiled; empty where it fits."""
    head = content.head
    findings = []
    if head.district_code not in catalogue.districts:
        findings.append(Finding("district_unknown", found=head.district_code or head.unknown_unit or "—"))
    if not head.period_code:
        findings.append(Finding("period_unknown"))
    elif head.period_code not in catalogue.periods:
        findings.append(Finding("period_not_expected", found=head.period_code))
    elif not findings and not catalogue.district_on(
        head.district_code, catalogue.periods[head.period_code].period.ends_on
    ):
        findings.append(Finding("district_not_in_being", found=head.district_code, expected=head.period_code))
    return findings
