"""All pipeline tasks for the files at some paths."""

from __future__ import annotations

from collections.abc import Sequence

from etl import database
from etl.catalogue import load_drive_rules
from etl.errors import CchcError, SourceUnavailable, UsageError
from etl.pipeline import load, parse, prepare, refresh, validate
from etl.pipeline.collect import fetch, waiting
from etl.settings import load_settings


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
            fetch(source, found, actor, "terminal")
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
        rows = connection.exec_driver_sql(
            "SELECT submission_id, file_name, status, status_reason FROM raw.submission"
            " WHERE source_url = ANY(%s) ORDER BY submission_id",
            (urls,),
        ).fetchall()
    return [(row[0], row[1], row[2], row[3]) for row in rows], errors
