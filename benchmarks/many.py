"""Read many reports of mixed file formats in separate processes.

`python -m benchmarks.many FOLDER FIRST STEP COUNT` reads the files FIRST, FIRST + STEP … of the first COUNT. It prints
start and end (seconds of the system clock), CPU seconds including child processes, and peak memory in MB including that
of the largest child process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from etl import periods
from etl.catalogue import load_catalogue
from etl.parsing import read
from etl.simulation.appendix import Appendix
from etl.simulation.generate import simulate_report
from etl.simulation.numbers import format_value
from etl.simulation.overlay import simulate_district
from etl.simulation.render import FILE_FORMATS as SIMULATED_FORMATS
from etl.simulation.render import render
from tests.unit.parsing.file_formats import FILE_FORMATS
from tests.unit.parsing.rendering import Line, Report, long_phu

_PERIOD = periods.parse("2021-Q1")
# In the order in which files are written; formats that the simulation lacks are written by the tests' renderer.
_FORMATS = ("docx", "xlsx", "txt", "json", *(name for name in FILE_FORMATS if name not in SIMULATED_FORMATS))


def _for_tests(appendix: Appendix) -> Report:
    """A simulated report for the renderer of the tests."""
    rows = (
        Line(row.stt, row.label, row.unit, format_value(row.value, appendix.number_style), row.note)
        for row in appendix.rows
    )
    return long_phu(lines=tuple(rows))


def _write(appendix: Appendix, file_format: str) -> bytes:
    if file_format in SIMULATED_FORMATS:
        return render(appendix, file_format)
    return FILE_FORMATS[file_format].write(_for_tests(appendix))


def write(folder: Path, count: int) -> list[Path]:
    """Write simulated reports with different figures, alternating between all file formats."""
    catalogue = load_catalogue(None)
    folder.mkdir()
    paths = []
    for number, file_format in zip(range(count), cycle(_FORMATS), strict=False):
        appendix = simulate_report(_PERIOD, simulate_district(number, "94"), 7, catalogue)
        paths.append(folder / f"{number:04}{Path(FILE_FORMATS[file_format].file_name).suffix}")
        paths[-1].write_bytes(_write(appendix, file_format))
    return paths


@dataclass(frozen=True)
class Run:
    """Start and end of a process (seconds of the clock), its CPU seconds and its peak memory, with its children."""

    started: float
    ended: float
    cpu_seconds: float
    megabytes: float
    reports: int

    @property
    def seconds_each(self) -> float:
        return self.cpu_seconds / self.reports


def read_in_processes(folder: Path, count: int, processes: int = 1) -> list[Run]:
    """Read the first `count` reports of a folder, divided among processes that run side by side."""
    command = [sys.executable, "-m", "benchmarks.many", folder]
    children = [
        subprocess.Popen([*command, str(first), str(processes), str(count)], stdout=subprocess.PIPE, text=True)  # noqa: S603
        for first in range(processes)
    ]
    outputs = [child.communicate()[0] for child in children]
    if any(child.returncode for child in children):
        raise RuntimeError("A process that reads reports failed")
    return [Run(*map(float, line.split()[:4]), int(line.split()[4])) for line in outputs]


def _warm_up(catalogue: object, paths: list[Path]) -> None:
    """Read one report of each file format, so that imports are not counted."""
    for path in {path.suffix: path for path in paths[:20]}.values():
        read(path.name, path.read_bytes(), catalogue)  # type: ignore[arg-type]


def _peak_megabytes() -> float:
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + children


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _select(folder: str, first: str, step: str, count: str) -> Iterator[Path]:
    yield from sorted(Path(folder).iterdir())[: int(count)][int(first) :: int(step)]


def main(arguments: list[str]) -> None:
    """Read the reports and print the measurements."""
    catalogue, paths = load_catalogue(None), [*_select(*arguments)]
    _warm_up(catalogue, paths)
    started, cpu_seconds = time.monotonic(), _cpu_seconds()
    for path in paths:
        read(path.name, path.read_bytes(), catalogue)
    print(started, time.monotonic(), _cpu_seconds() - cpu_seconds, _peak_megabytes(), len(paths))


if __name__ == "__main__":
    main(sys.argv[1:])
