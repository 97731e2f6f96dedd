"""The page of a period: the validation results of each district, the ranking, who has reported, and all findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from etl.database import Connection
from etl.errors import UsageError
from etl.findings import Finding
from etl.reports import mart, wording
from etl.reports.html import render
from etl.reports.mart import Rows, SubmissionFinding
from etl.reports.validation_stages import VALIDATION_STAGE_NAMES, ValidationStage, validation_stages_of
from etl.rules import Rule, load_rules

_NOT_SHOWN = ("duplicate", "withdrawn")


@dataclass(frozen=True, slots=True)
class _ReportFile:
    """A received file with the results of its validation stages."""

    submission: Mapping[str, Any]
    validation_stages: Sequence[ValidationStage]

    @property
    def has_findings(self) -> bool:
        return any(stage.findings for stage in self.validation_stages)

    @property
    def is_accepted_nevertheless(self) -> bool:
        """Whether it was accepted by manual decision despite critical findings."""
        has_critical = any(stage.count("critical") for stage in self.validation_stages)
        return has_critical and str(self.submission["status"]).startswith("accepted")


@dataclass(frozen=True, slots=True)
class _FormNote:
    """A misprint of the form itself, with the number of files that contain it."""

    finding: SubmissionFinding
    files: int
    message_vi: str
    message_en: str


def page(connection: Connection, period_code: str, order: Sequence[Sequence[str]]) -> str:
    """Return the page as HTML. `order` lists the validation stages; those that run together form one group.

    Raises UsageError for an unknown period.
    """
    periods = mart.rows(connection, "period", period_code=period_code)
    if not periods:
        raise UsageError(f"Period {period_code!r} does not exist", "See mart.period for the list")
    rules = load_rules()
    files = _load_files(connection, period_code, order, rules)
    status = mart.rows(connection, "status_of_period", period_code=period_code)
    rows = _rows(status, files)
    strays = [file for file in files if all(file not in district_files for _, district_files in rows)]
    content = {
        "period": periods[0],
        "files": [*(file for _, district_files in rows for file in district_files), *strays],
        "rows": rows,
        "validation_stages": [(code, *VALIDATION_STAGE_NAMES[code]) for group in order for code in group],
        "status": status,
        "counts": _counts(status),
        "strays": strays,
        "about_form": _form_notes(files, rules),
        "ranking": _ranking(connection, period_code),
        "latest": max((file.submission["received_at"] for file in files), default=None),
        "simulated": sum(1 for file in files if file.submission["is_simulated"]),
        "validation_stage_names": VALIDATION_STAGE_NAMES,
        "severity_vi": wording.SEVERITY,
    }
    return render("page.html.j2", content)


def _load_files(
    connection: Connection, period_code: str, order: Sequence[Sequence[str]], rules: Mapping[str, Rule]
) -> list[_ReportFile]:
    findings: dict[int, list[SubmissionFinding]] = {}
    for finding in mart.findings_of_period(connection, period_code):
        findings.setdefault(finding.submission_id, []).append(finding)
    files = []
    for submission in mart.rows(connection, "submissions_of_period", period_code=period_code):
        if submission["status"] not in _NOT_SHOWN:
            submission_findings = findings.get(submission["submission_id"], [])
            stages = validation_stages_of(submission["status"], submission_findings, order, rules)
            files.append(_ReportFile(submission, stages))
    return files


def _form_notes(files: Iterable[_ReportFile], rules: Mapping[str, Rule]) -> list[_FormNote]:
    """Return the misprints of the form itself, each once, in the order of the rows."""
    by_misprint: dict[tuple[str, str, str], list[SubmissionFinding]] = {}
    for file in files:
        for stage in file.validation_stages:
            for finding in stage.about_form:
                misprint = (finding.rule_code, finding.indicator_code, finding.found)
                by_misprint.setdefault(misprint, []).append(finding)
    notes = []
    for findings in by_misprint.values():
        first = findings[0]
        message = rules[first.rule_code].render_messages(
            Finding(first.rule_code, found=first.found, expected=first.expected),
            first.indicator_name,
            first.indicator_name_en,
            cell=("trên biểu mẫu", "on the form"),
        )
        notes.append(_FormNote(first, len(findings), *message))
    return notes


def _rows(status: Rows, files: Iterable[_ReportFile]) -> list[tuple[dict[str, Any], list[_ReportFile]]]:
    """Return each expected district with its files, its current submission first."""
    by_district: dict[str, list[_ReportFile]] = {}
    for file in files:
        if file.submission["period_code"]:
            by_district.setdefault(file.submission["district_code"], []).append(file)
    rows = []
    for district in status:
        district_files = by_district.get(district["district_code"], [])
        current = district["submission_id"]
        rows.append((district, sorted(district_files, key=lambda file: file.submission["submission_id"] != current)))
    return rows


def _counts(status: Rows) -> dict[str, int]:
    """Return the numbers at the top of the page, which count expected districts."""
    received = [district for district in status if district["received_at"] is not None]
    accepted = sum(1 for district in received if district["status"].startswith("accepted"))
    timely = sum(1 for district in received if district["is_timely"])
    return {
        "expected": len(status),
        "received": len(received),
        "accepted": accepted,
        "timely": timely,
        "late": len(received) - timely,
        "turned_away": len(received) - accepted,
        "missing": len(status) - len(received),
    }


def _ranking(connection: Connection, period_code: str) -> dict[str, Any] | None:
    """Return the ranking by the default method with the score of each area; None if no method is in force."""
    methods = mart.rows(connection, "method", period_code=period_code)
    if not methods:
        return None
    method = methods[0]
    codes = {"period_code": period_code, "method_code": method["method_code"]}
    areas: dict[str, dict[str, Any]] = {}
    scores: dict[tuple[str, str], Decimal | None] = {}
    for area in mart.rows(connection, "areas_of_period", **codes):
        areas.setdefault(area["reform_area_code"], area)
        scores[area["district_code"], area["reform_area_code"]] = area["score"]
    districts = mart.rows(connection, "ranking_of_period", **codes)
    return {"method": method, "areas": list(areas.values()), "scores": scores, "districts": districts}
