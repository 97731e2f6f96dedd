"""New forms: proposed from a report, accepted into the province's catalogue; parsing what waited for them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from etl.catalogue import acceptance, load_catalogue, proposals
from etl.operations.files import read_content
from etl.settings import current_user, load_settings

_REASON = "The catalogue has a new form | Danh mục đã có biểu mẫu mới"
_WAITING = """
SELECT submission_id FROM raw.submission AS s WHERE s.status = 'held' AND EXISTS (
    SELECT FROM staging.finding AS f WHERE f.submission_id = s.submission_id AND f.rule_code = 'form_unknown'
) ORDER BY submission_id
"""


def propose(path: str, out: Path) -> tuple[Path, dict[str, int]]:
    """Write a proposal for the form of a report to `out`; returns its YAML file and the number of rows per change.

    Raises UsageError for a missing file, UnreadableFile for one without an appendix.
    """
    from etl.parsing import propose

    proposal = propose(Path(path).name, read_content(path), load_catalogue(load_settings().catalogue))
    counts = Counter(row.change for row in proposal.rows)
    return proposals.write(proposal, out), {change: counts[change] for change in proposals.CHANGES}


def accept(path: Path, actor: str | None = None) -> list[Path]:
    """Add an edited proposal to CCHC_CATALOGUE; returns the files written. See etl.catalogue.acceptance.accept."""
    return acceptance.accept(path, actor or current_user(), load_settings().catalogue)


def reread(actor: str | None = None) -> list[tuple[int, str, str, str]]:
    """Parse again the submissions that are held because their form was unknown, and process them further.

    Returns (submission id, file name, status, reason) of each. One whose form is still unknown is held again.
    """
    from etl.operations.connections import warehouse_writer
    from etl.operations.ingest import describe_submissions
    from etl.pipeline import load, parse, refresh, validate
    from etl.submissions import decisions

    with warehouse_writer() as connection:
        ids = [submission_id for (submission_id,) in connection.exec_driver_sql(_WAITING).fetchall()]
        for submission_id in ids:
            decisions.reread(connection, submission_id, _REASON, actor or current_user())
    if ids:
        load(validate(parse(ids)))
        refresh()
    return describe_submissions(ids=ids)
