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


def known_to_both(nation: Nation, many: Nation) -> Catalogue:
    """The catalogue of all districts and all periods."""
    assert nation.catalogue and many.catalogue, "made a moment ago"
    return replace(nation.catalogue, periods=many.catalogue.periods)


@dataclass
class Rounds:
    """What the rounds measured: each of our loads beside the floor of its round, and peers beside one of our loads."""

    ours: list[dict[str, float]] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    peers: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Seconds of a peer, and of our staging and loading in the same round."""

    def ratio(self, *parts: str) -> float:
        """The median over the rounds of our `parts` to the floor."""
        pairs = zip(self.ours, self.floors, strict=True)
        return median(sum(one[part] for part in parts) / floor for one, floor in pairs)

    def seconds(self, part: str) -> float:
        """The median of a part."""
        return median(one[part] for one in self.ours)


def first_loads(nation: Nation, template: str, count: int, peer_names: Sequence[str]) -> tuple[Rounds, list[Line]]:
    """Rounds of our load, the floor and a peer; in the last warehouse also the same facts again, and corrections."""
    rounds, lines, left = Rounds(), list[Line](), list(peer_names)
    for number in range(count):
        with scenes.registered(template, nation, nation.period_codes) as settings:
            one = scenes.first_load(settings, nation, nation.period_codes)
            rounds.ours.append(one)
            if number == 0:
                scenes.export_facts(settings, nation.folder / "facts.copy")
                peers.export(settings.database_url, nation.folder / "facts.csv")
            rounds.floors.append(scenes.floor(template, nation.folder / "facts.copy"))
            while left and (number == count - 1 or len(left) == len(peer_names) - number):
                name = left.pop(0)
                taken = peers.run(name, nation.folder / "facts.csv")
                rounds.peers[name] = taken, one["staging"] + one["loading"]
            if number == count - 1:
                lines = list(afterwards(settings, nation, rounds.seconds("staging") + rounds.seconds("loading")))
    return rounds, lines


def afterwards(settings: Settings, nation: Nation, whole: float) -> Iterator[Line]:
    """What costs little once all is loaded, against the first load of `whole` seconds."""
    again, written = scenes.load_again(settings, nation, nation.period_codes)
    told, is_met = f"{again:.2f} s, {written} fact rows written", again / whole <= 0.2 and written == 0
    yield Line("same facts in new bytes, over the first load", told, again / whole, "≤ 0.2, 0", is_met)
    one = median(scenes.correct_one(settings, nation, edition) for edition in range(5))
    yield Line("one corrected district", f"{one * 1000:.0f} ms", one / whole, "≤ 0.01", one / whole <= 0.01)


def measure(nation: Nation, many: Nation, template: str, count: int, peer_names: Sequence[str]) -> Iterator[Line]:
    """Runs everything and yields the lines of the table as they are known; `many` has more periods."""
    rounds, more = first_loads(nation, template, count, peer_names)
    loading, staging, least = rounds.seconds("loading"), rounds.seconds("staging"), median(rounds.floors)
    ratio = rounds.ratio("loading")
    told = f"{loading:.2f} s, floor {least:.2f} s"
    yield Line(f"{rounds.ours[0]['opened']:,} staged facts loaded, over the floor", told, ratio, "≤ 2", ratio <= 2)
    ratio = rounds.ratio("staging", "loading")
    yield Line("staged and loaded, over the floor", f"{staging:.2f} + {loading:.2f} s", ratio, "≤ 2", ratio <= 2)
    bounds = dict(_PEERS)
    for name, (taken, ours) in rounds.peers.items():
        bound, told = bounds[name], f"{taken:.2f} s, ours {ours:.2f} s"
        asked = f"≥ {bound:g}" if bound else "(not asked)"
        yield Line(f"{name}, over staged and loaded", told, taken / ours, asked, taken / ours >= bound)
    yield from more
    few, later = scenes.growth(template, many)
    told = f"{later:.2f} s, {few:.2f} s"
    yield Line("adding a period to 40, over adding it to 2", told, later / few, "≤ 1.2", later / few <= 1.2)
    with scenes.registered(template, many, nation.period_codes) as settings:
        small = scenes.first_load(settings, many, nation.period_codes)["peak_mb"]
    peak = max(one["peak_mb"] for one in rounds.ours)
    told, is_met = f"{peak:.0f} MB, {small:.0f} MB", peak / small <= 1.1 and peak <= 300
    yield Line("peak memory, over that for a tenth of the rows", told, peak / small, "≤ 1.1, ≤ 300 MB", is_met)


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
