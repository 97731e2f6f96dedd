"""Tasks `discover` and `register`: list new files at all sources, keep and register them."""

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
            fetch(source, wanted, actor)
        except (UsageError, SourceUnavailable) as error:
            log.error("%s", error)
    return waiting()


def waiting() -> list[int]:
    """The submissions that wait to be parsed, oldest first."""
    from etl import submissions

    with database.connect(load_settings()) as connection:
        return submissions.find_submissions(connection, "received")


def fetch(source: Source, wanted: Collection[str], actor: str | None, channel: str | None = None) -> None:
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
        known = submissions.find_known_versions(connection, listed)
    return submissions.select_stable(source, [file for file in listed if (file.url, file.version) not in known], rules)
