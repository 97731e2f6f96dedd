"""What is plausible: data/profile.csv, one line a quantity, read and checked.

A quantity is an indicator, or a hidden one (`_…`) that only other quantities and the notes use. Columns:

over         the time its draw stands for: `district` (once for all), `year`, `slice` (a quarter; a window has the
             sum of its quarters), `end` (the stock at a quarter's end), `window` (worked out from the window's others)
generator    `range` (from low up to high, times base where there is one), `share` (the same, at most base), `sum`,
             `difference` (first less the others), `rate` (first per cent of second), `choice` (one of base, with |
             between), `once` (1 in the year's first quarter, else 0), `opening` (base at the end of the quarter
             before), `fixed` (low)
decimals     a draw is cut to so many; what falls below zero is zero, and what has decimals stays within 100
blank_share  the share of districts that leave the row blank, always the same ones; what rests on a blank is blank
note_when    `positive`: the note is printed beside a number above zero only
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from etl.errors import CatalogueError

_FILE = Path(__file__).parent / "data" / "profile.csv"
_COLUMNS = ["quantity", "over", "generator", "base", "low", "high", "decimals", "blank_share", "note_when", "note"]
_OVER = ("district", "year", "slice", "end", "window")
_GENERATORS = ("range", "share", "sum", "difference", "rate", "choice", "once", "opening", "fixed")
# What each kind of quantity may be worked out from: a quarter's number cannot rest on that of a whole window.
_MAY_USE = {
    "district": {"district"},
    "year": {"district", "year"},
    "slice": {"district", "year", "slice"},
    "end": {"district", "year", "end"},
    "window": set(_OVER),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity of the profile."""

    quantity: str
    over: str
    generator: str
    bases: tuple[str, ...]
    choices: tuple[str, ...]
    low: float
    high: float
    decimals: int
    blank_share: float
    note_when: str
    note: str

    @property
    def step(self) -> Decimal:
        """The unit of the last digit: 1 or 0.01."""
        return Decimal(1).scaleb(-self.decimals)


def _line(row: dict[str, str], place: str) -> Line:
    if row["over"] not in _OVER or row["generator"] not in _GENERATORS or row["note_when"] not in ("", "positive"):
        raise CatalogueError(place, f"unknown over {row['over']!r}, generator {row['generator']!r} or note_when")
    is_choice = row["generator"] == "choice"
    return Line(
        row["quantity"],
        row["over"],
        row["generator"],
        () if is_choice else tuple(row["base"].split()),
        tuple(row["base"].split("|")) if is_choice else (),
        float(row["low"] or 0),
        float(row["high"] or 0),
        int(row["decimals"]),
        float(row["blank_share"] or 0),
        row["note_when"],
        row["note"],
    )


@lru_cache(maxsize=1)
def load(path: Path = _FILE) -> Mapping[str, Line]:
    """All quantities by name. Raises CatalogueError (file and line) where one cannot be used."""
    lines: dict[str, Line] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise CatalogueError(f"{path.name}:1", f"the columns must be {', '.join(_COLUMNS)}")
        for row in reader:
            lines[row["quantity"]] = _line(row, f"{path.name}:{reader.line_num}")
    for line in lines.values():
        for base in line.bases:
            if base not in lines or lines[base].over not in _MAY_USE[line.over]:
                raise CatalogueError(path.name, f"{line.quantity} cannot be worked out from {base!r}")
    return lines
