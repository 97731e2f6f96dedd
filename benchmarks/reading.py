"""How fast a report is read, against floors and peers of the same run: `python -m benchmarks.reading [REPORTS]`.

The floor of a docx is unzip, lxml and the text of every cell; of an xlsx unzip and lxml over all its parts. The files
are the example of Long Phú's real figures as Word and Excel file, 181 rows. Floor and reader take turns on one core,
and the fastest of many rounds counts. Times are of the processor: on one core they are those of the clock on the wall
where nothing else runs, and other work on a busy machine does not count as ours. Two processes against one are timed by
the clock, and need two cores that nobody else uses. Peers are in readers.py, many reports in many.py.
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


def _best_in_turn(*works: Callable[[], object]) -> list[float]:
    """Seconds of processor time of the fastest round of each."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(_ROUNDS):
        for place, work in enumerate(works):
            started = time.process_time()
            work()
            times[place].append(time.process_time() - started)
    return [min(one[1:]) for one in times]


def one_report() -> Iterator[Line]:
    """A report against its floor, and against other readers."""
    catalogue = load_catalogue(None)
    word, excel = _DOCX.read_bytes(), _XLSX.read_bytes()
    ours, least = _best_in_turn(lambda: read(_DOCX.name, word, catalogue), lambda: docx_floor(word))
    yield at_most("docx against its floor", ours, least, 3, "ms")
    markitdown, python_docx = (readers.seconds(name, _DOCX) for name in readers.NAMES)
    yield at_most("docx against markitdown", ours, markitdown, 0.1, "ms")
    yield at_most("docx against python-docx row.cells", ours, python_docx, 1, "ms")
    ours, least = _best_in_turn(lambda: read(_XLSX.name, excel, catalogue), lambda: xlsx_floor(excel))
    yield at_most("xlsx against its floor", ours, least, 5, "ms")


def many_reports(reports: int) -> Iterator[Line]:
    """Many reports of mixed file formats against few of them, and two processes against one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "reports"
        many.write(folder, reports)
        few, all_of_them = (many.read_in_processes(folder, count)[0] for count in (_FEW, reports))
        yield at_most(f"time a report, {reports} against {_FEW}", all_of_them.seconds_each, few.seconds_each, 1.1, "ms")
        told = f"{all_of_them.megabytes:.0f} MB, {few.megabytes:.0f} MB"
        ratio = all_of_them.megabytes / few.megabytes
        yield Line(f"peak memory, {reports} against {_FEW}", told, ratio, "≤ 1.1", ratio <= 1.1)
        os.sched_setaffinity(0, _CORES)
        two = many.read_in_processes(folder, reports, processes=2)
        together = max(run.ended for run in two) - min(run.began for run in two)
        alone = all_of_them.ended - all_of_them.began
        told = f"{together:.1f} s, {alone:.1f} s"
        yield Line("two processes on two cores against one", told, alone / together, "≥ 1.8", alone / together >= 1.8)


_CORES = os.sched_getaffinity(0)


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where a bound is not met."""
    os.sched_setaffinity(0, {min(_CORES)})  # one core, till two are compared with it
    lines = (
        line for part in (one_report(), many_reports(int(arguments[0]) if arguments else _REPORTS)) for line in part
    )
    return show(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
