"""What people do with scores: score a table of their own, explain, test and release a ranking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import load_catalogue
from etl.errors import UsageError
from etl.settings import load_settings
from etl.tables import Table

if TYPE_CHECKING:
    from etl.ranking import Explanation
    from etl.ranking.scoring.score_table import Detail

_READER = "cchc_analyst"


def score(method: Path, values: Path, detail: Detail = "") -> Table:
    """The units of a CSV ranked by a method file, with the engine of the warehouse; nothing is stored.

    Raises UsageError or CatalogueError, with the line, for what cannot be used.
    """
    from etl import warehouse
    from etl.catalogue.document import read_document
    from etl.ranking import Vocabulary, parse_method
    from etl.ranking.scoring.score_table import read_values, score_table

    if not method.is_file():
        raise UsageError(f"{method} is not a file", "Check the path")
    rows = read_values(values)
    parsed = parse_method(read_document(method), Vocabulary.from_table(row.indicator for row in rows))
    settings = load_settings()
    warehouse.migrate(settings)  # the engine is a set of functions of the warehouse
    with database.connect(settings) as connection:
        return score_table(connection, parsed, rows, detail)


def explain(period_code: str, district_code: str, method_code: str | None = None) -> Explanation:
    """Why a district has its score and rank, down to the cells, and which single change would gain a place.

    Raises UsageError for an unknown period, district or method.
    """
    from etl import ranking, warehouse
    from etl.operations.value_limits import find_ranges

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
            lambda: find_ranges(connection, catalogue, period_code, district_code),
        )


def trend(period_code: str, method_code: str | None = None) -> Table:
    """How each district's score and rank moved against the previous comparable period and the year before, or why
    that cannot be told. Raises UsageError for an unknown period or method.
    """
    from etl import warehouse

    with database.connect(load_settings(), role=_READER) as connection:
        return warehouse.trend(connection, period_code, method_code)
