"""Scores that no report holds, such as surveys and appraisals: entered, withdrawn, listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from etl import database
from etl.catalogue import load_catalogue
from etl.database import Connection
from etl.settings import current_user, load_settings
from etl.tables import Table

_READER = "cchc_analyst"


def enter_external(period_code: str, path: Path, reason: str, actor: str | None = None) -> Table:
    """Enters the external scores of a file for a period, all or none, and scores the period again.

    Returns what became of each. Raises UsageError, with the line, for what cannot be used, and without a reason.
    """
    from etl.operations.reviews import needs_reason
    from etl.ranking.scoring.external_scores import ScoreFile, enter

    needs_reason(reason)
    scores = ScoreFile(path)
    return _decided(
        period_code, lambda connection: enter(connection, period_code, scores, reason, actor or current_user())
    )


def withdraw_external(
    period_code: str, district_code: str, input_code: str, stage_code: str, reason: str, actor: str | None = None
) -> Table:
    """Takes an external score back and scores the period again. Returns those that are left.

    Raises UsageError where none is known, and without a reason.
    """
    from etl.operations.reviews import needs_reason
    from etl.ranking.scoring.external_scores import ExternalScore, list_scores, withdraw

    needs_reason(reason)
    score = ExternalScore(district_code, input_code, None, stage_code)

    def run(connection: Connection) -> Table:
        withdraw(connection, period_code, score, reason, actor or current_user())
        return list_scores(connection, period_code)

    return _decided(period_code, run)


def list_external(period_code: str, known_at: datetime | None = None) -> Table:
    """The external scores of a period that hold now, or held at a moment. Raises UsageError for an unknown period."""
    from etl.ranking.scoring.external_scores import list_scores

    load_catalogue(load_settings().catalogue).period(period_code)
    with database.connect(load_settings(), role=_READER) as connection:
        return list_scores(connection, period_code, known_at)


def _decided(period_code: str, decide: Callable[[Connection], Table]) -> Table:
    from etl import ranking
    from etl.pipeline import prepare

    load_catalogue(load_settings().catalogue).period(period_code)
    prepare()
    with database.connect(load_settings()) as connection:
        table = decide(connection)
        ranking.refresh_rankings(connection)
    return table
