"""`make faults`: runs of the pipeline broken off in every way, and whether the marts are as if nothing had happened.

`python -m tests.faults [--kills N] [--trials N] [--seed N]`: at least N kills in each step (default 8), N rounds of
each other fault (default 2). Prints which step was hit how often; 1 where the marts differ.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.databases import fresh
from tests.faults import blows
from tests.faults.blows import Place, Runner
from tests.faults.marts import mart_hashes
from tests.faults.servers import own_server, small_disk
from tests.faults.victim import STEPS


class Trials:
    """Runs each fault against the hashes of an undisturbed run."""

    def __init__(self, folder: Path, seed: int, runner: Runner, other: Runner) -> None:
        self._folder, self._runner, self._other = folder, runner, other
        self._chance = random.Random(seed)
        self._drive = blows.make_drive(folder / "drive")
        self._number = 0
        self.differing: list[str] = []
        with fresh() as address:
            runner.whole_run(self._place(address))  # warms up what is imported late
        with fresh() as address:
            self._durations = runner.whole_run(self._place(address))
            self._undisturbed = mart_hashes(address)

    def _place(self, address: str) -> Place:
        self._number += 1
        return Place(self._folder / f"var{self._number}", self._drive, address)

    def _compare(self, fault: str, address: str) -> None:
        found = mart_hashes(address)
        for view, known in self._undisturbed.items():
            if found[view] != known:
                self.differing.append(f"{fault}: mart.{view} is {found[view]}, undisturbed {known}")

    def kills(self, at_least: int) -> Counter[str]:
        """Chains of kills until each step was hit often enough."""
        hits: Counter[str] = Counter()
        while min(hits[step] for step in STEPS) < at_least:
            with fresh() as address:
                place = self._place(address)
                hits += blows.kill_in_every_step(self._runner, place, self._durations, self._chance)
                self._compare("kill", address)
        return hits

    def connections(self) -> Counter[str]:
        """Connections ended by the server."""
        with fresh() as address:
            hits = blows.break_connections(self._runner, self._place(address), self._durations, self._chance)
            self._compare("connection", address)
        return hits

    def servers(self) -> Counter[str]:
        """The server stopped and crashed."""
        with own_server() as server:
            hits = blows.lose_server(self._runner, server, self._drive, self._durations, self._chance)
            self._compare("server", server.address())
        return hits

    def disks(self) -> Counter[str]:
        """The disk filled."""
        with small_disk() as disk, own_server(disk) as server:
            hits = blows.fill_disk(self._runner, server, disk, self._drive, self._durations, self._chance)
            self._compare("disk", server.address())
        return hits

    def two_at_once(self) -> Counter[str]:
        """Two runs begun at the same moment, both of which end well."""
        with fresh() as address:
            codes = blows.two_at_once(self._runner, self._other, self._place(address))
            if any(codes):
                self.differing.append(f"two at once: exit codes {codes}")
            self._compare("two at once", address)
        return Counter(STEPS)


def main(words: list[str] | None = None) -> int:
    """Prints the fault table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--trials", type=int, default=2)
    parser.add_argument("--seed", type=int, default=2021)
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="cchc-") as name, Runner() as runner, Runner() as other:
        trials = Trials(Path(name), arguments.seed, runner, other)
        print(f"{'hits of each step':24}" + "".join(f"{step:>10}" for step in STEPS), flush=True)
        print(blows.lines("process killed", trials.kills(arguments.kills)), flush=True)
        others: tuple[tuple[str, Callable[[], Counter[str]]], ...] = (
            ("connection ended", trials.connections),
            ("server stopped, crashed", trials.servers),
            ("disk full", trials.disks),
            ("two runs at once", trials.two_at_once),
        )
        for title, trial in others:
            try:
                hits = sum((trial() for _ in range(arguments.trials)), Counter[str]())
                print(blows.lines(title, hits), flush=True)
            except OSError as error:
                print(f"{title:24}  not tried: {error}", flush=True)
    print("\n".join(trials.differing) or "The marts are those of an undisturbed run, each time.")
    return 1 if trials.differing else 0


if __name__ == "__main__":
    sys.exit(main())
