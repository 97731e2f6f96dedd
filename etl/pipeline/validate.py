"""The task `validate`: validates parsed submissions with their history, and stores findings, counts and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import Catalogue, load_catalogue
from etl.database import Connection
from etl.findings import SEVERITIES, Finding
from etl.observations import DocumentHead, Observation
from etl.settings import current_user, load_settings

if TYPE_CHECKING:
    from etl.validation import Candidate, ValidationResult, Waiver


@dataclass(frozen=True, slots=True)
class _Pending:
    """A submission to validate. `own_cells` are the locations of its own rows: a partial report is completed."""

    candidate: Candidate
    own_cells: frozenset[str]


def validate(submission_ids: Sequence[int] | None = None, actor: str | None = None) -> list[int]:
    """Validate all parsed submissions (among `submission_ids`, if given), one batch for each period.

    Returns the ids of those accepted. Held and rejected ones do not affect the others.
    """
    from etl import submissions

    with database.connect(load_settings()) as connection:
        database.lock(connection, "validate")  # a second run waits here and then finds nothing to validate
        return validate_parsed(connection, submissions.find_submissions(connection, "parsed", submission_ids), actor)


def validate_parsed(connection: Connection, submission_ids: Sequence[int], actor: str | None = None) -> list[int]:
    """Validate submissions in status parsed within the caller's transaction; returns the ids of those accepted."""
    from etl import validation

    catalogue = load_catalogue(load_settings().catalogue)
    waivers = _load_waivers(connection)
    accepted: list[int] = []
    for period_code, pending in sorted(_by_period(connection, submission_ids).items()):
        candidates = _with_history(connection, [one.candidate for one in pending], period_code, catalogue)
        others = _load_other_reports(connection, candidates, period_code, catalogue)
        results = validation.validate(candidates, period_code, catalogue, accepted=others, waivers=waivers)
        for submission, result in zip(pending, results, strict=True):
            _store(connection, _of_own_cells(result, submission.own_cells), actor or current_user())
            if result.status.startswith("accepted"):
                accepted.append(result.submission_id)
    return accepted


def _store(connection: Connection, result: ValidationResult, actor: str) -> None:
    """Store findings and counts, and the status with the most severe finding as its reason."""
    from etl import submissions, warehouse

    submission_id = result.submission_id
    warehouse.stage_findings(connection, submission_id, result.findings)
    counts = [(count.rule_code, count.checked, count.failed) for count in result.counts]
    warehouse.stage_checks(connection, submission_id, counts, result.waivers_used)
    worst = min(result.findings, key=lambda finding: SEVERITIES.index(finding.severity), default=None)
    reason = worst.message_vi if worst and worst.severity != "info" else ""
    submissions.set_status(connection, submission_id, result.status, reason, actor)


def _by_period(connection: Connection, submission_ids: Sequence[int]) -> Mapping[str, list[_Pending]]:
    by_period: dict[str, list[_Pending]] = {}
    for submission_id in submission_ids:
        pending = _load(connection, submission_id)
        by_period.setdefault(pending.candidate.head.period_code, []).append(pending)
    return by_period


def _load(connection: Connection, submission_id: int) -> _Pending:
    """A parsed submission from staging."""
    from etl import warehouse
    from etl.validation import Candidate

    row = connection.exec_driver_sql(
        "SELECT district_code, period_code, document_no, signed_on, coalesce(form_code, ''), is_simulated,"
        " window_starts_on, window_ends_on, is_partial FROM raw.submission WHERE submission_id = %s",
        (submission_id,),
    ).fetchone()
    assert row is not None, "a submission that was listed is there, since rows are never deleted"
    head = DocumentHead(*row)
    staged = connection.exec_driver_sql(
        "SELECT reform_area_code, item, indicator_code, label, unit, trim_scale(value),"
        " value_status, raw_value, note, location FROM staging.observation WHERE submission_id = %s"
        " ORDER BY row_number",
        (submission_id,),
    ).fetchall()
    rows, own_cells = _complete(connection, head, [Observation.from_record(row) for row in staged])
    narrative, findings = warehouse.staged_reading(connection, submission_id)
    stale = [
        Finding("correction_not_needed", location, code, found, expected)
        for location, code, found, expected in warehouse.stale_corrections(connection, submission_id)
    ]
    return _Pending(Candidate(submission_id, head, rows, [*findings, *stale], narrative), own_cells)


def load_candidates(
    connection: Connection, submission_ids: Sequence[int], period_code: str, catalogue: Catalogue
) -> list[Candidate]:
    """Submissions of a period as they are validated, without the findings of the parser."""
    candidates = [_load(connection, submission_id).candidate for submission_id in submission_ids]
    return _with_history(connection, [replace(one, findings=()) for one in candidates], period_code, catalogue)


def _with_history(
    connection: Connection, candidates: Sequence[Candidate], period_code: str, catalogue: Catalogue
) -> list[Candidate]:
    """The candidates with the earlier accepted reports of their districts, fetched in one query."""
    from etl import warehouse
    from etl.validation import periods_needed

    needed = periods_needed(catalogue.period(period_code).period, catalogue.periods)
    districts = sorted({one.head.district_code for one in candidates})
    reports = warehouse.reports_of(connection, needed, districts)
    return [
        replace(one, earlier=reports.get((one.head.district_code, one.head.is_simulated), {})) for one in candidates
    ]


def _load_other_reports(
    connection: Connection, candidates: Sequence[Candidate], period_code: str, catalogue: Catalogue
) -> dict[str, Mapping[str, str]]:
    """The accepted reports of the period of those districts that are not validated in this run."""
    from etl import warehouse

    validated = {one.head.district_code for one in candidates}
    others = [code for code in catalogue.districts if code not in validated]
    reports = warehouse.reports_of(connection, [period_code], others)
    return {district: by_period[period_code] for (district, _), by_period in reports.items()}


def _load_waivers(connection: Connection) -> list[Waiver]:
    from etl import warehouse
    from etl.validation import Waiver

    return [Waiver(*row) for row in warehouse.waivers_in_force(connection)]


def _complete(
    connection: Connection, head: DocumentHead, rows: Sequence[Observation]
) -> tuple[list[Observation], frozenset[str]]:
    """The rows of a report and the locations of its own ones: a partial report is completed by the current values."""
    own = frozenset(row.location for row in rows)
    if not head.is_partial:
        return list(rows), own
    filled_in = {row.indicator_code for row in rows if row.indicator_code and row.status != "blank"}
    current = connection.exec_driver_sql(
        "SELECT o.reform_area_code, '', o.indicator_code, o.indicator_name, o.unit,"
        " trim_scale(o.value), o.value_status, l.raw_value, o.note, l.location"
        " FROM mart.observation AS o INNER JOIN mart.lineage AS l ON o.submission_id = l.submission_id"
        " AND o.indicator_code = l.indicator_code AND l.is_current"
        " WHERE o.district_code = %s AND o.period_code = %s",
        (head.district_code, head.period_code),
    ).fetchall()
    before = [Observation.from_record(row) for row in current if row[2] not in filled_in]
    taken = filled_in | {row.indicator_code for row in before}
    return [
        *before,
        *(row for row in rows if row.indicator_code in filled_in or row.indicator_code not in taken),
    ], own


def _of_own_cells(result: ValidationResult, own: frozenset[str]) -> ValidationResult:
    """The result without minor findings in cells that a partial report took over from the current report."""
    findings = tuple(
        rendered
        for rendered in result.findings
        if not rendered.finding.location or rendered.finding.location in own or rendered.severity == "critical"
    )
    return replace(result, findings=findings)
