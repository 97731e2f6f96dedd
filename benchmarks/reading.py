"""How fast a report is read, against floors measured in the same run: `python -m benchmarks.reading [FILE…]`.

The floor of a docx is unzip, lxml and the text of every cell; of an xlsx unzip and lxml over all parts. Without files
the appendix with Long Phú's figures is rendered. Times are the best of many rounds on one core.
"""

from __future__ import annotations

import io
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from etl.catalogue import load
from etl.parsing import read
from tests.unit.parsing.rendering import long_phu, to_docx, to_xlsx

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROUNDS = 25
_LIMITS = {".docx": 3.0, ".xlsx": 5.0}


def docx_floor(content: bytes) -> None:
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    for cell in root.iter(f"{_W}tc"):
        "".join(text.text or "" for text in cell.iter(f"{_W}t"))


def xlsx_floor(content: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content))
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(archive.read(name))


def python_docx_rows(content: bytes) -> None:
    import docx

    for table in docx.Document(io.BytesIO(content)).tables:
        for row in table.rows:
            [cell.text for cell in row.cells]


def openpyxl_cells(content: bytes) -> None:
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=True):
        list(sheet.iter_rows(values_only=True))


def best(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Milliseconds of the fastest round, after one to warm up."""
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times) * 1000


def compare(name: str, content: bytes) -> None:
    catalogue = load(None)
    suffix = Path(name).suffix
    floor, other = {".docx": (docx_floor, python_docx_rows), ".xlsx": (xlsx_floor, openpyxl_cells)}[suffix]
    ours, least = best(lambda: read(name, content, catalogue)), best(lambda: floor(content))
    theirs = best(lambda: other(content), 3)
    limit = _LIMITS[suffix]
    print(f"{name:28} {least:8.2f} {ours:8.2f} {ours / least:7.2f} {limit:6.1f} {other.__name__:>18} {theirs:9.2f}")


def memory(content: bytes, reports: int) -> float:
    """Peak MB while as many reports are read one after another."""
    catalogue = load(None)
    tracemalloc.start()
    for _ in range(reports):
        read("a.docx", content, catalogue)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main(paths: list[str]) -> None:
    """Prints the table."""
    files = {Path(path).name: Path(path).read_bytes() for path in paths}
    rendered = {"rendered.docx": to_docx(long_phu()), "rendered.xlsx": to_xlsx(long_phu(), numbers=True)}
    print(f"{'file':28} {'floor ms':>8} {'read ms':>8} {'ratio':>7} {'limit':>6} {'compared with':>18} {'ms':>9}")
    for name, content in (files or rendered).items():
        compare(name, content)
    few, many = memory(rendered["rendered.docx"], 70), memory(rendered["rendered.docx"], 705)
    print(f"peak memory: 70 reports {few:.1f} MB, 705 reports {many:.1f} MB, ratio {many / few:.2f} (limit 1.1)")


if __name__ == "__main__":
    main(sys.argv[1:])
