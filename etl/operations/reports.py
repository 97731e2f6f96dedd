"""Documents that leave the warehouse: the reply to a district, the page of a period, the diagnosis of a method."""

from __future__ import annotations

from pathlib import Path

from etl import database
from etl.catalogue import load_catalogue
from etl.errors import UsageError
from etl.operations.connections import mart_reader
from etl.settings import load_settings


def reply(submission_id: int, out: Path) -> list[Path]:
    """Write the reply to a submission to `out`: the cover page first, then the file that goes back.

    Raises UsageError for an unknown submission and for one that is not validated yet.
    """
    from etl import reports, submissions

    with mart_reader() as connection:
        submission = reports.submission(connection, submission_id)
        findings = reports.findings_of_submission(connection, submission_id)
    original = submissions.file_store(load_settings()).get(submission.sha256)
    files = reports.reply(submission, findings, original)
    return [_write(out, file.name, file.content, is_private=file.holds_original) for file in files]


def report(period_code: str, out: Path) -> Path:
    """Write the page of a period to `out`: one file to open, mail or print. Raises UsageError for an unknown period."""
    from etl import reports
    from etl.validation.policy import load_policy

    with mart_reader() as connection:
        text = reports.page(connection, period_code, load_policy().validation_stages)
    return _write(out, f"report-{period_code}.html", text.encode())


def diagnose(period_code: str, method_code: str | None, out: Path) -> Path:
    """Write the page for the authors of a method to `out`: which criteria separate districts, agree, or decide.

    Raises UsageError if the method ranks nobody in the period.
    """
    from etl import reports

    with mart_reader() as connection:
        text, method = reports.diagnosis(connection, period_code, method_code)
    return _write(out, f"diagnosis-{method}-{period_code}.html", text.encode())


def data_docs(period_code: str, out: Path) -> Path:
    """Run the Checkpoints of a period's submissions and write their Data Docs to `out`; returns the first page.

    Raises UsageError for an unknown period, and if nothing is validated in it.
    """
    from etl.pipeline.validate import load_candidates
    from etl.validation.data_docs import write_data_docs

    catalogue = load_catalogue(load_settings().catalogue)
    catalogue.period(period_code)
    with database.connect(load_settings()) as connection:
        rows = connection.exec_driver_sql(
            "SELECT submission_id FROM raw.submission WHERE period_code = %s"
            " AND status IN ('accepted', 'accepted_with_warnings', 'held', 'rejected') ORDER BY submission_id",
            (period_code,),
        ).fetchall()
        candidates = load_candidates(connection, [submission_id for (submission_id,) in rows], period_code, catalogue)
    if not candidates:
        raise UsageError(f"No submission of {period_code} is validated", "Run `make run` first")
    return write_data_docs(candidates, period_code, catalogue, out / f"data-docs-{period_code}")


def _write(folder: Path, name: str, content: bytes, *, is_private: bool = False) -> Path:
    """Write a file; one that contains an original is readable by its owner only, since it may hold contact data."""
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600 if is_private else 0o644)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "Choose another folder with --out") from error
    return path
