"""New forms: proposed from a report, accepted into the province's catalogue, and the reports that waited for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from etl.catalogue import acceptance, load_catalogue, proposals
from etl.operations.files import read_content
from etl.settings import current_user, load_settings

FORM_UNKNOWN = "form_unknown"
_REASON = "The catalogue has a new form | Danh mục đã có biểu mẫu mới"


def propose_form(path: str, out: Path) -> tuple[Path, dict[str, int]]:
    """Writes a proposal for the form of a report into `out`; returns its YAML file and how many rows changed how.

    Raises UsageError for a missing file, UnreadableFile for one without an appendix.
    """
    from etl.parsing import propose

    proposal = propose(Path(path).name, read_content(path), load_catalogue(load_settings().catalogue))
    counts = dict.fromkeys(proposals.CHANGES, 0)
    for row in proposal.rows:
        counts[row.change] += 1
    return proposals.write(proposal, out), counts


def accept_form(path: Path, by: str | None = None) -> list[Path]:
    """Takes an edited proposal into CCHC_CATALOGUE; returns the files written. See etl.catalogue.acceptance.accept."""
    return acceptance.accept(path, by or current_user(), load_settings().catalogue)


def reread_unknown_forms(by: str | None = None) -> list[tuple[int, str, str, str]]:
    """Reads again the submissions that are held since no form fitted, and takes them as far as they go.

    Returns (submission id, file name, status, reason) of each. One whose form is still unknown is held again.
    """
    from etl import database
    from etl.pipeline import load, parse, prepare, refresh, validate
    from etl.submissions import decisions

    prepare()
    actor = by or current_user()
    with database.connect(load_settings()) as connection:
        ids = [
            submission_id
            for (submission_id,) in connection.exec_driver_sql(
                "SELECT s.submission_id FROM raw.submission AS s WHERE s.status = 'held' AND EXISTS ("
                "SELECT FROM staging.finding AS f WHERE f.submission_id = s.submission_id AND f.rule_code = %s)"
                " ORDER BY s.submission_id",
                (FORM_UNKNOWN,),
            ).fetchall()
        ]
        for submission_id in ids:
            decisions.reread(connection, submission_id, _REASON, actor)
    accepted = validate(parse(ids)) if ids else []
    if accepted:
        load(accepted)
        refresh()
    return _outcome(ids)


def _outcome(ids: Sequence[int]) -> list[tuple[int, str, str, str]]:
    from etl import database

    with database.connect(load_settings()) as connection:
        rows = connection.exec_driver_sql(
            "SELECT submission_id, file_name, status, status_reason FROM raw.submission"
            " WHERE submission_id = ANY(%s) ORDER BY submission_id",
            (list(ids),),
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]
