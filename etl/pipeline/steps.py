"""The steps of a run. Each opens its own connection, does what its status-based queue holds, and returns ids."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from etl import database
from etl.catalogue import Catalogue, load_catalogue, load_drive_rules
from etl.database import Connection
from etl.errors import CchcError, SourceUnavailable, UnreadableFile, UsageError
from etl.findings import Finding
from etl.pipeline.files import head_findings, unreadable_finding, with_sentences
from etl.pipeline.filing import filed, place_of, placed
from etl.pipeline.judging import validate
from etl.settings import current_user, load_settings

if TYPE_CHECKING:
    from etl.submissions import Credentials, Source, SourceFile
    from etl.warehouse import LoadCounts

log = logging.getLogger("cchc")

_SIDE_BY_SIDE = 2  # periods loaded at once: while one waits for the disk the other computes


def _catalogue() -> Catalogue:
    return load_catalogue(load_settings().catalogue)


def prepare() -> None:
    """Brings the schema, the views and the reference data up to date; a second call changes nothing."""
    from etl import ranking, warehouse

    catalogue = _catalogue()
    warehouse.migrate(load_settings())
    with database.connect(load_settings()) as connection:
        warehouse.load_reference(connection, catalogue)
        ranking.load_methods(connection, catalogue)
        ranking.refresh_rankings(connection)


def _sources(credentials: Credentials | None) -> list[Source]:
    """The drives and the API of the settings. Raises UsageError where none is set."""
    from etl import submissions

    settings = load_settings()
    known = {**settings.drive_credentials(), **(credentials or {})}
    sources: list[Source] = [submissions.Drive.open(place, known) for place in settings.drives]
    if settings.api_url:
        sources.append(submissions.SubmissionApi(settings.api_url, settings.api_token))
    if not sources:
        raise UsageError("no place is set where reports arrive", "Set CCHC_DRIVES (folders or URLs) or CCHC_API_URL")
    return sources


def _new_files(source: Source) -> list[SourceFile]:
    """The files whose present state has not been fetched; half-written ones are left for the next run."""
    from etl import submissions

    rules = load_drive_rules(load_settings().catalogue)
    listed = list(source.files(rules))
    if not listed:
        log.warning("No files at %s: is this where reports arrive?", source.url)
    with database.connect(load_settings()) as connection:
        known = submissions.known_versions(connection, listed)
    return submissions.settled(source, [file for file in listed if (file.url, file.version) not in known], rules)


def discover(credentials: Credentials | None = None) -> list[str]:
    """The URLs of the files at all sources whose present state has not been fetched yet.

    A source that does not answer is logged and the others are listed; if none answers, the first one's error is raised.
    """
    urls: list[str] = []
    failures: list[CchcError] = []
    sources = _sources(credentials)
    for source in sources:
        try:
            urls += [file.url for file in _new_files(source)]
        except (UsageError, SourceUnavailable) as error:
            log.error("%s", error)
            failures.append(error)
    if len(failures) == len(sources):
        raise failures[0]
    return urls


def register(urls: Sequence[str], actor: str | None = None, credentials: Credentials | None = None) -> list[int]:
    """Keeps the files that `discover` named. Returns all submissions that wait to be parsed, an earlier run's too."""
    wanted = set(urls)
    for source in _sources(credentials) if wanted else []:
        try:
            _fetch(source, wanted, actor)
        except (UsageError, SourceUnavailable) as error:
            log.error("%s", error)
    return waiting()


def waiting() -> list[int]:
    """The submissions that wait to be parsed, oldest first."""
    from etl import submissions

    with database.connect(load_settings()) as connection:
        return submissions.pending(connection, "received")


def _fetch(source: Source, wanted: Collection[str], actor: str | None, channel: str | None = None) -> None:
    """Keeps and enters the wanted files of a source, each in a transaction of its own."""
    from etl import submissions

    store = submissions.file_store(load_settings())
    for file in source.files(load_drive_rules(load_settings().catalogue)):
        if file.url not in wanted:
            continue
        try:
            content = source.fetch(file)
        except SourceUnavailable as error:
            log.error("%s: %s", file.name, error)
            continue
        if content is None:
            log.warning("%s is being written to or has gone: it is left for the next run", file.url)
            continue
        with database.connect(load_settings()) as connection:
            entered = submissions.register_file(
                connection, store, file, content, channel or source.channel, actor or current_user()
            )
        log.info("%s: submission %s, %s", file.name, entered.submission_id, entered.status)


def _turn_away(
    connection: Connection, submission_id: int, status: str, findings: Sequence[Finding], catalogue: Catalogue
) -> None:
    """Keeps a file that goes no further, with the reasons why."""
    from etl import submissions, warehouse

    judged = [with_sentences(finding, catalogue) for finding in findings]
    warehouse.stage_findings(connection, submission_id, judged)
    submissions.set_status(connection, submission_id, status, judged[0].message_vi, current_user())


