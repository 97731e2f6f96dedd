"""The reply to a district: its own file with a remark on each cell to hint, and a cover page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from etl.errors import UsageError
from etl.findings import SEVERITIES
from etl.reports import excel, word, words
from etl.reports.cover import cover
from etl.reports.listing import listing
from etl.reports.mart import FoundFault, Submission
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
_NOT_YET_JUDGED = ("received", "parsed")
_LONGEST_NAME = 160  # bytes, of the 255 that file systems allow
_UNSAFE = re.compile(r'[\x00-\x1f<>:"|?*]')


@dataclass(frozen=True, slots=True)
class ReplyFile:
    """A file of the reply. One that `holds_original` may hold whatever the report held, contact data too."""

    name: str
    content: bytes
    holds_original: bool = False


def reply(submission: Submission, findings: Sequence[FoundFault], original: bytes) -> list[ReplyFile]:
    """The files of the reply: the cover page, then the original with remarks or a list of the findings.

    Where there is nothing to hint, the cover page alone. What the form itself misprints is not told: the sender cannot
    mend it. Same submission, same bytes.
    Raises UsageError for a submission that nobody has judged yet.
    """
    if submission.status in _NOT_YET_JUDGED:
        raise UsageError(f"submission {submission.submission_id} was not judged yet", "Run `make run` first")
    ordered = sorted(_of_the_sender(findings), key=lambda each: SEVERITIES.index(each.severity))
    enclosed = _enclosed(submission, ordered, original)
    returned = enclosed.name if enclosed and enclosed.holds_original else ""
    page = ReplyFile(f"{submission.submission_id}_phieu-tra-loi.docx", cover(submission, ordered, returned))
    return [page, enclosed] if enclosed else [page]


def _of_the_sender(findings: Sequence[FoundFault]) -> list[FoundFault]:
    known = load_rules()
    return [each for each in findings if each.rule_code not in known or known[each.rule_code].category != FORM]


def _enclosed(submission: Submission, findings: Sequence[FoundFault], original: bytes) -> ReplyFile | None:
    """What goes with the cover page; None where there is nothing to mend."""
    to_mend = [each for each in findings if each.severity != "info"]
    if not to_mend:
        return None
    name = _UNSAFE.sub("_", PurePath(submission.file_name.replace("\\", "/")).name)
    remarks = [Remark(each.location, f"{words.SEVERITY[each.severity]}. {each.message_vi}") for each in to_mend]
    annotated = _annotated(name, [remark for remark in remarks if remark.location], original)
    if annotated is None:
        return ReplyFile(f"{submission.submission_id}_danh-muc-can-sua.xlsx", listing(submission, findings))
    stem, suffix = PurePath(name).stem.encode()[:_LONGEST_NAME].decode(errors="ignore"), PurePath(name).suffix
    return ReplyFile(f"{submission.submission_id}_{stem}_co-ghi-chu{suffix}", annotated, holds_original=True)


def _annotated(name: str, remarks: Sequence[Remark], original: bytes) -> bytes | None:
    """The original with its remarks; None where no remark found a place in it."""
    annotate = _ANNOTATORS.get(PurePath(name).suffix.lower())
    if annotate is None or not remarks:
        return None
    try:
        done = annotate(original, remarks)
    except NotAnnotatable:
        return None
    return done.content if len(done.unplaced) < len(remarks) else None
