"""What is plausible: data/profile.csv, one row per quantity.

A quantity is an indicator, or a hidden one (`_…`) that only other quantities and the notes use. Columns:

over         the time of a draw: `district` (once for all), `year`, `slice` (a quarter; a window has the sum of its
             quarters), `end` (the stock at the end of a quarter), `window` (computed from others of the window)
generator    `range` (from low to high, times base if there is one), `share` (the same, at most base), `sum`,
             `difference` (first less the others), `rate` (first per cent of second), `choice` (one of base, separated
             by |), `once` (1 in the first quarter of a year, else 0), `opening` (base at the end of the last quarter),
             `fixed` (low)
decimals     a draw is cut to so many; what is below zero becomes zero, and what has decimals is at most 100
blank_share  the share of districts that leave the row blank, always the same ones; a blank base makes a blank
note_when    `positive`: the note is printed beside a number above zero only
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from etl.catalogue.rows import read_table
from etl.errors import CatalogueError

_FOLDER = Path(__file__).parent / "data"
# What a quantity may be computed from: a quarter's number cannot depend on that of a whole window.
_ALLOWED_BASES: Mapping[str, set[str]] = {
    "district": {"district"},
    "year": {"district", "year"},
    "slice": {"district", "year", "slice"},
    "end": {"district", "year", "end"},
    "window": {"district", "year", "slice", "end", "window"},
}


@dataclass(frozen=True)
class Quantity:
    """One row of the profile."""

    quantity: str
    over: Literal["district", "year", "slice", "end", "window"]
    generator: Literal["range", "share", "sum", "difference", "rate", "choice", "once", "opening", "fixed"]
    decimals: int
    base: str = ""
    low: float = 0
    high: float = 0
    blank_share: float = 0
    note_when: Literal["", "positive"] = ""
    note: str = ""

    @cached_property
    def bases(self) -> list[str]:
        """The quantities that it is computed from."""
        return [] if self.generator == "choice" else self.base.split()

    @cached_property
    def choices(self) -> list[str]:
        return self.base.split("|")

    @cached_property
    def step(self) -> Decimal:
        """The unit of the last digit: 1 or 0.01."""
        return Decimal(1).scaleb(-self.decimals)


@lru_cache(maxsize=1)
def load_profile(folder: Path = _FOLDER) -> Mapping[str, Quantity]:
    """Return all quantities by name. Raises CatalogueError with file and line if one is invalid."""
    quantities = read_table([folder], "profile.csv", Quantity, "quantity")
    for quantity in quantities.values():
        for base in quantity.bases:
            if base not in quantities or quantities[base].over not in _ALLOWED_BASES[quantity.over]:
                raise CatalogueError("profile.csv", f"{quantity.quantity} cannot be computed from {base!r}")
    return quantities
