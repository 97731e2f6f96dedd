"""What people do with scores: score a table of their own, explain, test and release a ranking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import load_catalogue
from etl.database import Connection
from etl.errors import UsageError
from etl.settings import current_user, load_settings
from etl.tables import Table

if TYPE_CHECKING:
    from etl.ranking import Explanation
    from etl.ranking.scoring.score_table import Detail

_READER = "cchc_analyst"


def score(method: Path, values: Path, detail: Detail = "") -> Table:
    """The units of a CSV ranked by a method file, with the engine of the warehouse; nothing is stored.

    Raises UsageError or CatalogueError, with the line, for what cannot be used.
    """
    from etl.catalogue.document import read_document
    from etl.ranking import Vocabulary, parse_method
    from etl.ranking.scoring.score_table import read_values, score_table

    if not method.is_file():
        raise UsageError(f"{method} is not a file", "Check the path")
    rows = read_values(values)
    parsed = parse_method(read_document(method), Vocabulary.from_table(row.indicator for row in rows))
    with database.connect(load_settings(), role=None) as connection:
        return score_table(connection, parsed, rows, detail)


def explain(period_code: str, district_code: str, method_code: str | None = None) -> Explanation:
    """Why a district has its score and rank, down to the cells, and which single change would gain a place.

    Raises UsageError for an unknown period, district or method.
    """
    from etl import ranking, warehouse
    from etl.pipeline.limits import rooms

    settings = load_settings()
    catalogue = load_catalogue(settings.catalogue)
    catalogue.period(period_code)
    catalogue.district(district_code)
    with database.connect(settings, role=_READER) as connection:
        return ranking.explain(
            connection,
            period_code,
            district_code,
            method_code or warehouse.default_method(connection, period_code),
            lambda period, district: rooms(connection, catalogue, period, district),
        )


def trend(period_code: str, method_code: str | None = None) -> Table:
    """How each district's score and rank moved against the previous comparable period and the year before, or why
    that cannot be told. Raises UsageError for an unknown period or method.
    """
    from etl import warehouse

    with database.connect(load_settings(), role=_READER) as connection:
        return warehouse.trend(connection, period_code, method_code)


def enter_external(period_code: str, path: Path, reason: str, actor: str | None = None) -> Table:
    """Enters the external scores of a file for a period, all or none, and scores the period again.

    Returns what became of each. Raises UsageError, with the line, for what cannot be used, and without a reason.
    """
    from etl.pipeline.reviewing import needs_reason
    from etl.ranking.scoring.external_scores import enter, read_external

    needs_reason(reason)
    scores = read_external(path)
    return _decided(
        period_code, lambda connection: enter(connection, period_code, scores, reason, actor or current_user())
    )


def withdraw_external(
    period_code: str, district_code: str, input_code: str, stage_code: str, reason: str, actor: str | None = None
) -> Table:
    """Takes an external score back and scores the period again. Returns those that are left.

    Raises UsageError where none is known, and without a reason.
    """
    from etl.pipeline.reviewing import needs_reason
    from etl.ranking.scoring.external_scores import ExternalScore, external_scores, withdraw

    needs_reason(reason)
    score = ExternalScore(district_code, input_code, stage_code, None, False, "")

    def run(connection: Connection) -> Table:
        withdraw(connection, period_code, score, reason, actor or current_user())
        return external_scores(connection, period_code)

    return _decided(period_code, run)


def list_external(period_code: str, known_at: datetime | None = None) -> Table:
    """The external scores of a period that hold now, or held at a moment. Raises UsageError for an unknown period."""
    from etl.ranking.scoring.external_scores import external_scores

    load_catalogue(load_settings().catalogue).period(period_code)
    with database.connect(load_settings(), role=_READER) as connection:
        return external_scores(connection, period_code, known_at)


def _decided(period_code: str, decide: Callable[[Connection], Table]) -> Table:
    from etl import ranking
    from etl.pipeline.steps import prepare

    load_catalogue(load_settings().catalogue).period(period_code)
    prepare()
    with database.connect(load_settings()) as connection:
        table = decide(connection)
        ranking.refresh_rankings(connection)
    return table
