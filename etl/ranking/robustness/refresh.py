"""Robustness in the warehouse: samples the rankings whose scores changed and stores the result.

A sample is stored with the timestamp of the scores that it belongs to, in the transaction that writes those: readers
see a rank with its own interval, or no interval at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from etl.database import Connection, copy_rows, execute_file, lock, query_file
from etl.errors import UsageError
from etl.ranking.robustness.aggregation import Tree
from etl.ranking.robustness.monte_carlo import DRAWS, SEED, SEPARATION, WEIGHT_SPREAD, RankSample, sample_ranks
from etl.ranking.robustness.scenarios import ScoredUnits

MOST_DRAWS = 100_000  # ranks of all draws are held in memory at once


def refresh_robustness(connection: Connection) -> int:
    """Sample every ranking whose scores changed; return how many. The caller's transaction publishes them."""
    lock(connection, "scores")
    due = query_file(connection, "queries/robustness_due.sql").fetchall()
    for period_key, method_key in due:
        _refresh(connection, period_key, method_key, DRAWS, SEED)
    return len(due)


def resample(connection: Connection, period_code: str, method_code: str, draws: int, seed: int) -> None:
    """Sample the ranking of a period again, with other draws or another seed, and store that instead.

    Raises UsageError if there is no such ranking, nothing is ranked in it, or `draws` or `seed` is out of range.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws} draws are not possible", f"Give from 1 to {MOST_DRAWS}")
    if not 0 <= seed < 2**63:
        raise UsageError(f"{seed} is not a valid seed", "Give a whole number from 0 to 2^63 - 1")
    lock(connection, "scores")
    row = connection.exec_driver_sql(
        "SELECT DISTINCT s.period_key, s.method_key FROM warehouse.score_district AS s"
        " WHERE s.period_code = %s AND s.method_code = %s AND s.is_final AND s.rank IS NOT NULL",
        (period_code, method_code),
    ).fetchone()
    if row is None:
        raise UsageError(f"nothing is ranked in {period_code} by {method_code}", "See `python -m etl status` for why")
    _refresh(connection, row[0], row[1], draws, seed)


def sample_ranking(
    connection: Connection, definition: str, rows: Sequence[Sequence[Any]], draws: int, seed: int
) -> RankSample | None:
    """Sample a ranking given as rows of robustness_input.sql; return None if nothing is ranked in it."""
    if not any(row[1] for row in rows):
        return None
    return sample_ranks(read_tree(connection, definition), read_units(rows), draws, seed)


def read_tree(connection: Connection, definition: str) -> Tree:
    """Return the tree of a method definition."""
    columns = list(zip(*query_file(connection, "queries/robustness_tree.sql", {"definition": definition}), strict=True))
    codes, kinds, parents, weights, aggregations, rules, is_less_better, lowest, units, digits = columns
    ((tie_breaks,),) = connection.exec_driver_sql(
        "SELECT ARRAY(SELECT pg_catalog.jsonb_array_elements_text(%s::jsonb -> 'tie_breaks'))", (definition,)
    ).fetchall()
    return Tree(
        *(codes, kinds, parents, np.array(weights), aggregations, rules, is_less_better),
        *(np.array(lowest), np.array(units), digits, tuple(tie_breaks)),
    )


def read_units(rows: Sequence[Sequence[Any]]) -> ScoredUnits:
    """Return the units of rows of robustness_input.sql."""
    codes, is_ranked, has_report, points, outcomes, numerators, denominators = zip(*rows, strict=True)
    upper, lower = np.array(numerators, dtype=np.float64), np.array(denominators, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        measures = np.where(np.isnan(lower), upper, 100 * upper / lower)
    return ScoredUnits(
        codes,
        np.array(is_ranked, dtype=bool),
        np.array(has_report, dtype=bool),
        np.array(points, dtype=np.float64),
        np.array(outcomes).view("U1").reshape(len(rows), -1),
        measures,
    )


def _refresh(connection: Connection, period_key: int, method_key: int, draws: int, seed: int) -> None:
    key: dict[str, Any] = {"period_key": period_key, "method_key": method_key}
    rows = query_file(connection, "queries/robustness_input.sql", key).fetchall()
    ((definition,),) = connection.exec_driver_sql(
        "SELECT definition::text FROM warehouse.scoring_method WHERE method_key = %s", (method_key,)
    ).fetchall()
    sample = sample_ranking(connection, definition, rows, draws, seed)
    assert sample is not None, "only rankings in which something is ranked are due"
    execute_file(connection, "load/robustness_clear.sql", key)
    run = {"draws": draws, "seed": seed, "weight_spread": str(WEIGHT_SPREAD), "separation": str(SEPARATION)}
    execute_file(connection, "load/robustness_run.sql", key | run)
    _copy(connection, key, sample)


def _copy(connection: Connection, key: dict[str, Any], sample: RankSample) -> None:
    columns = ("assumption_code", "sort_order", "options", "mean_shift", "greatest_shift", "strongest_option")
    assumptions = (
        (
            *(*key.values(), sensitivity.assumption, number, list(sensitivity.options)),
            *(f"{sensitivity.mean_shift:.6f}", sensitivity.greatest_shift, sensitivity.strongest_option),
        )
        for number, sensitivity in enumerate(sample.sensitivities, start=1)
    )
    copy_rows(connection, "warehouse.robustness_assumption", (*key, *columns), assumptions)
    ranks = (
        (*key.values(), code, *sample.quantiles[unit].tolist(), *sample.ranks_of(unit), sample.tied_with(unit))
        for unit, code in enumerate(sample.unit_codes)
    )
    names = ("district_code", "rank_q05", "rank_q50", "rank_q95", "rank_values", "rank_draws", "tied_with")
    copy_rows(connection, "warehouse.robustness_rank", (*key, *names), ranks)
