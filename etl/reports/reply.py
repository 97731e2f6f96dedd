"""The reply to a district: a cover page, and its own file with a comment on each cell to fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from etl.errors import UsageError
from etl.findings import SEVERITIES
from etl.reports import excel, word, wording
from etl.reports.cover import build_cover
from etl.reports.listing import build_finding_list
from etl.reports.mart import Submission, SubmissionFinding
from etl.reports.package import NotAnnotatable
from etl.reports.remarks import Annotated, Remark
from etl.reports.validation_stages import FORM
from etl.rules import load_rules

_ANNOTATORS: dict[str, Callable[[bytes, Sequence[Remark]], Annotated]] = {
    ".docx": word.annotate,
    ".docm": word.annotate,
    ".xlsx": excel.annotate,
    ".xlsm": excel.annotate,
}
_NOT_VALIDATED = ("received", "parsed")
_MAX_NAME_BYTES = 160  # of the 255 that file systems allow
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*]')


@dataclass(frozen=True, slots=True)
class ReplyFile:
    """A file of the reply. With `holds_original` it may contain contact data, as the report may."""

    name: str
    content: bytes
    holds_original: bool = False


def reply(submission: Submission, findings: Sequence[SubmissionFinding], original: bytes) -> list[ReplyFile]:
    """Return the cover page, and the original with comments or a list of the findings if there is anything to fix.

    Misprints of the form itself are left out: the sender cannot fix them. The same submission gives the same bytes.
    Raises UsageError if the submission is not validated yet.
    """
    if submission.status in _NOT_VALIDATED:
        raise UsageError(f"Submission {submission.submission_id} is not validated yet", "Run `make run` first")
    ordered = sorted(_without_form_misprints(findings), key=lambda finding: SEVERITIES.index(finding.severity))
    enclosed = _enclosed(submission, ordered, original)
    returned = enclosed.name if enclosed and enclosed.holds_original else ""
    page = ReplyFile(f"{submission.submission_id}_phieu-tra-loi.docx", build_cover(submission, ordered, returned))
    return [page, enclosed] if enclosed else [page]


def _without_form_misprints(findings: Sequence[SubmissionFinding]) -> list[SubmissionFinding]:
    rules = load_rules()
    return [
        finding for finding in findings if finding.rule_code not in rules or rules[finding.rule_code].category != FORM
    ]


def _enclosed(submission: Submission, findings: Sequence[SubmissionFinding], original: bytes) -> ReplyFile | None:
    """Return the file enclosed with the cover page; None if there is nothing to fix."""
    to_fix = [finding for finding in findings if finding.severity != "info"]
    if not to_fix:
        return None
    name = _UNSAFE.sub("_", PurePath(submission.file_name.replace("\\", "/")).name)
    remarks = [Remark(row.location, f"{wording.SEVERITY[row.severity]}. {row.message_vi}") for row in to_fix]
    annotated = _annotated(name, [remark for remark in remarks if remark.location], original)
    if annotated is None:
        return ReplyFile(f"{submission.submission_id}_danh-muc-can-sua.xlsx", build_finding_list(submission, findings))
    stem, suffix = PurePath(name).stem.encode()[:_MAX_NAME_BYTES].decode(errors="ignore"), PurePath(name).suffix
    return ReplyFile(f"{submission.submission_id}_{stem}_co-ghi-chu{suffix}", annotated, holds_original=True)


def _annotated(name: str, remarks: Sequence[Remark], original: bytes) -> bytes | None:
    """Return the original with its comments; None if none of them could be placed."""
    annotate = _ANNOTATORS.get(PurePath(name).suffix.lower())
    if annotate is None or not remarks:
        return None
    try:
        annotated = annotate(original, remarks)
    except NotAnnotatable:
        return None
    return annotated.content if len(annotated.unplaced) < len(remarks) else None
