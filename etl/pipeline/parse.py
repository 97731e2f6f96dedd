"""Task `parse`: read each file and stage its rows."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy.exc import OperationalError

from etl import database
from etl.catalogue import Catalogue, load_catalogue
from etl.database import Connection
from etl.errors import CchcError, UnreadableFile
from etl.findings import Finding, unreadable_finding
from etl.observations import ReportContent
from etl.rules import render_finding
from etl.settings import current_user, load_settings
from etl.submissions.filing import place_report, place_unreadable, read_placement
from etl.validation.misfiled import head_findings

log = logging.getLogger("cchc")


def parse(submission_ids: Iterable[int]) -> list[int]:
    """Parse submissions in status received; unreadable and misfiled ones keep their reasons as findings.

    Returns those that are now parsed. A bug in parsing one file does not stop the others: it is raised as CchcError
    after them, and the file stays received.
    """
    catalogue = load_catalogue(load_settings().catalogue)
    parsed: list[int] = []
    failed: list[int] = []
    for submission_id in submission_ids:
        try:
            if _parse_one(submission_id, catalogue):
                parsed.append(submission_id)
        except (CchcError, OperationalError):
            raise  # the database or the file store is unreachable: the others would fail too
        except Exception:
            log.exception("Submission %s could not be parsed", submission_id)
            failed.append(submission_id)
    if failed:
        raise CchcError(f"Submissions {', '.join(map(str, failed))} could not be parsed: internal error, see the log")
    return parsed


def _parse_one(submission_id: int, catalogue: Catalogue) -> bool:
    """Parse one file and stage its rows in one transaction. Returns whether it is to be validated."""
    from etl import submissions
    from etl.parsing import READER

    with database.connect(load_settings()) as connection:
        row = connection.exec_driver_sql(
            "SELECT file_name, sha256 FROM raw.submission WHERE submission_id = %s AND status = 'received' FOR UPDATE",
            (submission_id,),
        ).fetchone()
        if row is None:
            return False
        placement = read_placement(connection, submission_id)
        try:
            document = _read(row[0], row[1], catalogue)
        except UnreadableFile as error:
            log.warning("%s: %s", row[0], error)
            # The district has sent something, even if nobody can read it.
            submissions.record_placement(connection, submission_id, *place_unreadable(placement, catalogue))
            _set_aside(connection, submission_id, "unreadable", [unreadable_finding(error)], catalogue)
            return False
        content, problems = place_report(document, placement, catalogue)
        submissions.record_content(connection, submission_id, content, READER, document.head)
        return _stage(connection, submission_id, content, [*problems, *head_findings(content, catalogue)], catalogue)


def _read(file_name: str, sha256: str, catalogue: Catalogue) -> ReportContent:
    from etl import submissions
    from etl.parsing import read

    if file_name.endswith(submissions.INVALID_SUFFIX):
        raise UnreadableFile("api_item_invalid", file_name, "Tell the operator of the API", "docs/api.yaml")
    return read(file_name, submissions.file_store(load_settings()).get(sha256), catalogue)


def _stage(
    connection: Connection, submission_id: int, content: ReportContent, problems: list[Finding], catalogue: Catalogue
) -> bool:
    """Stage what was parsed, unless the same facts are current already. Returns whether it is to be validated."""
    from etl import submissions, warehouse

    if content.converted:
        store = submissions.file_store(load_settings())
        submissions.store_converted(connection, store, submission_id, content.converted)
    if not problems and submissions.mark_duplicate_of_same_facts(connection, submission_id, current_user()):
        return False
    warehouse.stage_observations(connection, submission_id, content.rows)
    if problems:
        _set_aside(connection, submission_id, "misfiled", problems, catalogue)
        return False
    warehouse.stage_reading(connection, submission_id, content.narrative, content.findings)
    submissions.set_status(connection, submission_id, "parsed", "", current_user())
    return True


def _set_aside(
    connection: Connection, submission_id: int, status: str, findings: Sequence[Finding], catalogue: Catalogue
) -> None:
    """Record why a file is not processed further."""
    from etl import submissions, warehouse

    rendered = [render_finding(finding, catalogue.indicator_names(finding.indicator_code)) for finding in findings]
    warehouse.stage_findings(connection, submission_id, rendered)
    submissions.set_status(connection, submission_id, status, rendered[0].message_vi, current_user())
