"""Loading the facts of a whole country, compared with a baseline and other loaders: `python -m benchmarks.loading`.

A load starts from parsed reports (benchmarks.nation) and ends with facts: staging, history, lineage and statuses, one
transaction per period. The baseline is COPY of the same rows and columns, prepared as text, into a table with the same
keys and indexes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from benchmarks import nation as nations
from benchmarks import peers, scenes
from benchmarks.databases import migrated, name_of
from benchmarks.nation import Nation
from benchmarks.table import Line, show
from etl import database
from etl.catalogue import Catalogue
from etl.settings import Settings
from etl.warehouse import load_reference

_DISTRICTS, _MANY_PERIODS, _ROUNDS = 705, 45, 3
_PEERS = (("dlt merge", 2.0), ("pandas.to_sql", 5.0), ("pandas.to_sql with COPY", 0.0))


def combined_catalogue(nation: Nation, many: Nation) -> Catalogue:
    """The catalogue with the districts of `nation` and the periods of `many`."""
    assert nation.catalogue and many.catalogue, "written by write_reports"
    return replace(nation.catalogue, periods=many.catalogue.periods)


@dataclass
class Rounds:
    """Measurements of all rounds: our loads, the baselines and the other loaders."""

    ours: list[dict[str, float]] = field(default_factory=list)
    baselines: list[float] = field(default_factory=list)
    peers: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Seconds of another loader, and of our staging and loading in the same round."""

    def ratio(self, *parts: str) -> float:
        """Median over the rounds of the ratio of our `parts` to the baseline."""
        pairs = zip(self.ours, self.baselines, strict=True)
        return median(sum(load[part] for part in parts) / baseline for load, baseline in pairs)

    def seconds(self, part: str) -> float:
        """Median seconds of a part."""
        return median(load[part] for load in self.ours)


def first_loads(nation: Nation, template: str, count: int, peer_names: Sequence[str]) -> tuple[Rounds, list[Line]]:
    """Measure our load, the baseline and other loaders; in the last warehouse also reloads and corrections."""
    rounds, lines, remaining = Rounds(), list[Line](), list(peer_names)
    for number in range(count):
        with scenes.registered(template, nation, nation.period_codes) as settings:
            load = scenes.first_load(settings, nation, nation.period_codes)
            rounds.ours.append(load)
            if number == 0:
                scenes.export_facts(settings, nation.folder / "facts.copy")
                peers.export(settings.database_url, nation.folder / "facts.csv")
            rounds.baselines.append(scenes.measure_baseline(template, nation.folder / "facts.copy"))
            while remaining and (number == count - 1 or len(remaining) == len(peer_names) - number):
                name = remaining.pop(0)
                taken = peers.run(name, nation.folder / "facts.csv")
                rounds.peers[name] = taken, load["staging"] + load["loading"]
            if number == count - 1:
                lines = list(measure_updates(settings, nation, rounds.seconds("staging") + rounds.seconds("loading")))
    return rounds, lines


def measure_updates(settings: Settings, nation: Nation, first_load: float) -> Iterator[Line]:
    """Compare a reload of the same facts and a correction with a first load of `first_load` seconds."""
    again, written = scenes.load_again(settings, nation, nation.period_codes)
    measured, is_met = f"{again:.2f} s, {written} fact rows written", again / first_load <= 0.2 and written == 0
    yield Line("same facts in new files, over the first load", measured, again / first_load, "≤ 0.2, 0", is_met)
    correction = median(scenes.correct_report(settings, nation, edition) for edition in range(5))
    yield Line(
        "one corrected district",
        f"{correction * 1000:.0f} ms",
        correction / first_load,
        "≤ 0.01",
        correction / first_load <= 0.01,
    )


def measure(nation: Nation, many: Nation, template: str, count: int, peer_names: Sequence[str]) -> Iterator[Line]:
    """Run all measurements and yield the lines of the table; `many` has more periods and fewer districts."""
    rounds, more = first_loads(nation, template, count, peer_names)
    loading, staging, baseline = rounds.seconds("loading"), rounds.seconds("staging"), median(rounds.baselines)
    ratio = rounds.ratio("loading")
    measured = f"{loading:.2f} s, baseline {baseline:.2f} s"
    yield Line(
        f"{rounds.ours[0]['opened']:,} staged facts loaded, over the baseline", measured, ratio, "≤ 2", ratio <= 2
    )
    ratio = rounds.ratio("staging", "loading")
    yield Line("staged and loaded, over the baseline", f"{staging:.2f} + {loading:.2f} s", ratio, "≤ 2", ratio <= 2)
    bounds = dict(_PEERS)
    for name, (taken, ours) in rounds.peers.items():
        bound, measured = bounds[name], f"{taken:.2f} s, ours {ours:.2f} s"
        required = f"≥ {bound:g}" if bound else "(no bound)"
        yield Line(f"{name}, over staged and loaded", measured, taken / ours, required, taken / ours >= bound)
    yield from more
    to_few, to_many = scenes.growth(template, many)
    measured = f"{to_many:.2f} s, {to_few:.2f} s"
    yield Line(
        "adding a period to 40, over adding it to 2", measured, to_many / to_few, "≤ 1.2", to_many / to_few <= 1.2
    )
    with scenes.registered(template, many, nation.period_codes) as settings:
        small = scenes.first_load(settings, many, nation.period_codes)["peak_mb"]
    peak = max(load["peak_mb"] for load in rounds.ours)
    measured, is_met = f"{peak:.0f} MB, {small:.0f} MB", peak / small <= 1.1 and peak <= 300
    yield Line("peak memory, over that for a tenth of the rows", measured, peak / small, "≤ 1.1, ≤ 300 MB", is_met)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table. Returns 1 if a bound is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="load 20 periods instead of 5")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="number of rounds")
    parser.add_argument("--without-peers", action="store_true", help="do not install and measure other loaders")
    options = parser.parse_args(arguments)
    period_count = 20 if options.full else 5
    with tempfile.TemporaryDirectory(prefix="cchc-bench-") as name:
        folder = Path(name)
        nation = nations.write_reports(folder / "nation", _DISTRICTS, period_count)
        many = nations.write_reports(folder / "many", _DISTRICTS // 10, _MANY_PERIODS)
        with migrated(folder) as settings:
            with database.connect(settings) as connection:
                load_reference(connection, combined_catalogue(nation, many))
            print(f"{_DISTRICTS} districts, {period_count} periods; medians of {options.rounds} pairs")
            names = () if options.without_peers else peers.NAMES
            return show(measure(nation, many, name_of(settings.database_url), options.rounds, names))


if __name__ == "__main__":
    sys.exit(main())
