"""Many reports of mixed file formats, and reading them in a process of its own.

`python -m benchmarks.many FOLDER FIRST STEP COUNT` reads as many files, from a place on, and prints when it began and
ended (seconds of the system's clock), the processor's seconds that it and what it started took, and its peak memory
with that of the largest process that it started (MB).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from etl import periods
from etl.catalogue import load_catalogue
from etl.parsing import read
from etl.simulation.appendix import Appendix
from etl.simulation.generate import report
from etl.simulation.numbers import written
from etl.simulation.overlay import made_up_district
from etl.simulation.render import render
from tests.unit.parsing import file_formats
from tests.unit.parsing.rendering import Line, long_phu

_PERIOD = periods.parse("2021-Q1")
# Name of a file by format, and what writes it; every format that needs no recognition and no program from outside.
_RENDERERS: dict[str, tuple[str, Callable[[Appendix], bytes]]] = {
    "docx": ("docx", lambda one: render(one, "docx")),
    "xlsx": ("xlsx", lambda one: render(one, "xlsx")),
    "txt": ("txt", lambda one: render(one, "txt")),
    "json": ("json", lambda one: render(one, "json")),
    "ods": ("ods", lambda one: file_formats.to_ods(_plain(one))),
    "xls": ("xls", lambda one: file_formats.to_xls(_plain(one))),
    "pdf": ("pdf", lambda one: file_formats.to_pdf(_plain(one))),
    "md": ("md", lambda one: file_formats.to_markdown(_plain(one))),
    "aligned": ("txt", lambda one: file_formats.to_aligned(_plain(one))),
}


def _plain(appendix: Appendix) -> file_formats.Report:
    """A simulated report's rows for the renderer of the tests."""
    rows = (
        Line(row.stt, row.label, row.unit, written(row.value, appendix.number_style), row.note) for row in appendix.rows
    )
    return long_phu(lines=tuple(rows))


def write(folder: Path, count: int) -> list[Path]:
    """So many made-up reports, the file formats in turn, each with figures of its own."""
    catalogue = load_catalogue(None)
    folder.mkdir()
    paths = []
    for number, (suffix, render_one) in zip(range(count), cycle(_RENDERERS.values()), strict=False):
        appendix = report(_PERIOD, made_up_district(number, "94"), 7, catalogue)
        paths.append(folder / f"{number:04}.{suffix}")
        paths[-1].write_bytes(render_one(appendix))
    return paths


@dataclass(frozen=True)
class Run:
    """When a process began and ended to read, how long processors worked for it (seconds), and its peak memory in MB,
    with its largest child's."""

    began: float
    ended: float
    worked: float
    megabytes: float
    reports: int

    @property
    def seconds_each(self) -> float:
        return self.worked / self.reports


def read_in_processes(folder: Path, count: int, processes: int = 1) -> list[Run]:
    """Reads the first so many reports of a folder, shared out among processes that run side by side."""
    command = [sys.executable, "-m", "benchmarks.many", folder]
    children = [
        subprocess.Popen([*command, str(first), str(processes), str(count)], stdout=subprocess.PIPE, text=True)  # noqa: S603
        for first in range(processes)
    ]
    told = [child.communicate()[0] for child in children]
    if any(child.returncode for child in children):
        raise RuntimeError("A process that read reports failed")
    return [Run(*map(float, line.split()[:4]), int(line.split()[4])) for line in told]


def _ready(catalogue: object, paths: list[Path]) -> None:
    """Reads one report of each file format, so that what is loaded once is not counted."""
    for path in {path.suffix: path for path in paths[:20]}.values():
        read(path.name, path.read_bytes(), catalogue)  # type: ignore[arg-type]


def _peak() -> float:
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + children


def _worked() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _chosen(folder: str, first: str, step: str, count: str) -> Iterator[Path]:
    yield from sorted(Path(folder).iterdir())[: int(count)][int(first) :: int(step)]


def main(arguments: list[str]) -> None:
    """Reads and prints."""
    catalogue, paths = load_catalogue(None), [*_chosen(*arguments)]
    _ready(catalogue, paths)
    began, worked = time.monotonic(), _worked()
    for path in paths:
        read(path.name, path.read_bytes(), catalogue)
    print(began, time.monotonic(), _worked() - worked, _peak(), len(paths))


if __name__ == "__main__":
    main(sys.argv[1:])
