"""The page of a period: districts × stages at a glance, each finding one click away, ranking, who has reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from etl.database import Connection
from etl.errors import UsageError
from etl.findings import Finding
from etl.reports import mart, words
from etl.reports.html import rendered
from etl.reports.mart import Rows, SubmissionFinding
from etl.reports.validation_stages import VALIDATION_STAGE_NAMES, ValidationStage, validation_stages_of
from etl.rules import load_rules

_NOT_SHOWN = ("duplicate", "withdrawn")


@dataclass(frozen=True, slots=True)
class _File:
    """A file that came, with what the validation stages say of it."""

    facts: Mapping[str, Any]
    validation_stages: Sequence[ValidationStage]

    @property
    def has_findings(self) -> bool:
        return any(validation_stage.findings for validation_stage in self.validation_stages)

    @property
    def is_accepted_nevertheless(self) -> bool:
        """Whether a person accepted it with what the rules reject."""
        has_critical = any(validation_stage.count("critical") for validation_stage in self.validation_stages)
        return has_critical and str(self.facts["status"]).startswith("accepted")


@dataclass(frozen=True, slots=True)
class _FormNote:
    """Something that the form misprints, with how many files show it."""

    finding: SubmissionFinding
    files: int
    message_vi: str
    message_en: str


def page(connection: Connection, period_code: str, order: Sequence[Sequence[str]]) -> str:
    """The page as HTML. `order` names the validation stages, those that stop together in one group.

    Raises UsageError for an unknown period.
    """
    periods = mart.rows(connection, "period", period_code=period_code)
    if not periods:
        raise UsageError(
            f"there is no period {period_code!r}", "See mart.period for those that reports are expected for"
        )
    files = _files(connection, period_code, order)
    status = mart.rows(connection, "status_of_period", period_code=period_code)
    rows = _rows(status, files)
    strays = [file for file in files if all(file not in sent for _, sent in rows)]
    content = {
        "period": periods[0],
        "files": [*(file for _, sent in rows for file in sent), *strays],
        "rows": rows,
        "validation_stages": [(code, *VALIDATION_STAGE_NAMES[code]) for group in order for code in group],
        "status": status,
        "counts": _counts(status),
        "strays": strays,
        "about_form": _about_form(files),
        "ranking": _ranking(connection, period_code),
        "latest": max((each.facts["received_at"] for each in files), default=None),
        "simulated": sum(1 for each in files if each.facts["is_simulated"]),
        "validation_stage_names": VALIDATION_STAGE_NAMES,
        "severity_vi": words.SEVERITY,
    }
    return rendered("page.html.j2", content)


def _files(connection: Connection, period_code: str, order: Sequence[Sequence[str]]) -> list[_File]:
    findings: dict[int, list[SubmissionFinding]] = {}
    for finding in mart.findings_of_period(connection, period_code):
        findings.setdefault(finding.submission_id, []).append(finding)
    known = load_rules()
    shown = (
        each
        for each in mart.rows(connection, "submissions_of_period", period_code=period_code)
        if each["status"] not in _NOT_SHOWN
    )
    files = []
    for facts in shown:
        found = findings.get(facts["submission_id"], [])
        files.append(_File(facts, validation_stages_of(facts["status"], found, order, known)))
    return files


def _about_form(files: Iterable[_File]) -> list[_FormNote]:
    """What the form itself misprints, each thing once, in the order of the rows."""
    known = load_rules()
    found: dict[tuple[str, str, str], list[SubmissionFinding]] = {}
    for each in (
        one for file in files for validation_stage in file.validation_stages for one in validation_stage.about_form
    ):
        found.setdefault((each.rule_code, each.indicator_code, each.found), []).append(each)
    notes = []
    for same in found.values():
        one, rule = same[0], known[same[0].rule_code]
        told = Finding(one.rule_code, found=one.found, expected=one.expected)
        message = rule.render_messages(
            told, one.indicator_name, one.indicator_name_en, cell=("trên biểu mẫu", "on the form")
        )
        notes.append(_FormNote(one, len(same), *message))
    return notes


def _rows(status: Rows, files: Iterable[_File]) -> list[tuple[dict[str, Any], list[_File]]]:
    """Each expected district with its files, the one that speaks for it first."""
    by_district: dict[str, list[_File]] = {}
    for file in files:
        by_district.setdefault(file.facts["district_code"] if file.facts["period_code"] else "", []).append(file)
    return [
        (
            district,
            sorted(
                by_district.get(district["district_code"], []),
                key=lambda file: file.facts["submission_id"] != district["submission_id"],
            ),
        )
        for district in status
    ]


def _counts(status: Rows) -> dict[str, int]:
    """The numbers at the top of the page, of expected districts."""
    came = [each for each in status if each["received_at"] is not None]
    return {
        "expected": len(status),
        "received": len(came),
        "accepted": sum(1 for each in came if each["status"].startswith("accepted")),
        "timely": sum(1 for each in came if each["is_timely"]),
        "late": sum(1 for each in came if not each["is_timely"]),
        "turned_away": sum(1 for each in came if not each["status"].startswith("accepted")),
        "missing": len(status) - len(came),
    }


def _ranking(connection: Connection, period_code: str) -> dict[str, Any] | None:
    """The ranking by the default method with the scores of each area; None where no method is in force."""
    methods = mart.rows(connection, "method", period_code=period_code)
    if not methods:
        return None
    method = methods[0]
    codes = {"period_code": period_code, "method_code": method["method_code"]}
    areas: dict[str, dict[str, Any]] = {}
    scores: dict[tuple[str, str], Decimal | None] = {}
    for each in mart.rows(connection, "areas_of_period", **codes):
        areas.setdefault(each["reform_area_code"], each)
        scores[each["district_code"], each["reform_area_code"]] = each["score"]
    districts = mart.rows(connection, "ranking_of_period", **codes)
    return {"method": method, "areas": list(areas.values()), "scores": scores, "districts": districts}
