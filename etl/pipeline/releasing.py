"""How sure a ranking is, and rankings that somebody signs: drawn, frozen, verified, compared, published."""

from __future__ import annotations

from etl import database, settings
from etl.tables import Table

_READER = "cchc_analyst"
_RANKS = """
SELECT r.rank, r.district_code, r.district_name, r.rank_q05, r.rank_q50, r.rank_q95, r.rank_probability, r.tied_count,
    r.tied_with, r.reason, r.is_simulated
FROM mart.ranking_robustness AS r WHERE r.period_code = %s AND r.method_code = %s
ORDER BY r.rank ASC NULLS LAST, r.sort_name ASC, r.district_code ASC
"""
_ASSUMPTIONS = """
SELECT a.influence_rank, a.assumption_code, a.mean_shift, a.greatest_shift, a.strongest_option, a.is_varied,
    a.not_varied_reason_en AS not_varied_reason, a.options, a.draws, a.seed
FROM mart.ranking_assumption AS a WHERE a.period_code = %s AND a.method_code = %s
ORDER BY a.influence_rank ASC NULLS LAST, a.sort_order ASC
"""


def robustness(
    period_code: str, method_code: str | None = None, draws: int | None = None, seed: int | None = None
) -> tuple[Table, Table]:
    """How sure the ranks of a period are: its districts with their intervals, and the assumptions, strongest first.

    With `draws` or `seed` it is drawn anew, and that is what everybody sees until the scores change. Raises UsageError
    for an unknown period or method, and where nothing is ranked.
    """
    from etl import ranking, warehouse
    from etl.ranking.drawing import draw_again
    from etl.ranking.robustness import DRAWS, SEED

    with database.connect(settings.load()) as connection:
        ranking.refresh_rankings(connection)
        method_code = method_code or warehouse.default_method(connection, period_code)
        warehouse.ranking(connection, period_code, method_code)  # complains of what is unknown
        if draws is not None or seed is not None:
            draw_again(
                connection, period_code, method_code, DRAWS if draws is None else draws, SEED if seed is None else seed
            )
    with database.connect(settings.load(), role=_READER) as connection:
        return (
            _read(connection, _RANKS, period_code, method_code),
            _read(connection, _ASSUMPTIONS, period_code, method_code),
        )


def _read(connection: database.Connection, query: str, *parameters: object) -> Table:
    cursor = connection.execute(query.encode(), parameters)
    assert cursor.description is not None, "a query returns rows"
    return Table(tuple(column.name for column in cursor.description), cursor.fetchall())
