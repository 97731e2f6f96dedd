"""Reading and validating report files without the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.catalogue import Catalogue, load_catalogue
from etl.errors import UnreadableFile, UsageError
from etl.findings import Finding, RenderedFinding, unreadable_finding
from etl.observations import ReportContent
from etl.rules import render_finding
from etl.settings import load_settings


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file with its content, or the error if it could not be read."""

    path: str
    content: ReportContent | None
    error: UnreadableFile | UsageError | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with the status that it would get, and its findings."""

    path: str
    status: str
    findings: Sequence[RenderedFinding]


def read_content(path: str) -> bytes:
    """The bytes of a local file. Raises UsageError if it does not exist."""
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"{path} is not a file", "Check the path") from None
    except PermissionError:
        raise UsageError(f"{path} may not be read", "Check the permissions of the file") from None


def extract(paths: Sequence[str]) -> Iterator[Extracted]:
    """Read each file in turn; one that cannot be read does not stop the others."""
    from etl.parsing import read

    catalogue = load_catalogue(load_settings().catalogue)
    for path in paths:
        try:
            yield Extracted(path, read(Path(path).name, read_content(path), catalogue))
        except (UnreadableFile, UsageError) as error:
            yield Extracted(path, None, error)


def render_findings(findings: Iterable[Finding], catalogue: Catalogue) -> list[RenderedFinding]:
    """Findings with the severity and messages of their rules."""
    return [render_finding(finding, catalogue.indicator_names(finding.indicator_code)) for finding in findings]


def check(reports: Iterable[Extracted]) -> list[Checked]:
    """Validate reports as the department would, without registering them. Returns the outcomes in the same order.

    A file that does not exist is reported as "missing", so that the others are validated. The suites are evaluated by
    pandas alone, which gives the same findings as their Checkpoints in a tenth of the time.
    """
    from etl.validation import Candidate, validate
    from etl.validation.evaluation import evaluate

    catalogue = load_catalogue(load_settings().catalogue)
    results: dict[int, Checked] = {}
    paths: dict[int, str] = {}
    candidates: dict[str, list[Candidate]] = {}
    for number, report in enumerate(reports):
        paths[number] = report.path
        status, findings = _problems(report, catalogue)
        if findings or report.content is None:
            results[number] = Checked(report.path, status, render_findings(findings, catalogue))
        else:
            content = report.content
            candidate = Candidate(number, content.head, content.rows, content.findings, content.narrative)
            candidates.setdefault(content.head.period_code, []).append(candidate)
    for period_code, group in candidates.items():
        for result in validate(group, period_code, catalogue, run=evaluate):
            number = result.submission_id
            results[number] = Checked(paths[number], result.status, result.findings)
    return [results[number] for number in sorted(results)]


def _problems(report: Extracted, catalogue: Catalogue) -> tuple[str, list[Finding]]:
    """Why a report cannot be validated: its status and findings; no findings if it can."""
    from etl.validation.misfiled import head_findings

    if report.content is not None:
        return "misfiled", head_findings(report.content, catalogue)
    if isinstance(report.error, UnreadableFile):
        return "unreadable", [unreadable_finding(report.error)]
    return "missing", [Finding("file_missing", found=report.path)]
