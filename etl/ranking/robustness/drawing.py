"""Robustness in the warehouse: reads the points that SQL computed, keeps what the draws over them come to.

It is kept with the moment of the scores that it stands on, in the transaction that writes those: readers see a rank and
its interval of the same moment, and no interval at all where it is of other scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from etl.database import Connection, copy_rows, execute_file, lock, query_file
from etl.errors import UsageError
from etl.ranking.robustness.aggregation import Tree
from etl.ranking.robustness.assumptions import Units
from etl.ranking.robustness.monte_carlo import DRAWS, SEED, SEPARATION, WEIGHT_SPREAD, Robustness, sample

MOST_DRAWS = 100_000  # ranks of all draws are held in memory at once


@dataclass(frozen=True)
class Drawn:
    """The units in the order of `result`, those that are ranked."""

    district_codes: tuple[str, ...]
    result: Robustness

    def ranks_of(self, unit: int) -> tuple[list[int], list[int]]:
        """The ranks that a unit had, and in how many draws each."""
        counts = self.result.counts[unit]
        had = np.nonzero(counts)[0]
        return (had + 1).tolist(), counts[had].tolist()

    def tied_with(self, unit: int) -> list[str]:
        """Codes of the units that it cannot be told apart from."""
        return [self.district_codes[other] for other in np.nonzero(self.result.ties[unit])[0]]

    def tied_text(self, unit: int) -> str:
        """The same as the text of a PostgreSQL array."""
        return array_text([self._quoted[other] for other in np.nonzero(self.result.ties[unit])[0]])

    @cached_property
    def _quoted(self) -> list[str]:
        return ['"' + code.replace("\\", "\\\\").replace('"', '\\"') + '"' for code in self.district_codes]


def refresh_robustness(connection: Connection) -> int:
    """Draws anew wherever scores changed since; returns of how many rankings. The caller's transaction shows them."""
    lock(connection, "scores")
    due = query_file(connection, "queries/robustness_due.sql").fetchall()
    for period_key, method_key in due:
        _write(connection, period_key, method_key, DRAWS, SEED)
    return len(due)


def draw_again(connection: Connection, period_code: str, method_code: str, draws: int, seed: int) -> None:
    """Draws the ranking of a period by a method with other draws or another seed, and keeps that.

    Raises UsageError where there is no such ranking, nothing is ranked in it, or `draws` makes no sense.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws} draws cannot be made", f"Give from 1 to {MOST_DRAWS}")
    if not 0 <= seed < 2**63:
        raise UsageError(f"{seed} is no seed", "Give a whole number from 0 on")
    lock(connection, "scores")
    row = connection.exec_driver_sql(
        "SELECT DISTINCT s.period_key, s.method_key FROM warehouse.score_district AS s"
        " WHERE s.period_code = %s AND s.method_code = %s AND s.is_final AND s.rank IS NOT NULL",
        (period_code, method_code),
    ).fetchone()
    if row is None:
        raise UsageError(f"nothing is ranked in {period_code} by {method_code}", "See `python -m etl status` for why")
    _write(connection, row[0], row[1], draws, seed)


def draw(
    connection: Connection, definition: str, rows: Sequence[tuple[Any, ...]], draws: int, seed: int
) -> Drawn | None:
    """Draws over a ranking given as rows of queries/robustness_input.sql; None where nothing is ranked in it."""
    is_ranked = np.array([row[1] for row in rows], dtype=bool)
    if not is_ranked.any():
        return None
    result = sample(read_tree(connection, definition), read_units(rows), is_ranked, draws, seed)
    return Drawn(tuple(row[0] for row in rows if row[1]), result)


def read_tree(connection: Connection, definition: str) -> Tree:
    """The tree of a definition, as columns."""
    columns = list(zip(*query_file(connection, "queries/robustness_tree.sql", {"definition": definition}), strict=True))
    codes, kinds, parents, weights, aggregations, rules, is_less_better, lowest, units, digits = columns
    ((given,),) = connection.exec_driver_sql(
        "SELECT ARRAY(SELECT pg_catalog.jsonb_array_elements_text(%s::jsonb -> 'tie_breaks'))", (definition,)
    ).fetchall()
    return Tree(
        codes,
        kinds,
        parents,
        np.array(weights),
        aggregations,
        rules,
        is_less_better,
        np.array(lowest),
        np.array(units),
        digits,
        tuple(given),
    )


def read_units(rows: Sequence[tuple[Any, ...]]) -> Units:
    """Points, outcomes and measures of rows of queries/robustness_input.sql."""
    _, _, has_report, points, outcomes, numerators, denominators = zip(*rows, strict=True)
    upper, lower = (np.array(given, dtype=np.float64) for given in (numerators, denominators))
    with np.errstate(divide="ignore", invalid="ignore"):
        measures = np.where(np.isnan(lower), upper, 100 * upper / lower)
    letters = np.array(outcomes).view("U1").reshape(len(rows), -1)
    return Units(np.array(points, dtype=np.float64), letters, measures, np.array(has_report, dtype=bool))


def _write(connection: Connection, period_key: int, method_key: int, draws: int, seed: int) -> None:
    key: dict[str, Any] = {"period_key": period_key, "method_key": method_key}
    rows = query_file(connection, "queries/robustness_input.sql", key).fetchall()
    ((definition,),) = connection.exec_driver_sql(
        "SELECT definition::text FROM warehouse.scoring_method WHERE method_key = %s", (method_key,)
    ).fetchall()
    drawn = draw(connection, definition, rows, draws, seed)
    assert drawn is not None, "only rankings in which something is ranked are drawn"
    execute_file(connection, "load/robustness_clear.sql", key)
    of_run = {"draws": draws, "seed": seed, "weight_spread": str(WEIGHT_SPREAD), "separation": str(SEPARATION)}
    execute_file(connection, "load/robustness_run.sql", key | of_run)
    _copy(connection, (period_key, method_key), drawn)


def _copy(connection: Connection, key: tuple[int, int], drawn: Drawn) -> None:
    names = ("period_key", "method_key")
    copy_rows(
        connection,
        "warehouse.robustness_assumption",
        (
            *names,
            "assumption_code",
            "sort_order",
            "options",
            "mean_shift",
            "greatest_shift",
            "strongest_option",
        ),
        (
            (
                *key,
                one.assumption,
                n,
                list(one.options),
                f"{one.mean_shift:.6f}",
                one.greatest_shift,
                one.strongest_option,
            )
            for n, one in enumerate(drawn.result.influences, start=1)
        ),
    )
    copy_rows(
        connection,
        "warehouse.robustness_rank",
        (*names, "district_code", "rank_q05", "rank_q50", "rank_q95", "rank_values", "rank_draws", "tied_with"),
        ((*key, *row) for row in _rank_rows(drawn)),
    )


def _rank_rows(drawn: Drawn) -> Iterator[tuple[Any, ...]]:
    for unit, code in enumerate(drawn.district_codes):
        had, draws = drawn.ranks_of(unit)
        interval = drawn.result.quantiles[unit].tolist()
        yield (code, *interval, array_text(had), array_text(draws), drawn.tied_text(unit))


def array_text(values: Iterable[object]) -> str:
    """An array as PostgreSQL writes it, of what needs no more quotes: for COPY some ten times faster than a list."""
    return "{" + ",".join(map(str, values)) + "}"
