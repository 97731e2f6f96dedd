"""Task `parse`: read each file and stage its rows."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from etl import database
from etl.catalogue import Catalogue, load_catalogue
from etl.database import Connection
from etl.errors import CchcError, UnreadableFile
from etl.findings import Finding, unreadable_finding
from etl.rules import render_finding
from etl.settings import current_user, load_settings
from etl.submissions.filing import place_report, place_unreadable, read_placement
from etl.validation.misfiled import head_findings

log = logging.getLogger("cchc")


def parse(submission_ids: Sequence[int]) -> list[int]:
    """Reads the submissions that wait for it; unreadable and misfiled ones are kept with their reasons.

    Returns those that are now parsed. A fault of ours at one file does not stop the others: CchcError names it after
    them, and the file waits as it was.
    """
    catalogue = load_catalogue(load_settings().catalogue)
    parsed: list[int] = []
    faults: list[int] = []
    for submission_id in submission_ids:
        try:
            if _parse_one(submission_id, catalogue):
                parsed.append(submission_id)
        except (CchcError, OperationalError):
            raise  # the database or the file store is away: the others would fail as well
        except Exception:
            log.exception("Submission %s could not be read", submission_id)
            faults.append(submission_id)
    if faults:
        raise CchcError(f"submissions {', '.join(map(str, faults))} could not be read for a fault of the reader")
    return parsed


def _parse_one(submission_id: int, catalogue: Catalogue) -> bool:
    """Reads one file and stages its rows in one transaction; whether it is to be judged next."""
    from etl import submissions, warehouse
    from etl.parsing import READER, read

    store = submissions.file_store(load_settings())
    with database.connect(load_settings()) as connection:
        row = connection.exec_driver_sql(
            "SELECT file_name, sha256 FROM raw.submission WHERE submission_id = %s AND status = 'received' FOR UPDATE",
            (submission_id,),
        ).fetchone()
        if row is None:
            return False
        file_name, sha256 = row
        try:
            if file_name.endswith(submissions.INVALID_SUFFIX):
                raise UnreadableFile("api_item_invalid", file_name, "Tell its operator", "docs/api.yaml")
            document = read(file_name, store.get(sha256), catalogue)
        except UnreadableFile as error:
            log.warning("%s: %s", file_name, error)
            # Its place at least says whose it is: that district has sent something, though nobody can read it.
            placement = read_placement(connection, submission_id)
            submissions.record_placement(connection, submission_id, *place_unreadable(placement, catalogue))
            _turn_away(connection, submission_id, "unreadable", [unreadable_finding(error)], catalogue)
            return False
        content, misfits = place_report(document, read_placement(connection, submission_id), catalogue)
        submissions.record_content(connection, submission_id, content, READER, document.head)
        if content.converted:
            submissions.store_converted(connection, store, submission_id, content.converted)
        misfits += head_findings(content, catalogue)
        if not misfits and submissions.mark_duplicate_of_same_facts(connection, submission_id, current_user()):
            return False
        warehouse.stage_observations(connection, submission_id, content.rows)
        if misfits:
            _turn_away(connection, submission_id, "misfiled", misfits, catalogue)
            return False
        warehouse.stage_reading(connection, submission_id, content.narrative, content.findings)
        submissions.set_status(connection, submission_id, "parsed", "", current_user())
        return True


def _turn_away(
    connection: Connection, submission_id: int, status: str, findings: Sequence[Finding], catalogue: Catalogue
) -> None:
    """Keeps a file that goes no further, with the reasons why."""
    from etl import submissions, warehouse

    judged = [render_finding(finding, catalogue.indicator_names(finding.indicator_code)) for finding in findings]
    warehouse.stage_findings(connection, submission_id, judged)
    submissions.set_status(connection, submission_id, status, judged[0].message_vi, current_user())
