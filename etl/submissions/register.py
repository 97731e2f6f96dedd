"""The register of submissions: every file is kept once, and every status change has an author, a time and a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from etl.database import Connection, execute_file
from etl.decimals import format_decimal
from etl.findings import Finding
from etl.observations import DocumentHead, ReportContent
from etl.rules import render_finding
from etl.submissions.source import SourceFile
from etl.submissions.store import Store


@dataclass(frozen=True, slots=True)
class Registration:
    """The submission of a file, and whether its location and content were seen for the first time."""

    submission_id: int
    status: str
    is_new: bool


def find_known_versions(connection: Connection, files: Sequence[SourceFile]) -> set[tuple[str, str]]:
    """Return which (url, version) of `files` have been fetched before."""
    rows = connection.exec_driver_sql(
        "SELECT source_url, source_version FROM raw.sighting WHERE source_url = ANY(%s)",
        ([file.url for file in files],),
    )
    return {(url, version) for url, version in rows}


def find_submissions(connection: Connection, status: str, limit_to: Sequence[int] | None = None) -> list[int]:
    """Return the submissions in a status, oldest first, among `limit_to` or all: also what a killed run left behind."""
    rows = connection.exec_driver_sql(
        "SELECT submission_id FROM raw.submission WHERE status = %(status)s"
        " AND (%(ids)s::bigint[] IS NULL OR submission_id = ANY(%(ids)s::bigint[])) ORDER BY submission_id",
        {"status": status, "ids": None if limit_to is None else list(limit_to)},
    )
    return list(rows.scalars())


def set_status(connection: Connection, submission_id: int, status: str, reason: str, actor: str) -> None:
    """Change the status of a submission and record who did it and why."""
    connection.exec_driver_sql("SELECT raw.set_status(%s, %s, %s, %s)", (submission_id, status, reason, actor))


def register_file(
    connection: Connection, store: Store, file: SourceFile, content: bytes, channel: str, actor: str
) -> Registration:
    """Store the bytes of a file and register it, once per location and content.

    A file with the bytes of an earlier submission becomes a `duplicate` of it.
    """
    sha256 = _store_file(connection, store, content)
    connection.exec_driver_sql(
        "INSERT INTO raw.sighting (source_url, source_version, sha256) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (file.url, file.version, sha256),
    )
    submission_id = connection.exec_driver_sql(
        "INSERT INTO raw.submission (sha256, source_url, file_name, channel, declared_district_code,"
        " declared_period_code) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (source_url, sha256) DO NOTHING RETURNING submission_id",
        (sha256, file.url, file.name, channel, file.declared_district, file.declared_period),
    ).scalar()
    if submission_id is None:
        return _register_again(connection, file, sha256, actor)
    set_status(connection, submission_id, "received", "", actor)
    earlier = connection.exec_driver_sql(
        "SELECT submission_id, status FROM raw.submission WHERE sha256 = %s AND submission_id < %s"
        " ORDER BY status = 'duplicate', submission_id LIMIT 1",
        (sha256, submission_id),
    ).first()
    if earlier is None:
        return Registration(submission_id, "received", is_new=True)
    rule_code = "returned_bytes" if earlier[1] in ("superseded", "withdrawn") else "duplicate_bytes"
    _mark_duplicate(connection, submission_id, earlier[0], rule_code, actor)
    return Registration(submission_id, "duplicate", is_new=True)


def _register_again(connection: Connection, file: SourceFile, sha256: str, actor: str) -> Registration:
    submission_id, status = connection.exec_driver_sql(
        "SELECT submission_id, status FROM raw.submission WHERE source_url = %s AND sha256 = %s", (file.url, sha256)
    ).one()
    if status == "superseded":
        set_status(connection, submission_id, status, _render_reason("returned_superseded", submission_id), actor)
    return Registration(submission_id, status, is_new=False)


def _store_file(connection: Connection, store: Store, content: bytes) -> str:
    sha256 = store.put(content)
    connection.exec_driver_sql(
        "INSERT INTO raw.file (sha256, size_bytes) VALUES (%s, %s) ON CONFLICT DO NOTHING", (sha256, len(content))
    )
    return sha256


def _render_reason(rule_code: str, submission_id: int) -> str:
    return render_finding(Finding(rule_code, found=str(submission_id))).message_vi


def _mark_duplicate(connection: Connection, submission_id: int, original_id: int, rule_code: str, actor: str) -> None:
    connection.exec_driver_sql(
        "UPDATE raw.submission SET duplicate_of = %s WHERE submission_id = %s", (original_id, submission_id)
    )
    set_status(connection, submission_id, "duplicate", _render_reason(rule_code, original_id), actor)


def hash_facts(content: ReportContent) -> str:
    """Hash the facts of a report (district, period, values, statuses, notes), independent of its file format."""
    digest = hashlib.sha256(f"{content.head.district_code}\x1f{content.head.period_code}\x1e".encode())
    for row in content.rows:
        digest.update(
            "\x1f".join((row.indicator_code, format_decimal(row.value), row.status, row.note)).encode() + b"\x1e"
        )
    return digest.hexdigest()


def record_content(
    connection: Connection, submission_id: int, content: ReportContent, reader: str, document: DocumentHead
) -> None:
    """Record the report as placed, the district and period printed in its document, and the hash of its facts."""
    head = content.head
    parameters = {
        "submission_id": submission_id,
        "district_code": head.district_code or None,
        "period_code": head.period_code or None,
        "form_code": head.form_code or None,
        "document_no": head.document_no,
        "signed_on": head.signed_on,
        "is_simulated": head.is_simulated,
        "facts_sha256": hash_facts(content),
        "reader": reader,
        "document_district_code": document.district_code,
        "document_period_code": document.period_code,
        "window_starts_on": head.window_starts_on,
        "window_ends_on": head.window_ends_on,
        "is_partial": head.is_partial,
        "form_fit": content.form_fit,
    }
    execute_file(connection, "load/submission_content.sql", parameters)


def record_placement(connection: Connection, submission_id: int, district_code: str, period_code: str) -> None:
    """Record the district and period of a submission that cannot be read; "" where unknown."""
    connection.exec_driver_sql(
        "UPDATE raw.submission SET district_code = %s, period_code = %s WHERE submission_id = %s",
        (district_code or None, period_code or None, submission_id),
    )


def store_converted(connection: Connection, store: Store, submission_id: int, converted: bytes) -> None:
    """Store the file that a submission was converted to; the locations of its values refer to that file."""
    sha256 = _store_file(connection, store, converted)
    connection.exec_driver_sql(
        "UPDATE raw.submission SET converted_sha256 = %s WHERE submission_id = %s", (sha256, submission_id)
    )


def mark_duplicate_of_same_facts(connection: Connection, submission_id: int, actor: str) -> bool:
    """Mark a submission `duplicate` if the current report of its district and period has the same facts.

    The current report is the newest that may still count. The facts of an older one are a change back to them.
    """
    latest = connection.exec_driver_sql(
        "SELECT o.submission_id, o.facts_sha256 = n.facts_sha256 AND o.is_partial = n.is_partial"
        " FROM raw.submission AS n INNER JOIN raw.submission AS o ON n.district_code = o.district_code"
        " AND n.period_code = o.period_code AND n.submission_id <> o.submission_id"
        " WHERE n.submission_id = %s AND (o.is_accepted OR o.status IN ('parsed', 'held'))"
        " ORDER BY o.effective_signed_on DESC, o.effective_received_at DESC, o.submission_id DESC LIMIT 1",
        (submission_id,),
    ).first()
    if not latest or not latest[1]:
        return False
    _mark_duplicate(connection, submission_id, latest[0], "duplicate_facts", actor)
    return True
