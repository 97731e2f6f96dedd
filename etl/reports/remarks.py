"""Comments on cells of a submitted file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

AUTHOR = "Sở Nội vụ (hệ thống kiểm tra)"
INITIALS = "SNV"
# Characters that XML does not allow. Submitted files may contain them, and findings quote the files.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on the cell at `location` (see Observation.location)."""

    location: str
    text: str


@dataclass(frozen=True, slots=True)
class Annotated:
    """The file with its comments, and the comments whose cell was not found."""

    content: bytes
    unplaced: tuple[Remark, ...]


def writable(text: str) -> str:
    """Replace the characters that no Office file may contain."""
    return _UNWRITABLE.sub("\ufffd", text)


def by_location(remarks: Iterable[Remark]) -> dict[str, Sequence[Remark]]:
    """Group comments by cell, in the order of the first comment of each."""
    cells: dict[str, list[Remark]] = {}
    for remark in remarks:
        cells.setdefault(remark.location, []).append(remark)
    return dict(cells)