def _parse_one(submission_id: int, catalogue: Catalogue) -> bool:
    """Reads one file and stages its rows in one transaction; whether it is to be judged next."""
    from etl import submissions, warehouse
    from etl.parsing import READER, read

    store = submissions.file_store(load_settings())
    with database.connect(load_settings()) as connection:
        row = connection.execute(
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
            submissions.record_place(connection, submission_id, *placed(place_of(connection, submission_id), catalogue))
            _turn_away(connection, submission_id, "unreadable", [unreadable_finding(error)], catalogue)
            return False
        content, misfits = filed(document, place_of(connection, submission_id), catalogue)
        submissions.record_content(connection, submission_id, content, READER, document.head)
        if content.converted:
            submissions.keep_converted(connection, store, submission_id, content.converted)
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


def parse(submission_ids: Sequence[int]) -> list[int]:
    """Reads the submissions that wait for it; unreadable and misfiled ones are kept with their reasons.

    Returns those that are now parsed. A fault of ours at one file does not stop the others: CchcError names it after
    them, and the file waits as it was.
    """
    catalogue = _catalogue()
    parsed: list[int] = []
    faults: list[int] = []
    for submission_id in submission_ids:
        try:
            if _parse_one(submission_id, catalogue):
                parsed.append(submission_id)
        except (CchcError, psycopg.OperationalError):
            raise  # the database or the file store is away: the others would fail as well
        except Exception:
            log.exception("Submission %s could not be read", submission_id)
            faults.append(submission_id)
    if faults:
        raise CchcError(f"submissions {', '.join(map(str, faults))} could not be read for a fault of the reader")
    return parsed


def load(submission_ids: Sequence[int] | None = None) -> list[int]:
    """Loads the facts of all accepted submissions that are not loaded yet (among `submission_ids`, if given)."""
    from etl import warehouse

    with database.connect(load_settings()) as connection:
        batches = warehouse.waiting_batches(connection, submission_ids)
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for batch, counts in zip(batches, pool.map(_load_batch, batches), strict=True):
            log.info("%s submissions: %s facts opened, %s closed", len(batch), counts.opened, counts.closed)
    return [submission_id for batch in batches for submission_id in batch]


def _load_batch(submission_ids: Sequence[int]) -> LoadCounts:
    """Loads the submissions of a period, in one transaction: each is there whole or not at all."""
    from etl import warehouse

    with database.connect(load_settings()) as connection:
        return warehouse.load_accepted(connection, submission_ids)


def refresh() -> None:
    """Brings what is computed from the facts up to date: statistics, scores, ranks, how sure these are."""
    from etl import ranking, warehouse

    with database.connect_as_owner(load_settings()) as connection:
        warehouse.refresh(connection)
    with database.connect(load_settings()) as connection:
        ranking.refresh_rankings(connection)
    with database.connect_as_owner(load_settings()) as connection:
        ranking.refresh_statistics(connection)


def ingest(paths: Sequence[str], actor: str | None = None) -> tuple[list[tuple[int, str, str, str]], list[CchcError]]:
    """All steps for the files at `paths`.

    Returns (submission id, file name, status, reason) of each file there, and what was wrong with the other paths: what
    can be done is done first.
    """
    from etl import submissions

    urls: list[str] = []
    errors: list[CchcError] = []
    prepare()
    rules = load_drive_rules(load_settings().catalogue)
    for path in paths:
        try:
            source = submissions.Drive.open(path, load_settings().drive_credentials())
            found = [file.url for file in source.files(rules)]
            _fetch(source, found, actor, "terminal")
        except (UsageError, SourceUnavailable) as error:
            errors.append(error)
            continue
        urls += found
        if not found:
            errors.append(UsageError(f"{path} holds no report", "Check the path"))
    fault: CchcError | None = None
    try:
        parse(waiting())
    except CchcError as error:
        fault = error
    validate()
    load()
    refresh()
    if fault:
        raise fault
    with database.connect(load_settings()) as connection:
        rows = connection.execute(
            "SELECT submission_id, file_name, status, status_reason FROM raw.submission"
            " WHERE source_url = ANY(%s) ORDER BY submission_id",
            (urls,),
        ).fetchall()
    return [(row[0], row[1], row[2], row[3]) for row in rows], errors


def simulate(period_code: str, districts: int, seed: int, out: Path, file_formats: Sequence[str]) -> list[Path]:
    """Writes made-up submissions to `out`; see etl.simulation."""
    from etl import simulation

    return simulation.simulate(period_code, districts, seed, out, file_formats, _catalogue())
