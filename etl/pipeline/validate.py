"""Judging what was read: gathers each submission with its history, has it judged, keeps what was found and decided."""

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
    from etl.validation import Candidate, Judgement, Waiver


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A submission that waits to be judged; `own_cells` are those of its own rows, where a partial one has others."""

    candidate: Candidate
    own_cells: frozenset[str]


def validate(submission_ids: Sequence[int] | None = None, actor: str | None = None) -> list[int]:
    """Judges all parsed submissions (among `submission_ids`, if given), one batch for each period and form.

    Returns those accepted; held and rejected ones stay out and their siblings go on.
    """
    from etl import submissions

    with database.connect(load_settings()) as connection:
        database.lock(connection, "validate")  # a second run waits here and then finds nothing left to judge
        return judge_parsed(connection, submissions.find_submissions(connection, "parsed", submission_ids), actor)


def judge_parsed(connection: Connection, submission_ids: Sequence[int], actor: str | None = None) -> list[int]:
    """Judges submissions in status parsed, within the caller's transaction; returns those accepted."""
    from etl.validation import judge

    catalogue = load_catalogue(load_settings().catalogue)
    waivers = _waivers(connection)
    accepted: list[int] = []
    for period_code, waiting in sorted(_by_period(connection, submission_ids).items()):
        candidates = _with_history(connection, [one.candidate for one in waiting], period_code, catalogue)
        others = _others(connection, candidates, period_code, catalogue)
        judgements = judge(candidates, period_code, catalogue, accepted=others, waivers=waivers)
        for one, judged in zip(waiting, judgements, strict=True):
            judgement = _of_own_cells(judged, one.own_cells)
            _keep(connection, judgement, actor or current_user())
            if judgement.status.startswith("accepted"):
                accepted.append(judgement.submission_id)
    return accepted


def _keep(connection: Connection, judgement: Judgement, actor: str) -> None:
    """All that was found, how often each rule was checked, and the status with its gravest reason."""
    from etl import submissions, warehouse

    submission_id = judgement.submission_id
    warehouse.stage_findings(connection, submission_id, judgement.findings)
    counts = [(one.rule_code, one.checked, one.failed) for one in judgement.counts]
    warehouse.stage_checks(connection, submission_id, counts, judgement.waivers_used)
    worst = min(judgement.findings, key=lambda one: SEVERITIES.index(one.severity), default=None)
    reason = worst.message_vi if worst and worst.severity != "info" else ""
    submissions.set_status(connection, submission_id, judgement.status, reason, actor)


def _by_period(connection: Connection, submission_ids: Sequence[int]) -> Mapping[str, list[_Waiting]]:
    by_period: dict[str, list[_Waiting]] = {}
    for submission_id in submission_ids:
        waiting = _waiting(connection, submission_id)
        by_period.setdefault(waiting.candidate.head.period_code, []).append(waiting)
    return by_period


def _waiting(connection: Connection, submission_id: int) -> _Waiting:
    """A parsed submission as it was read, back from staging."""
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
    rows, own_cells = _completed(connection, head, [Observation.from_record(row) for row in staged])
    narrative, findings = warehouse.staged_reading(connection, submission_id)
    stale = [
        Finding("correction_not_needed", location, code, said, expected)
        for location, code, said, expected in warehouse.stale_corrections(connection, submission_id)
    ]
    return _Waiting(Candidate(submission_id, head, rows, [*findings, *stale], narrative), own_cells)


def candidates_of(
    connection: Connection, submission_ids: Sequence[int], period_code: str, catalogue: Catalogue
) -> list[Candidate]:
    """Submissions of a period as judging sees them, without what the reader found."""
    waiting = [_waiting(connection, submission_id).candidate for submission_id in submission_ids]
    return _with_history(connection, [replace(one, findings=()) for one in waiting], period_code, catalogue)


def _with_history(
    connection: Connection, candidates: Sequence[Candidate], period_code: str, catalogue: Catalogue
) -> list[Candidate]:
    """The candidates, each with its district's earlier accepted reports, which are fetched in one query."""
    from etl import warehouse
    from etl.validation import periods_needed

    needed = periods_needed(catalogue.period(period_code).period, catalogue.periods)
    districts = sorted({one.head.district_code for one in candidates})
    reports = warehouse.reports_of(connection, needed, districts)
    return [
        replace(one, earlier=reports.get((one.head.district_code, one.head.is_simulated), {})) for one in candidates
    ]


def _others(
    connection: Connection, candidates: Sequence[Candidate], period_code: str, catalogue: Catalogue
) -> dict[str, Mapping[str, str]]:
    """What was accepted of the period already, of the districts that are not judged now."""
    from etl import warehouse

    now = {one.head.district_code for one in candidates}
    reports = warehouse.reports_of(connection, [period_code], [code for code in catalogue.districts if code not in now])
    return {district: said[period_code] for (district, _), said in reports.items()}


def _waivers(connection: Connection) -> list[Waiver]:
    from etl import warehouse
    from etl.validation import Waiver

    return [Waiver(*row) for row in warehouse.waivers_in_force(connection)]


def _completed(
    connection: Connection, head: DocumentHead, rows: Sequence[Observation]
) -> tuple[list[Observation], frozenset[str]]:
    """The rows of a report as they will stand: a partial one's own over what is known now.

    Returns also the cells of its own rows, so that what was found in others can be told apart.
    """
    own = frozenset(row.location for row in rows)
    if not head.is_partial:
        return list(rows), own
    filled_in = {row.indicator_code for row in rows if row.indicator_code and row.status != "blank"}
    known = connection.exec_driver_sql(
        "SELECT o.reform_area_code, '', o.indicator_code, o.indicator_name, o.unit,"
        " trim_scale(o.value), o.value_status, l.raw_value, o.note, l.location"
        " FROM mart.observation AS o INNER JOIN mart.lineage AS l ON o.submission_id = l.submission_id"
        " AND o.indicator_code = l.indicator_code AND l.is_current"
        " WHERE o.district_code = %s AND o.period_code = %s",
        (head.district_code, head.period_code),
    ).fetchall()
    before = [Observation.from_record(row) for row in known if row[2] not in filled_in]
    taken = filled_in | {row.indicator_code for row in before}
    return [
        *before,
        *(row for row in rows if row.indicator_code in filled_in or row.indicator_code not in taken),
    ], own


def _of_own_cells(judgement: Judgement, own: frozenset[str]) -> Judgement:
    """A judgement without the remarks on cells of an earlier report, over which a partial one was laid."""
    findings = tuple(
        one
        for one in judgement.findings
        if not one.finding.location or one.finding.location in own or one.severity == "critical"
    )
    return replace(judgement, findings=findings)
