"""Scores that no report contains, such as surveys and appraisals: entered, withdrawn, listed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from etl.catalogue import load_catalogue
from etl.errors import require_reason
from etl.operations.connections import mart_reader, warehouse_writer
from etl.settings import current_user, load_settings
from etl.tables import Table


def enter(period_code: str, path: Path, reason: str, actor: str | None = None) -> Table:
    """Enter the external scores of a file for a period, all or none, and score the period again.

    Returns what changed for each. Raises UsageError, with the line, for what cannot be used, and without a reason.
    """
    from etl import ranking
    from etl.ranking.scoring import external_scores

    require_reason(reason)
    scores = external_scores.ScoreFile(path)
    _require_period(period_code)
    with warehouse_writer() as connection:
        entered = external_scores.enter(connection, period_code, scores, reason, actor or current_user())
        ranking.refresh_rankings(connection)
    return entered


def withdraw(
    period_code: str, district_code: str, input_code: str, stage_code: str, reason: str, actor: str | None = None
) -> Table:
    """Withdraw an external score and score the period again. Returns the scores that remain.

    Raises UsageError if there is no such score, and without a reason.
    """
    from etl import ranking
    from etl.ranking.scoring import external_scores

    require_reason(reason)
    _require_period(period_code)
    score = external_scores.ExternalScore(district_code, input_code, None, stage_code)
    with warehouse_writer() as connection:
        external_scores.withdraw(connection, period_code, score, reason, actor or current_user())
        ranking.refresh_rankings(connection)
        return external_scores.list_scores(connection, period_code)


def list_scores(period_code: str, known_at: datetime | None = None) -> Table:
    """The external scores of a period, as known now or at a timestamp. Raises UsageError for an unknown period."""
    from etl.ranking.scoring import external_scores

    _require_period(period_code)
    with mart_reader() as connection:
        return external_scores.list_scores(connection, period_code, known_at)


def _require_period(period_code: str) -> None:
    load_catalogue(load_settings().catalogue).period(period_code)
