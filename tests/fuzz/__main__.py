"""`python -m tests.fuzz [FILES] [FIRST_SEED]` reads so many mutants of all file formats and prints the results.

Exits with 1 if one crashed, hung or gave a value that is not in its cell; its seed is printed, to be added to kept.csv.
`python -m tests.fuzz FORMAT:SEED FILE` writes one mutant to a file.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.checking import MAX_REPORTS, Figures
from tests.fuzz.mutants import SHARES, examine, file_format_of, mutant

_FILES = 12_000
_BATCH = 100


def _batch(seeds: range) -> dict[str, Figures]:
    figures: dict[str, Figures] = {}
    for seed in seeds:
        file_format = file_format_of(seed)
        figures[file_format] = figures.get(file_format, Figures()) + examine(file_format, seed)
    return figures


def _print(figures: dict[str, Figures]) -> None:
    ends = sorted({end for one in figures.values() for end in one.ends} - {"read", "crash", "hang"})
    print(
        f"{'file_format':8} {'files':>7} {'read':>7} {'rows':>9} {'values':>8}", *(f"{end:>19}" for end in ends), end=""
    )
    print(f" {'crash':>6} {'hang':>6} {'wrong':>6}")
    for name, one in [*figures.items(), ("all", sum(figures.values(), Figures()))]:
        print(f"{name:8} {one.ends.total():7} {one.ends['read']:7} {one.rows:9} {one.values:8}", end="")
        print("", *(f"{one.ends[end]:19}" for end in ends), f"{one.ends['crash']:6} {one.ends['hang']:6}", end="")
        print(f" {len(one.wrong) - one.ends['crash'] - one.ends['hang']:6}")


def main(arguments: list[str]) -> int:
    """Run and print the table."""
    if arguments and ":" in arguments[0]:
        file_format, _, seed = arguments[0].partition(":")
        Path(arguments[1]).write_bytes(mutant(file_format, int(seed)).content)
        return 0
    files, first = (
        int(arguments[place]) if len(arguments) > place else default for place, default in ((0, _FILES), (1, 0))
    )
    started = time.monotonic()
    figures = {file_format: Figures() for file_format in SHARES}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        batches = [range(at, min(at + _BATCH, first + files)) for at in range(first, first + files, _BATCH)]
        for part in pool.map(_batch, batches):
            for file_format, one in part.items():
                figures[file_format] += one
    _print(figures)
    wrong = [line for one in figures.values() for line in one.wrong]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    seconds = time.monotonic() - started
    print(
        f"{files} files from seed {first} in {seconds:.0f} s, each within the CPU time of {MAX_REPORTS} reports;",
        end=" ",
    )
    print(f"peak memory of a process {peak} MB; {len(wrong)} wrong")
    first = {line.split()[0]: line for line in reversed(wrong)}
    for line in [*first.values()][:60]:
        print("wrong:", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
