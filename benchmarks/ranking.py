"""What rankings cost, against floors of the same run: `python -m benchmarks.ranking`.

705 districts, 40 periods, a method of sixty criteria (benchmarks.sixty), facts as the loader leaves them. The floors:

- of computing all: one aggregate query over the same facts and the operands of the same criteria, one number for each
  period, district and criterion (100 × sum ÷ sum), which it counts and throws away, with the memory that the engine
  has. It knows no absence, no points, no tree, no rank, and writes nothing;
- of a correction: the same correction where two periods are known;
- of reading a ranking as cchc_bi: the same columns and rows by the primary key of a plain table.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import psycopg

from benchmarks import nation as nations
from benchmarks import scenes, sixty
from benchmarks.databases import migrated, name_of
from benchmarks.nation import Nation
from benchmarks.table import Line, at_most, show
from etl import database
from etl.ranking import refresh_scores
from etl.ranking.store import write_method
from etl.settings import Settings
from etl.warehouse import load_reference

_DISTRICTS, _PERIODS, _FEW, _ROUNDS = 705, 40, 2, 5
_READS = 40

FLOOR = """
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
    """A warehouse with the facts of some periods, and their rankings."""
    settings = stack.enter_context(scenes.registered(template, nation, period_codes))
    scenes.first_load(settings, nation, period_codes)
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    recompute(settings, None)
    return settings


def recompute(settings: Settings, period_codes: Sequence[str] | None) -> list[str]:
    """As the pipeline does, in one transaction: the named periods, or what is due."""
    with database.connect(settings) as connection:
        return refresh_scores(connection, period_codes)


def floor(settings: Settings) -> float:
    """Seconds of the plain aggregate query."""
    counts: list[tuple[int, ...]] = []
    with database.connect(settings) as connection:
        connection.execute("SET LOCAL work_mem = '64MB'")
        connection.execute("SET LOCAL jit = off")
        taken = scenes.seconds(lambda: counts.extend(connection.execute(FLOOR.encode()).fetchall()))
    assert counts[0][0] > 0, counts
    return taken


def all_periods(settings: Settings, nation: Nation, rounds: int) -> Line:
    """Everything computed again, over the plain query; pairs of both by turns."""
    ours, floors = [], []
    for _ in range(rounds):
        scenes.settle(settings.database_url)
        ours.append(scenes.seconds(lambda: recompute(settings, nation.period_codes)))
        floors.append(floor(settings))
    ratio = median(our / least for our, least in zip(ours, floors, strict=True))
    told = f"{median(ours):.2f} s, {median(floors):.2f} s"
    return Line("all periods, over one plain aggregate query", told, ratio, "≤ 3", ratio <= 3)


def one_correction(few: Settings, many: Settings, nation: Nation, rounds: int) -> Iterator[Line]:
    """One corrected report, then what it takes to bring the rankings up to date, by turns in both warehouses."""
    times: dict[str, list[float]] = {few.database_url: [], many.database_url: []}
    for edition in range(rounds):
        for settings in (few, many):
            scenes.correct_one(settings, nation, edition)
            scenes.settle(settings.database_url)
            done: list[str] = []
            times[settings.database_url].append(scenes.seconds(lambda: done.extend(recompute(settings, None))))  # noqa: B023
            assert done == [nation.period_codes[0]], done
    later, sooner = median(times[many.database_url]), median(times[few.database_url])
    yield at_most(f"a correction's ranking among {_PERIODS} periods, among {_FEW}", later, sooner, 1.2, "ms")


def reading(settings: Settings, nation: Nation) -> Line:
    """A ranking as a BI tool reads it, over a read of a plain table by its primary key."""
    code = nation.period_codes[-1]
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE warehouse.plain_ranking AS SELECT * FROM mart.district_ranking")
        connection.execute(
            "ALTER TABLE warehouse.plain_ranking ADD PRIMARY KEY (period_code, method_code, district_code)"
        )
        connection.execute("VACUUM ANALYZE warehouse.plain_ranking, warehouse.score_district")
    with database.connect(settings, role="cchc_bi") as bi, database.connect(settings, role=None) as owner:
        ours = _read(bi, "mart.district_ranking", code)
        plain = _read(owner, "warehouse.plain_ranking", code)
        assert len(ours()) == len(plain()) > 0
        pairs = [(scenes.seconds(ours), scenes.seconds(plain)) for _ in range(_READS)]
    return at_most("one ranking read as cchc_bi, by primary key", *map(median, zip(*pairs, strict=True)), 2, "ms")


def _read(connection: database.Connection, relation: str, code: str) -> Callable[[], list[tuple[object, ...]]]:
    statement = f"SELECT * FROM {relation} WHERE period_code = %s AND method_code = %s".encode()  # noqa: S608 - ours
    return lambda: connection.execute(statement, (code, sixty.CODE)).fetchall()


def measure(template: str, nation: Nation, rounds: int) -> Iterator[Line]:
    """Runs everything and yields the lines of the table as they are known."""
    with ExitStack() as stack:
        many = prepared(template, nation, nation.period_codes, stack)
        yield all_periods(many, nation, rounds)
        yield reading(many, nation)
        few = prepared(template, nation, nation.period_codes[:_FEW], stack)
        yield from one_correction(few, many, nation, rounds)


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; 1 where a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--districts", type=int, default=_DISTRICTS)
    parser.add_argument("--periods", type=int, default=_PERIODS)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="pairs of ours and the floor")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as name:
        folder = Path(name)
        nation = nations.make(folder / "nation", arguments.districts, arguments.periods)
        with migrated(folder) as settings:
            assert nation.catalogue, "made a moment ago"
            with database.connect(settings) as connection:
                load_reference(connection, nation.catalogue)
                write_method(connection, sixty.method(nation.catalogue, folder))
            print(f"{arguments.districts} districts, {arguments.periods} periods, {sixty.COUNT} criteria;", end=" ")
            print(f"medians of {arguments.rounds} pairs")
            return show(measure(name_of(settings.database_url), nation, arguments.rounds))


if __name__ == "__main__":
    sys.exit(main())
