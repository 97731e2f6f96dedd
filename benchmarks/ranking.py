"""The cost of rankings, compared with baselines in the same run: `python -m benchmarks.ranking`.

705 districts, 40 periods, a method of sixty criteria (benchmarks.sixty), and facts loaded by the loader. The baselines:

- for all periods: one aggregate query over the same facts and operands, which computes 100 × sum ÷ sum for each period,
  district and criterion and counts the results, with the same memory settings. It handles no missing values, points,
  tree or ranks, and writes nothing;
- for a correction (scores, ranks and robustness): the same correction in a warehouse with two periods;
- for reading a ranking as cchc_bi: the same columns and rows by the primary key of a plain table;
- for a thousand draws: the weighted mean of all criteria under a thousand sets of weights, the ranks and their
  quantiles, in numpy. It handles one level of the tree and one assumption, and neither ties nor rank probabilities.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import nation as nations
from benchmarks import scenes, sixty
from benchmarks.databases import migrated, name_of
from benchmarks.nation import Nation
from benchmarks.table import Line, at_most, show
from etl import database
from etl.ranking import refresh_rankings, refresh_scores
from etl.ranking.methods.loading import write_method
from etl.ranking.robustness.aggregation import Numbers
from etl.ranking.robustness.monte_carlo import WEIGHT_SPREAD, sample_ranks
from etl.ranking.robustness.refresh import read_tree, read_units
from etl.settings import Settings
from etl.warehouse import load_reference

_DISTRICTS, _PERIODS, _FEW, _ROUNDS = 705, 40, 2, 5
_READS, _DRAWS, _SEED = 40, 1000, 705

BASELINE = """
SELECT count(c.measure), count(*)
FROM (
    SELECT
        o.period_key,
        o.district_key,
        w.node_number,
        100 * sum(o.value) FILTER (WHERE w.part = 'numerator')
        / coalesce(nullif(sum(o.value) FILTER (WHERE w.part = 'denominator'), 0), 100) AS measure
    FROM warehouse.fact_observation AS o
    INNER JOIN warehouse.dim_indicator AS i ON o.indicator_key = i.indicator_key
    INNER JOIN warehouse.scoring_operand AS w ON i.indicator_code = w.input_code
    WHERE o.known_to = 'infinity'
    GROUP BY o.period_key, o.district_key, w.node_number
) AS c
"""


def prepared(template: str, nation: Nation, period_codes: Sequence[str], stack: ExitStack) -> Settings:
    """A warehouse with the facts and rankings of some periods."""
    settings = stack.enter_context(scenes.registered(template, nation, period_codes))
    scenes.first_load(settings, nation, period_codes)
    with database.connect_url(settings.database_url, autocommit=True) as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    refresh(settings)
    return settings


def refresh(settings: Settings) -> list[str]:
    """Refresh due scores and their robustness, as the pipeline does. Returns the refreshed periods."""
    with database.connect(settings) as connection:
        return refresh_rankings(connection)


def recompute(settings: Settings, period_codes: Sequence[str]) -> None:
    """Recompute the scores and ranks of the periods in one transaction."""
    with database.connect(settings) as connection:
        refresh_scores(connection, period_codes)


def measure_baseline(settings: Settings) -> float:
    """Seconds of the plain aggregate query."""
    counts: list[tuple[int, ...]] = []
    with database.connect(settings) as connection:
        connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")
        connection.exec_driver_sql("SET LOCAL jit = off")
        taken = scenes.seconds(lambda: counts.extend(connection.exec_driver_sql(BASELINE).fetchall()))
    assert counts[0][0] > 0, counts
    return taken


def all_periods(settings: Settings, nation: Nation, rounds: int) -> Line:
    """Recompute all periods, compared with the plain query, in alternating pairs."""
    ours, baselines = [], []
    for _ in range(rounds):
        scenes.settle(settings.database_url)
        ours.append(scenes.seconds(lambda: recompute(settings, nation.period_codes)))
        baselines.append(measure_baseline(settings))
    ratio = median(our / baseline for our, baseline in zip(ours, baselines, strict=True))
    measured = f"{median(ours):.2f} s, {median(baselines):.2f} s"
    return Line("all periods, over one plain aggregate query", measured, ratio, "≤ 8", ratio <= 8)


def one_correction(few: Settings, many: Settings, nation: Nation, rounds: int) -> Iterator[Line]:
    """Refresh the rankings after one corrected report, alternately in both warehouses."""
    times: dict[str, list[float]] = {few.database_url: [], many.database_url: []}
    for edition in range(rounds):
        for settings in (few, many):
            scenes.correct_report(settings, nation, edition)
            scenes.settle(settings.database_url)
            refreshed: list[str] = []
            times[settings.database_url].append(scenes.seconds(lambda: refreshed.extend(refresh(settings))))  # noqa: B023
            assert refreshed == [nation.period_codes[0]], refreshed
    with_many, with_few = median(times[many.database_url]), median(times[few.database_url])
    yield at_most(f"a correction's ranking among {_PERIODS} periods, among {_FEW}", with_many, with_few, 1.2, "ms")


def reading(settings: Settings, nation: Nation) -> Line:
    """Read a ranking as a BI tool does, compared with a read of a plain table by its primary key."""
    code = nation.period_codes[-1]
    with database.connect_url(settings.database_url, autocommit=True) as connection:
        connection.exec_driver_sql("CREATE TABLE warehouse.plain_ranking AS SELECT * FROM mart.district_ranking")
        connection.exec_driver_sql(
            "ALTER TABLE warehouse.plain_ranking ADD PRIMARY KEY (period_code, method_code, district_code)"
        )
        connection.exec_driver_sql("VACUUM ANALYZE warehouse.plain_ranking, warehouse.score_district")
    with database.connect(settings, role="cchc_bi") as bi, database.connect(settings, role=None) as owner:
        ours = _read(bi, "mart.district_ranking", code)
        plain = _read(owner, "warehouse.plain_ranking", code)
        assert len(ours()) == len(plain()) > 0
        pairs = [(scenes.seconds(ours), scenes.seconds(plain)) for _ in range(_READS)]
    by_bi, by_key = map(median, zip(*pairs, strict=True))
    return at_most("one ranking read as cchc_bi, by primary key", by_bi, by_key, 2, "ms")


def _read(connection: database.Connection, relation: str, code: str) -> Callable[[], list[tuple[object, ...]]]:
    statement = f"SELECT * FROM {relation} WHERE period_code = %s AND method_code = %s"  # noqa: S608 - constant names
    return lambda: connection.exec_driver_sql(statement, (code, sixty.CODE)).fetchall()


def draws(settings: Settings, nation: Nation, rounds: int) -> Line:
    """Draw a thousand samples of one ranking, compared with the bare arithmetic, in alternating pairs."""
    with database.connect(settings) as connection:
        ((period_key, method_key, definition),) = connection.exec_driver_sql(
            "SELECT p.period_key, m.method_key, m.definition::text"
            " FROM warehouse.dim_period AS p, warehouse.scoring_method AS m WHERE p.period_code = %s",
            (nation.period_codes[0],),
        ).fetchall()
        parameters = {"period_key": period_key, "method_key": method_key}
        rows = database.query_file(connection, "queries/robustness_input.sql", parameters).fetchall()
        tree, units = read_tree(connection, definition), read_units(rows)
    leaves = list(tree.leaves)
    points, weights = units.points[units.is_ranked][:, leaves], tree.weights[leaves]
    pairs = [
        (
            scenes.seconds(lambda: sample_ranks(tree, units, _DRAWS, _SEED)),
            scenes.seconds(lambda: bare_draws(points, weights)),
        )
        for _ in range(rounds)
    ]
    ours, bare = map(median, zip(*pairs, strict=True))
    return at_most(f"{_DRAWS:,} draws, over the bare arithmetic", ours, bare, 5, "ms")


def bare_draws(points: Numbers, weights: Numbers) -> Numbers:
    """Quantiles of the ranks under drawn weights; `points` is units × criteria, NaN if a criterion is dropped."""
    random = np.random.default_rng(_SEED).random((_DRAWS, len(weights)))
    drawn = weights * (1 + WEIGHT_SPREAD * (2 * random - 1))
    present = ~np.isnan(points)
    scores = (drawn @ np.where(present, points, 0.0).T) / (drawn @ present.T.astype(np.float64))
    order = np.argsort(-scores, axis=1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, points.shape[0] + 1)[None, :], axis=1)
    result: Numbers = np.quantile(ranks, (0.05, 0.5, 0.95), axis=0)
    return result


def measure(template: str, nation: Nation, rounds: int) -> Iterator[Line]:
    """Run all measurements and yield the lines of the table."""
    with ExitStack() as stack:
        many = prepared(template, nation, nation.period_codes, stack)
        yield all_periods(many, nation, rounds)
        yield reading(many, nation)
        yield draws(many, nation, rounds)
        few = prepared(template, nation, nation.period_codes[:_FEW], stack)
        yield from one_correction(few, many, nation, rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 1 if a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--districts", type=int, default=_DISTRICTS)
    parser.add_argument("--periods", type=int, default=_PERIODS)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="number of rounds")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as name:
        folder = Path(name)
        nation = nations.write_reports(folder / "nation", options.districts, options.periods)
        with migrated(folder) as settings:
            assert nation.catalogue, "written by write_reports"
            with database.connect(settings) as connection:
                load_reference(connection, nation.catalogue)
                write_method(connection, sixty.method(nation.catalogue, folder))
            print(f"{options.districts} districts, {options.periods} periods, {sixty.COUNT} criteria;", end=" ")
            print(f"medians of {options.rounds} pairs")
            return show(measure(name_of(settings.database_url), nation, options.rounds))


if __name__ == "__main__":
    sys.exit(main())
