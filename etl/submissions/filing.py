"""Where a report belongs: combines its folder or API item, the document itself and manual assignments."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from etl.catalogue import Catalogue
from etl.database import Connection
from etl.findings import Finding
from etl.observations import ReportContent


@dataclass(frozen=True, slots=True)
class Placement:
    """District and period of a submission from outside its document, and its decided scope; "" where unknown."""

    declared_district: str = ""
    declared_period: str = ""
    assigned_district: str = ""
    assigned_period: str = ""
    decided_scope: str = ""


def read_placement(connection: Connection, submission_id: int) -> Placement:
    """Return what the folder or the API declared for a submission, and what it was assigned to manually."""
    row = connection.exec_driver_sql(
        "SELECT declared_district_code, declared_period_code, assigned_district_code, assigned_period_code,"
        " decided_scope FROM raw.submission WHERE submission_id = %s",
        (submission_id,),
    ).one()
    return Placement(*row)


def place_unreadable(placement: Placement, catalogue: Catalogue) -> tuple[str, str]:
    """Return district and period of a file that cannot be read, "" where unknown."""
    return (
        placement.assigned_district or _if_in(placement.declared_district, catalogue.districts),
        placement.assigned_period or _if_in(placement.declared_period, catalogue.periods),
    )


def place_report(
    content: ReportContent, placement: Placement, catalogue: Catalogue
) -> tuple[ReportContent, list[Finding]]:
    """Return the report with its final district, period and scope, and the findings that make it misfiled.

    A manual assignment overrides the document, and the document overrides the folder. If document and folder disagree,
    the report is misfiled. A folder that names no district or period of the catalogue ("2021-03") is ignored.
    """
    head = content.head
    district = _if_in(placement.declared_district, catalogue.districts)
    period = _if_in(placement.declared_period, catalogue.periods)
    conflicts: list[Finding] = []
    remarks: list[Finding] = []
    for name, assigned, declared, printed in (
        ("district", placement.assigned_district, district, head.district_code),
        ("period", placement.assigned_period, period, head.period_code),
    ):
        if declared and not assigned and not printed:
            remarks.append(Finding(f"{name}_from_place", found=declared))
        elif declared and not assigned and printed != declared:
            conflicts.append(Finding(f"declared_{name}_differs", found=printed, expected=declared))
    is_partial = placement.decided_scope == "partial" if placement.decided_scope else head.is_partial
    head = replace(
        head,
        district_code=placement.assigned_district or head.district_code or district,
        period_code=placement.assigned_period or head.period_code or period,
        is_partial=is_partial,
    )
    # A partial report may leave rows out.
    findings = [finding for finding in content.findings if not (is_partial and finding.rule_code == "row_missing")]
    return replace(content, head=head, findings=(*findings, *remarks)), conflicts


def _if_in(code: str, codes: Container[str]) -> str:
    return code if code in codes else ""
