"""Rankings: the list itself, why a district has its score, how it moved and how certain it is; scoring of any table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import load_catalogue
from etl.errors import UsageError
from etl.operations.connections import mart_reader
from etl.settings import load_settings
from etl.tables import Table

if TYPE_CHECKING:
    from etl.ranking import Explanation
    from etl.ranking.scoring.score_table import Detail


def ranking(period_code: str, method_code: str | None = None, known_at: datetime | None = None) -> Table:
    """Every district expected to report in a period, ranked; those without accepted data come last, with the reason.

    With `known_at` as it was known then. Raises UsageError for an unknown period or method.
    """
    from etl import warehouse

    with mart_reader() as connection:
        return warehouse.ranking(connection, period_code, method_code, known_at)


def explain(period_code: str, district_code: str, method_code: str | None = None) -> Explanation:
    """Why a district has its score and rank, down to the cells, and which single change would gain a place.

    Raises UsageError for an unknown period, district or method.
    """
    from etl import ranking, warehouse
    from etl.operations.value_limits import find_ranges

    catalogue = load_catalogue(load_settings().catalogue)
    catalogue.period(period_code)
    catalogue.district(district_code)
    with mart_reader() as connection:
        method_code = method_code or warehouse.default_method(connection, period_code)
        return ranking.explain(
            connection,
            period_code,
            district_code,
            method_code,
            lambda: find_ranges(connection, catalogue, period_code, district_code),
        )


def trend(period_code: str, method_code: str | None = None) -> Table:
    """How each district's score and rank moved against the previous comparable period and the year before.

    Where that cannot be compared the row has the reason. Raises UsageError for an unknown period or method.
    """
    from etl import warehouse

    with mart_reader() as connection:
        return warehouse.trend(connection, period_code, method_code)


def robustness(
    period_code: str, method_code: str | None = None, draws: int | None = None, seed: int | None = None
) -> tuple[Table, Table]:
    """How certain the ranks of a period are: districts with rank intervals, and the assumptions, strongest first.

    With `draws` or `seed` the simulation runs again, and its result is stored until the scores change. Raises
    UsageError for an unknown period or method, and if nothing is ranked.
    """
    from etl import ranking, warehouse
    from etl.ranking.robustness.monte_carlo import DRAWS, SEED
    from etl.ranking.robustness.refresh import resample

    with database.connect(load_settings()) as connection:
        ranking.refresh_rankings(connection)
        method_code = method_code or warehouse.default_method(connection, period_code)
        warehouse.ranking(connection, period_code, method_code)  # raises for an unknown method
        if draws is not None or seed is not None:
            draws, seed = DRAWS if draws is None else draws, SEED if seed is None else seed
            resample(connection, period_code, method_code, draws, seed)
    with mart_reader() as connection:
        parameters = {"period_code": period_code, "method_code": method_code}
        ranks = database.query_table(connection, "queries/robustness.sql", parameters)
        return ranks, database.query_table(connection, "queries/robustness_assumptions.sql", parameters)


def score(method: Path, values: Path, detail: Detail = "") -> Table:
    """Rank the units of a CSV by a method file, with the warehouse's scoring engine; nothing is stored.

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
