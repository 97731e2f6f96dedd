"""Where a report belongs: what its place says, what the document says, and what a person decided, brought together."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from etl.catalogue import Catalogue
from etl.database import Connection
from etl.findings import Finding
from etl.observations import ReportContent


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a submission beside its document; empty where nothing is said."""

    declared_district: str = ""
    declared_period: str = ""
    assigned_district: str = ""
    assigned_period: str = ""
    decided_scope: str = ""


def place_of(connection: Connection, submission_id: int) -> Place:
    """What the folder or the API declared for a submission, and what a person assigned it to."""
    row = connection.exec_driver_sql(
        "SELECT declared_district_code, declared_period_code, assigned_district_code, assigned_period_code,"
        " decided_scope FROM raw.submission WHERE submission_id = %s",
        (submission_id,),
    ).fetchone()
    assert row is not None, "a submission that was listed is there, since rows are never deleted"
    return Place(*row)


def placed(place: Place, catalogue: Catalogue) -> tuple[str, str]:
    """The district and period of a file of which nothing can be read: a person's word, else its place's; or ""."""
    return (
        place.assigned_district or _if_known(place.declared_district, catalogue.districts),
        place.assigned_period or _if_known(place.declared_period, catalogue.periods),
    )


def _if_known(code: str, codes: Container[str]) -> str:
    return code if code in codes else ""


def filed(content: ReportContent, place: Place, catalogue: Catalogue) -> tuple[ReportContent, list[Finding]]:
    """The report as filed, and why it cannot stay where it lies.

    A person's word goes before the document's, and the document's before its place's. Where document and place
    disagree nobody knows what the figures are of: that is for a person (misfiled). A place that names no known
    district or period, such as a folder "2021-03", says nothing.
    """
    head = content.head
    district = _if_known(place.declared_district, catalogue.districts)
    period = _if_known(place.declared_period, catalogue.periods)
    misfits: list[Finding] = []
    remarks: list[Finding] = []
    if not place.assigned_district and district:
        _compare("district", head.district_code, district, misfits, remarks)
    if not place.assigned_period and period:
        _compare("period", head.period_code, period, misfits, remarks)
    is_partial = place.decided_scope == "partial" if place.decided_scope else head.is_partial
    head = replace(
        head,
        district_code=place.assigned_district or head.district_code or district,
        period_code=place.assigned_period or head.period_code or period,
        is_partial=is_partial,
    )
    # What a partial report leaves out is not missing.
    findings = [one for one in content.findings if not (is_partial and one.rule_code == "row_missing")]
    return replace(content, head=head, findings=(*findings, *remarks)), misfits


def _compare(what: str, said: str, declared: str, misfits: list[Finding], remarks: list[Finding]) -> None:
    if not said:
        remarks.append(Finding(f"{what}_from_place", found=declared))
    elif said != declared:
        misfits.append(Finding(f"declared_{what}_differs", found=said, expected=declared))
