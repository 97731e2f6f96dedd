"""A remark on a cell of the file that came, and what became of the remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AUTHOR = "Sở Nội vụ (hệ thống kiểm tra)"
INITIALS = "SNV"
# What XML cannot hold: a file can, and a finding repeats what stands in the file.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of the cell at `location` (docs: Observation.location)."""

    location: str
    text: str


@dataclass(frozen=True, slots=True)
class Annotated:
    """The file with its remarks, and those that found no cell to stand at."""

    content: bytes
    unplaced: tuple[Remark, ...]


def writable(text: str) -> str:
    """A text without the control characters that no Office file may hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def by_location(remarks: Iterable[Remark]) -> dict[str, Sequence[Remark]]:
    """The remarks of each cell, cells in the order of their first remark."""
    cells: dict[str, list[Remark]] = {}
    for remark in remarks:
        cells.setdefault(remark.location, []).append(remark)
    return dict(cells)
