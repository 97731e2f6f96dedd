"""The register of submissions: nothing lost, nothing twice, and who changed a status, when and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from etl.database import Connection
from etl.decimals import format_decimal
from etl.findings import Finding
from etl.observations import DocumentHead, ReportContent
from etl.rules import render_finding
from etl.submissions.source import SourceFile
from etl.submissions.store import Store


@dataclass(frozen=True, slots=True)
class Registration:
    """What became of a file: its submission, and whether this place and content were seen for the first time."""

    submission_id: int
    status: str
    is_new: bool


def known_versions(connection: Connection, files: Sequence[SourceFile]) -> set[tuple[str, str]]:
    """Which (url, version) of `files` have been fetched before."""
    rows = connection.exec_driver_sql(
        "SELECT source_url, source_version FROM raw.sighting WHERE source_url = ANY(%s)",
        ([file.url for file in files],),
    )
    return {(url, version) for url, version in rows}


def set_status(connection: Connection, submission_id: int, status: str, reason: str, actor: str) -> None:
    """Changes the status of a submission and keeps who did it and why."""
    connection.exec_driver_sql("SELECT raw.set_status(%s, %s, %s, %s)", (submission_id, status, reason, actor))


def register_file(
    connection: Connection, store: Store, file: SourceFile, content: bytes, channel: str, actor: str
) -> Registration:
    """Keeps the bytes of `file`, which are `content`, and enters it, once for each place and content.

    The bytes of an earlier submission make it a `duplicate` of that one.
    """
    sha256 = store.put(content)
    connection.exec_driver_sql(
        "INSERT INTO raw.file (sha256, size_bytes) VALUES (%s, %s) ON CONFLICT DO NOTHING", (sha256, len(content))
    )
    connection.exec_driver_sql(
        "INSERT INTO raw.sighting (source_url, source_version, sha256) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (file.url, file.version, sha256),
    )
    entered = connection.exec_driver_sql(
        "INSERT INTO raw.submission (sha256, source_url, file_name, channel, declared_district_code,"
        " declared_period_code) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (source_url, sha256) DO NOTHING RETURNING submission_id",
        (sha256, file.url, file.name, channel, file.declared_district, file.declared_period),
    ).fetchone()
    if entered is None:
        known = connection.exec_driver_sql(
            "SELECT submission_id, status FROM raw.submission WHERE source_url = %s AND sha256 = %s", (file.url, sha256)
        ).fetchone()
        assert known is not None, "the conflicting row is there, since rows are never deleted"
        if known[1] == "superseded":
            set_status(connection, known[0], known[1], _sentence("returned_superseded", known[0]), actor)
        return Registration(known[0], known[1], is_new=False)
    submission_id: int = entered[0]
    set_status(connection, submission_id, "received", "", actor)
    earlier = connection.exec_driver_sql(
        "SELECT submission_id, status FROM raw.submission WHERE sha256 = %s AND submission_id < %s"
        " ORDER BY status = 'duplicate', submission_id LIMIT 1",
        (sha256, submission_id),
    ).fetchone()
    if earlier:
        is_back = earlier[1] in ("superseded", "withdrawn")
        _mark_duplicate(
            connection, submission_id, earlier[0], "returned_bytes" if is_back else "duplicate_bytes", actor
        )
        return Registration(submission_id, "duplicate", is_new=True)
    return Registration(submission_id, "received", is_new=True)


def _sentence(rule_code: str, submission_id: int) -> str:
    return render_finding(Finding(rule_code, found=str(submission_id))).message_vi


def _mark_duplicate(connection: Connection, submission_id: int, original_id: int, rule_code: str, actor: str) -> None:
    connection.exec_driver_sql(
        "UPDATE raw.submission SET duplicate_of = %s WHERE submission_id = %s", (original_id, submission_id)
    )
    set_status(connection, submission_id, "duplicate", _sentence(rule_code, original_id), actor)


def pending(connection: Connection, status: str, limit_to: Sequence[int] | None = None) -> list[int]:
    """The submissions in `status`, oldest first, among `limit_to` or all: what a killed run left is found again."""
    rows = connection.exec_driver_sql(
        "SELECT submission_id FROM raw.submission WHERE status = %s"
        " AND (%s::bigint[] IS NULL OR submission_id = ANY(%s::bigint[])) ORDER BY submission_id",
        (status, limit_to, limit_to),
    )
    return [row[0] for row in rows]


def facts_sha256(content: ReportContent) -> str:
    """A hash of what a report says (unit, period, values, statuses, notes), whatever file format says it."""
    digest = hashlib.sha256(f"{content.head.district_code}\x1f{content.head.period_code}\x1e".encode())
    for row in content.rows:
        digest.update(
            "\x1f".join((row.indicator_code, format_decimal(row.value), row.status, row.note)).encode() + b"\x1e"
        )
    return digest.hexdigest()


def record_content(
    connection: Connection,
    submission_id: int,
    content: ReportContent,
    reader: str,
    document: DocumentHead | None = None,
) -> str:
    """Enters the report as filed, what its document says of itself, and the hash of its facts, which is returned."""
    head, facts = content.head, facts_sha256(content)
    said = document or head
    connection.exec_driver_sql(
        "UPDATE raw.submission SET district_code = %s, period_code = %s, form_code = %s, document_no = %s,"
        " signed_on = %s, is_simulated = %s, facts_sha256 = %s, reader = %s, document_district_code = %s,"
        " document_period_code = %s, window_starts_on = %s, window_ends_on = %s, is_partial = %s, form_fit = %s"
        " WHERE submission_id = %s",
        (
            head.district_code or None,
            head.period_code or None,
            head.form_code or None,
            head.document_no,
            head.signed_on,
            head.is_simulated,
            facts,
            reader,
            said.district_code,
            said.period_code,
            head.window_starts_on,
            head.window_ends_on,
            head.is_partial,
            content.form_fit,
            submission_id,
        ),
    )
    return facts


def record_place(connection: Connection, submission_id: int, district_code: str, period_code: str) -> None:
    """Enters where a submission belongs of which nothing could be read; "" where nothing says it."""
    connection.exec_driver_sql(
        "UPDATE raw.submission SET district_code = %s, period_code = %s WHERE submission_id = %s",
        (district_code or None, period_code or None, submission_id),
    )


def keep_converted(connection: Connection, store: Store, submission_id: int, converted: bytes) -> None:
    """Keeps the file that was made of a submission's own, since its cells are what the locations name."""
    sha256 = store.put(converted)
    connection.exec_driver_sql(
        "INSERT INTO raw.file (sha256, size_bytes) VALUES (%s, %s) ON CONFLICT DO NOTHING", (sha256, len(converted))
    )
    connection.exec_driver_sql(
        "UPDATE raw.submission SET converted_sha256 = %s WHERE submission_id = %s", (sha256, submission_id)
    )


def mark_duplicate_of_same_facts(connection: Connection, submission_id: int, actor: str) -> bool:
    """Makes a submission a `duplicate` where the current version of its unit and period says exactly the same.

    The current version is what came last and may still count; facts of one before it are news: a return to them.
    """
    latest = connection.exec_driver_sql(
        "SELECT o.submission_id, o.facts_sha256 = n.facts_sha256 AND o.is_partial = n.is_partial"
        " FROM raw.submission AS n INNER JOIN raw.submission AS o ON n.district_code = o.district_code"
        " AND n.period_code = o.period_code AND n.submission_id <> o.submission_id"
        " WHERE n.submission_id = %s AND o.status IN ('parsed', 'held', 'accepted', 'accepted_with_warnings')"
        " ORDER BY coalesce(o.counts_as_signed_on, o.signed_on) DESC NULLS LAST,"
        " coalesce(o.counts_as_received_at, o.received_at) DESC, o.submission_id DESC LIMIT 1",
        (submission_id,),
    ).fetchone()
    if not latest or not latest[1]:
        return False
    _mark_duplicate(connection, submission_id, latest[0], "duplicate_facts", actor)
    return True
