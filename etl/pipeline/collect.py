"""Tasks `discover` and `register`: list new files at all sources, store and register them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import load_drive_rules
from etl.errors import CchcError, SourceUnavailable, UsageError
from etl.settings import current_user, load_settings

if TYPE_CHECKING:
    from etl.submissions import Credentials, Source, SourceFile

log = logging.getLogger("cchc")


def discover(credentials: Credentials | None = None) -> list[str]:
    """The URLs of new and changed files at all sources.

    A source that does not respond is logged and skipped; if none responds, the first error is raised.
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
    """Store and register the files that `discover` listed. Returns all submissions to parse, also of earlier runs."""
    for source in _sources(credentials) if urls else []:
        try:
            fetch(source, set(urls), actor)
        except (UsageError, SourceUnavailable) as error:
            log.error("%s", error)
    return waiting()


def waiting() -> list[int]:
    """The submissions to parse, oldest first."""
    from etl import submissions

    with database.connect(load_settings()) as connection:
        return submissions.find_submissions(connection, "received")


def fetch(source: Source, urls: Collection[str], actor: str | None, channel: str | None = None) -> None:
    """Store and register some files of a source, each in a transaction of its own."""
    from etl import submissions

    store = submissions.file_store(load_settings())
    for file in source.files(load_drive_rules(load_settings().catalogue)):
        if file.url not in urls:
            continue
        try:
            content = source.fetch(file)
        except SourceUnavailable as error:
            log.error("%s: %s", file.name, error)
            continue
        if content is None:
            log.warning("%s is still being written or was removed; the next run tries again", file.url)
            continue
        with database.connect(load_settings()) as connection:
            registration = submissions.register_file(
                connection, store, file, content, channel or source.channel, actor or current_user()
            )
        log.info("%s: submission %s, %s", file.name, registration.submission_id, registration.status)


def _sources(credentials: Credentials | None) -> list[Source]:
    """The drives and the API of the settings. Raises UsageError if none is set."""
    from etl import submissions

    settings = load_settings()
    credentials = {**settings.drive_credentials(), **(credentials or {})}
    sources: list[Source] = [submissions.Drive.open(url, credentials) for url in settings.drives]
    if settings.api_url:
        sources.append(submissions.SubmissionApi(settings.api_url, settings.api_token))
    if not sources:
        raise UsageError("No drive and no API is set", "Set CCHC_DRIVES (folders or URLs) or CCHC_API_URL")
    return sources


def _new_files(source: Source) -> list[SourceFile]:
    """Files that are new or have changed, without those that are still being written."""
    from etl import submissions

    rules = load_drive_rules(load_settings().catalogue)
    listed = list(source.files(rules))
    if not listed:
        log.warning("No files at %s: is this the right folder?", source.url)
    with database.connect(load_settings()) as connection:
        fetched = submissions.find_known_versions(connection, listed)
    changed = [file for file in listed if (file.url, file.version) not in fetched]
    return submissions.select_stable(source, changed, rules)
