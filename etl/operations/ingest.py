"""All pipeline tasks for the files at some paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from etl import database
from etl.catalogue import load_drive_rules
from etl.errors import CchcError, SourceUnavailable, UsageError
from etl.pipeline import load, parse, prepare, refresh, validate
from etl.pipeline.collect import fetch, waiting
from etl.settings import load_settings

Track = Callable[[Sequence[Any], str], Iterable[Any]]
SubmissionRow = tuple[int, str, str, str]


def ingest(
    paths: Sequence[str], actor: str | None = None, track: Track = lambda items, _: items
) -> tuple[list[SubmissionRow], list[CchcError]]:
    """Run all tasks for the files at `paths`; `track` may show the progress of the items that it is given.

    Returns (submission id, file name, status, reason) of each file, and the errors of paths that could not be read: the
    others are processed first.
    """
    prepare()
    urls, errors = _register(paths, actor)
    fault: CchcError | None = None
    try:
        parse(track(waiting(), "Parsing"))
    except CchcError as error:
        fault = error
    for task in track((validate, load, refresh), "Validating and loading"):
        task()
    if fault:
        raise fault
    return describe_submissions(urls=urls), errors


def _register(paths: Sequence[str], actor: str | None) -> tuple[list[str], list[CchcError]]:
    from etl import submissions

    rules = load_drive_rules(load_settings().catalogue)
    urls: list[str] = []
    errors: list[CchcError] = []
    for path in paths:
        try:
            source = submissions.Drive.open(path, load_settings().drive_credentials())
            files = [file.url for file in source.files(rules)]
            fetch(source, files, actor, "terminal")
        except (UsageError, SourceUnavailable) as error:
            errors.append(error)
            continue
        urls += files
        if not files:
            errors.append(UsageError(f"No reports found in {path}", "Check the path and the patterns in drives.yml"))
    return urls, errors


def describe_submissions(*, ids: Sequence[int] = (), urls: Sequence[str] = ()) -> list[SubmissionRow]:
    """(submission id, file name, status, reason) of submissions by id or source URL."""
    with database.connect(load_settings()) as connection:
        rows = connection.exec_driver_sql(
            "SELECT submission_id, file_name, status, status_reason FROM raw.submission"
            " WHERE submission_id = ANY(%s) OR source_url = ANY(%s) ORDER BY submission_id",
            (list(ids), list(urls)),
        ).fetchall()
    return [(row[0], row[1], row[2], row[3]) for row in rows]
