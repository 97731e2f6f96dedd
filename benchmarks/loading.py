"""How fast a nation's facts are loaded, against a floor and peers of the same run: `python -m benchmarks.loading`.

The load begins with reports as reading them gives (benchmarks.nation) and ends with facts: staging, history, lineage,
statuses, a transaction a period. The floor is COPY of the same rows and columns, ready made as text, into a table with
the same keys and indexes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks import nation as nations
from benchmarks import peers, scenes
from benchmarks.databases import migrated, name_of
from benchmarks.nation import Nation
from benchmarks.table import Line, show
from etl import database
from etl.catalogue import Catalogue
from etl.warehouse import load_reference

_DISTRICTS, _MANY_PERIODS, _ROUNDS = 705, 45, 3
_PEERS = (("dlt merge", 2.0), ("pandas.to_sql", 5.0), ("pandas.to_sql with COPY", 0.0))


def known_to_both(nation: Nation, many: Nation) -> Catalogue:
    """The catalogue of all districts and all periods."""
    assert nation.catalogue and many.catalogue, "made a moment ago"
    return replace(nation.catalogue, periods=many.catalogue.periods)


def first_loads(nation: Nation, template: str, rounds: int) -> tuple[list[dict[str, float]], list[float], list[Line]]:
    """Pairs of our load and the floor; in the last warehouse also the same facts again, and corrections."""
    ours: list[dict[str, float]] = []
    floors: list[float] = []
    lines: list[Line] = []
    for number in range(rounds):
        with scenes.registered(template, nation, nation.period_codes) as settings:
            ours.append(scenes.first_load(settings, nation, nation.period_codes))
            if number == 0:
                scenes.export_facts(settings, nation.folder / "facts.copy")
                peers.export(settings.database_url, nation.folder / "facts.csv")
            floors.append(scenes.floor(template, nation.folder / "facts.copy"))
            if number == rounds - 1:
                whole = median(one["staging"] + one["loading"] for one in ours)
                again, written = scenes.load_again(settings, nation, nation.period_codes)
                told = f"{again:.2f} s, {written} fact rows written"
                is_met = again / whole <= 0.2 and written == 0
                lines.append(
                    Line("same facts in new bytes, over the first load", told, again / whole, "≤ 0.2, 0", is_met)
                )
                one = median(scenes.correct_one(settings, nation, edition) for edition in range(5))
                is_met = one / whole <= 0.01
                lines.append(Line("one corrected district", f"{one * 1000:.0f} ms", one / whole, "≤ 0.01", is_met))
    return ours, floors, lines


def measure(nation: Nation, many: Nation, template: str, rounds: int, peer_names: Sequence[str]) -> Iterator[Line]:
    """Runs everything and yields the lines of the table as they are known; `many` has more periods."""
    ours, floors, more = first_loads(nation, template, rounds)
    pairs = list(zip(ours, floors, strict=True))
    loading, staging, least = (
        median(one["loading"] for one in ours),
        median(one["staging"] for one in ours),
        median(floors),
    )
    ratio = median(one["loading"] / floor for one, floor in pairs)
    told = f"{loading:.2f} s, floor {least:.2f} s"
    yield Line(f"{ours[0]['opened']:,} staged facts loaded, over the floor", told, ratio, "≤ 1.5", ratio <= 1.5)
    ratio = median((one["staging"] + one["loading"]) / floor for one, floor in pairs)
    yield Line("staged and loaded, over the floor", f"{staging:.2f} + {loading:.2f} s", ratio, "≤ 1.5", ratio <= 1.5)
    whole = median(one["staging"] + one["loading"] for one in ours)
    for name, bound in _PEERS:
        if name in peer_names:
            taken = peers.run(name, nation.folder / "facts.csv")
            told = f"≥ {bound:g}" if bound else "(not asked)"
            yield Line(f"{name}, over staged and loaded", f"{taken:.2f} s", taken / whole, told, taken / whole >= bound)
    yield from more
    few, later = scenes.growth(template, many)
    ratio = later / few
    yield Line(
        "adding a period to 40, over adding it to 2", f"{later:.2f} s, {few:.2f} s", ratio, "≤ 1.2", ratio <= 1.2
    )
    with scenes.registered(template, many, nation.period_codes) as settings:
        small = scenes.first_load(settings, many, nation.period_codes)["peak_mb"]
    peak = max(one["peak_mb"] for one in ours)
    is_met = peak / small <= 1.1 and peak <= 300
    yield Line(
        "peak memory, over that for a tenth of the rows",
        f"{peak:.0f} MB, {small:.0f} MB",
        peak / small,
        "≤ 1.1, ≤ 300 MB",
        is_met,
    )


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; 1 where a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="705 districts; else 5 of its 20 periods")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="pairs of load and floor")
    parser.add_argument("--without-peers", action="store_true", help="install and compare nothing else")
    arguments = parser.parse_args(words)
    period_count = 20 if arguments.full else 5
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as name:
        folder = Path(name)
        nation = nations.make(folder / "nation", _DISTRICTS, period_count)
        many = nations.make(folder / "many", _DISTRICTS // 10, _MANY_PERIODS)
        with migrated(folder) as settings:
            with database.connect(settings) as connection:
                load_reference(connection, known_to_both(nation, many))
            print(f"{_DISTRICTS} districts, {period_count} periods; medians of {arguments.rounds} pairs")
            names = () if arguments.without_peers else peers.NAMES
            return show(measure(nation, many, name_of(settings.database_url), arguments.rounds, names))


if __name__ == "__main__":
    sys.exit(main())
