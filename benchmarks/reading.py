"""Speed of reading, compared with floors and other libraries in the same run: `python -m benchmarks.reading [REPORTS]`.

The floor of a docx is unzipping, parsing with lxml and the text of every cell; that of an xlsx is unzipping and parsing
all parts. The files are the example report of Long Phú (181 rows) in Word and Excel. Floor and reader alternate on one
core, and the fastest of many rounds counts. Times are CPU times, so that other processes hardly matter; only two
processes against one are timed by the clock and need two idle cores. readers.py has the other libraries, many.py the
many reports.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from benchmarks import many, readers
from benchmarks.table import Line, at_most, show
from etl.catalogue import load_catalogue
from etl.parsing import read
from etl.settings import PROJECT_ROOT

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXAMPLES = PROJECT_ROOT / "examples" / "drive" / "2021-Q1"
_DOCX, _XLSX = (_EXAMPLES / f"946_long-phu_2021-Q1.{file_format}" for file_format in ("docx", "xlsx"))
_ROUNDS = 60
_REPORTS, _FEW = 705, 70


def docx_floor(content: bytes) -> None:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    for cell in root.iter(f"{_W}tc"):
        "".join(text.text or "" for text in cell.iter(f"{_W}t"))


def xlsx_floor(content: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content))
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(archive.read(name))


def _fastest_in_turn(*works: Callable[[], object]) -> list[float]:
    """CPU seconds of the fastest round of each."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(_ROUNDS):
        for index, work in enumerate(works):
            started = time.process_time()
            work()
            times[index].append(time.process_time() - started)
    return [min(rounds[1:]) for rounds in times]


def one_report() -> Iterator[Line]:
    """One report against its floor and other libraries."""
    catalogue = load_catalogue(None)
    word, excel = _DOCX.read_bytes(), _XLSX.read_bytes()
    ours, floor = _fastest_in_turn(lambda: read(_DOCX.name, word, catalogue), lambda: docx_floor(word))
    yield at_most("docx against its floor", ours, floor, 3, "ms")
    markitdown, python_docx = (readers.seconds(name, _DOCX) for name in readers.NAMES)
    yield at_most("docx against markitdown", ours, markitdown, 0.1, "ms")
    yield at_most("docx against python-docx row.cells", ours, python_docx, 1, "ms")
    ours, floor = _fastest_in_turn(lambda: read(_XLSX.name, excel, catalogue), lambda: xlsx_floor(excel))
    yield at_most("xlsx against its floor", ours, floor, 5, "ms")


def many_reports(reports: int) -> Iterator[Line]:
    """Many reports of mixed file formats against few of them, and two processes against one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "reports"
        many.write(folder, reports)
        few, whole = (many.read_in_processes(folder, count)[0] for count in (_FEW, reports))
        yield at_most(f"time per report, {reports} against {_FEW}", whole.seconds_each, few.seconds_each, 1.1, "ms")
        measured, ratio = f"{whole.megabytes:.0f} MB, {few.megabytes:.0f} MB", whole.megabytes / few.megabytes
        yield Line(f"peak memory, {reports} against {_FEW}", measured, ratio, "≤ 1.1", ratio <= 1.1)
        os.sched_setaffinity(0, _CORES)
        two = many.read_in_processes(folder, reports, processes=2)
        together = max(run.ended for run in two) - min(run.started for run in two)
        alone = whole.ended - whole.started
        measured = f"{together:.1f} s, {alone:.1f} s"
        yield Line(
            "two processes on two cores against one", measured, alone / together, "≥ 1.8", alone / together >= 1.8
        )


_CORES = os.sched_getaffinity(0)


def main(arguments: list[str]) -> int:
    """Print the table. Returns 1 if a bound is not met."""
    os.sched_setaffinity(0, {min(_CORES)})  # one core, until two are compared with it
    lines = (
        line for part in (one_report(), many_reports(int(arguments[0]) if arguments else _REPORTS)) for line in part
    )
    return show(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
