"""CPU time in a unit that does not depend on the machine: the cost of reading one real report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, long_phu, to_docx


@cache
def report_seconds() -> float:
    """CPU seconds to read the real report of one district, the fastest of several times, in this process."""
    content = to_docx(long_phu())
    times = []
    for _ in range(6):
        started = time.process_time()
        read("report.docx", content, CATALOGUE)
        times.append(time.process_time() - started)
    return min(times)


@contextmanager
def cost_in_reports() -> Iterator[list[float]]:
    """Measures the CPU time of the block. The list that it gives then holds that time divided by `report_seconds`."""
    unit, cost = report_seconds(), []
    started = time.process_time()
    yield cost
    cost.append((time.process_time() - started) / unit)
