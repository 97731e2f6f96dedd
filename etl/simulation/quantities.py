"""Numbers of a district, drawn from a seed: a quantity of a quarter is the same in every report.

A draw depends on seed, district, time and quantity only, not on the order of the draws. So the report of the half year
agrees with that of the first quarter, and a new row of the profile does not change the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from hashlib import blake2b

from etl import periods
from etl.periods import Period
from etl.simulation.appendix import CellValue
from etl.simulation.numbers import format_value
from etl.simulation.profile import Quantity

_COMMUNES = "_communes"
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")
_OWN_LEVEL = 0.6  # share of a draw that is the district's own level in all periods: histories change little


@lru_cache(maxsize=256)
def quarters_of(period: Period) -> tuple[Period, ...]:
    """Return the quarters of the data window of a period."""
    parts = (periods.parse(f"{period.year}-{term}") for term in _QUARTERS)
    return tuple(part for part in parts if period.starts_on <= part.starts_on and part.ends_on <= period.ends_on)


@lru_cache(maxsize=256)
def _quarter_before(quarter: Period) -> Period:
    index = _QUARTERS.index(quarter.term)
    return periods.parse(f"{quarter.year - (index == 0)}-{_QUARTERS[index - 1]}")


class Quantities:
    """The quantities of a district in the window of a period. `communes` None: their number is drawn too."""

    def __init__(
        self, profile: Mapping[str, Quantity], seed: int, district_code: str, period: Period, communes: int | None
    ) -> None:
        self._profile = profile
        self._prefix = f"{seed}|{district_code}|"
        self._period = period
        self._quarters = quarters_of(period)
        self._values: dict[tuple[str, str], Decimal] = {}
        if communes is not None:
            self._values[_COMMUNES, ""] = Decimal(communes)

    def _draw(self, name: str, key: str) -> float:
        """Return a uniform number, 0 included and 1 excluded."""
        digest = blake2b(f"{self._prefix}{key}|{name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def _draw_level(self, name: str, key: str) -> float:
        level = self._draw(name, "")
        return level if not key else _OWN_LEVEL * level + (1 - _OWN_LEVEL) * self._draw(name, key)

    def is_blank(self, name: str) -> bool:
        """Whether the district leaves the row blank, in every period, itself or because its base is blank."""
        quantity = self._profile[name]
        if quantity.blank_share and self._draw(name, "blank") < quantity.blank_share:
            return True
        return any(self.is_blank(base) for base in quantity.bases)

    def choice(self, name: str) -> str:
        """Return one of the texts of a `choice`."""
        quantity = self._profile[name]
        draw = self._draw(name, "" if quantity.over == "district" else str(self._period.year))
        return quantity.choices[int(draw * len(quantity.choices))]

    def of_window(self, name: str) -> Decimal:
        """Return the quantity over the window of the period, for a stock at its end."""
        quantity = self._profile[name]
        if quantity.over == "slice":
            return sum((self._at(name, quarter) for quarter in self._quarters), Decimal(0))
        if quantity.over != "window":
            return self._at(name, self._quarters[-1])
        if quantity.generator == "opening":
            return self._at(quantity.bases[0], _quarter_before(self._quarters[0]))
        key = (name, "window")
        if key not in self._values:
            bases = [self.of_window(base) for base in quantity.bases]
            self._values[key] = _amount(quantity, bases, self._draw_level(name, str(self._period.year)))
        return self._values[key]

    def _at(self, name: str, quarter: Period) -> Decimal:
        quantity = self._profile[name]
        key = {"district": "", "year": str(quarter.year)}.get(quantity.over, quarter.code)
        if (name, key) not in self._values:
            bases = [self._at(base, quarter) for base in quantity.bases]
            if quantity.generator == "once":
                bases = [Decimal(quarter.term == _QUARTERS[0])]
            self._values[name, key] = _amount(quantity, bases, self._draw_level(name, key))
        return self._values[name, key]

    def value(self, name: str) -> CellValue:
        """Return what the report prints for the quantity."""
        if self.is_blank(name):
            return ""
        if self._profile[name].generator != "choice":
            return self.of_window(name)
        text = self.choice(name)
        return Decimal(text) if text.isdigit() else text

    def note(self, name: str) -> str:
        """Return the note printed beside it; numbers in it are other quantities, in Vietnamese digits."""
        quantity = self._profile[name]
        if not quantity.note or self.is_blank(name) or (quantity.note_when == "positive" and not self.of_window(name)):
            return ""
        return quantity.note.format_map(_NoteFields(self))


class _NoteFields(dict[str, str]):
    """The fields of a note, computed when they are used."""

    def __init__(self, quantities: Quantities) -> None:
        super().__init__()
        self._quantities = quantities

    def __missing__(self, name: str) -> str:
        return format_value(self._quantities.of_window(name), "vi")


def _amount(quantity: Quantity, bases: list[Decimal], draw: float) -> Decimal:
    match quantity.generator:
        case "fixed":
            return Decimal(str(quantity.low))
        case "sum" | "once":
            return sum(bases, Decimal(0))
        case "difference":
            return bases[0] - sum(bases[1:], Decimal(0))
        case "rate":
            rate = 100 * bases[0] / bases[1] if bases[1] else Decimal(0)
            return rate.quantize(quantity.step, ROUND_HALF_UP)
    scale = float(bases[0]) if bases else 1.0
    value = Decimal(repr(scale * (quantity.low + draw * (quantity.high - quantity.low)))).quantize(
        quantity.step, ROUND_FLOOR
    )
    most = bases[0] if quantity.generator == "share" else Decimal(100 if quantity.decimals else math.inf)
    return min(max(value, Decimal(0)), most)
