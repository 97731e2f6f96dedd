"""Numbers of one district, drawn from a seed: the same quantity in the same quarter is the same in every report.

A draw depends on seed, district, time and quantity alone, never on the order of the draws; so the half year's
report agrees with the first quarter's, and a new line in the profile leaves all others as they were.
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
from etl.simulation.numbers import written
from etl.simulation.profile import Line

_COMMUNES = "_communes"
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")
# How much of a draw is the district's own level, the same for ever; the rest is the time's. Keeps histories calm.
_OWN_LEVEL = 0.6


@lru_cache(maxsize=256)
def quarters_of(period: Period) -> tuple[Period, ...]:
    """The quarters that make up a period's data window."""
    parts = (periods.parse(f"{period.year}-{term}") for term in _QUARTERS)
    return tuple(part for part in parts if period.starts_on <= part.starts_on and part.ends_on <= period.ends_on)


@lru_cache(maxsize=256)
def _quarter_before(quarter: Period) -> Period:
    place = _QUARTERS.index(quarter.term)
    return periods.parse(f"{quarter.year - (place == 0)}-{_QUARTERS[place - 1]}")


class Quantities:
    """One district's quantities in one period's window. `communes` None: how many it has is drawn as well."""

    def __init__(
        self, profile: Mapping[str, Line], seed: int, district_code: str, period: Period, communes: int | None
    ) -> None:
        self._profile = profile
        self._prefix = f"{seed}|{district_code}|"
        self._period = period
        self._quarters = quarters_of(period)
        self._known: dict[tuple[str, str], Decimal] = {}
        if communes is not None:
            self._known[_COMMUNES, ""] = Decimal(communes)

    def _draw(self, name: str, key: str) -> float:
        """A number from 0 up to 1, evenly spread."""
        digest = blake2b(f"{self._prefix}{key}|{name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def _calm_draw(self, name: str, key: str) -> float:
        level = self._draw(name, "")
        return level if not key else _OWN_LEVEL * level + (1 - _OWN_LEVEL) * self._draw(name, key)

    def is_blank(self, name: str) -> bool:
        """Whether this district leaves the row blank, in every period, by itself or because its base is."""
        line = self._profile[name]
        if line.blank_share and self._draw(name, "blank") < line.blank_share:
            return True
        return any(self.is_blank(base) for base in line.bases)

    def choice(self, name: str) -> str:
        """One of a `choice` line's texts."""
        line = self._profile[name]
        draw = self._draw(name, "" if line.over == "district" else str(self._period.year))
        return line.choices[int(draw * len(line.choices))]

    def of_window(self, name: str) -> Decimal:
        """What the quantity amounts to over the period's window, or at its end for a stock."""
        line = self._profile[name]
        if line.over == "slice":
            return sum((self._at(name, quarter) for quarter in self._quarters), Decimal(0))
        if line.over != "window":
            return self._at(name, self._quarters[-1])
        if line.generator == "opening":
            return self._at(line.bases[0], _quarter_before(self._quarters[0]))
        key = (name, "window")
        if key not in self._known:
            bases = [self.of_window(base) for base in line.bases]
            self._known[key] = _amount(line, bases, self._calm_draw(name, str(self._period.year)))
        return self._known[key]

    def _at(self, name: str, quarter: Period) -> Decimal:
        line = self._profile[name]
        key = {"district": "", "year": str(quarter.year)}.get(line.over, quarter.code)
        if (name, key) not in self._known:
            bases = [self._at(base, quarter) for base in line.bases]
            if line.generator == "once":
                bases = [Decimal(quarter.term == _QUARTERS[0])]
            self._known[name, key] = _amount(line, bases, self._calm_draw(name, key))
        return self._known[name, key]

    def value(self, name: str) -> CellValue:
        """What the report prints for the quantity."""
        if self.is_blank(name):
            return ""
        if self._profile[name].generator != "choice":
            return self.of_window(name)
        text = self.choice(name)
        return Decimal(text) if text.isdigit() else text

    def note(self, name: str) -> str:
        """The note printed beside it; the numbers in it are the quantities' own, in Vietnamese digits."""
        line = self._profile[name]
        if not line.note or self.is_blank(name) or (line.note_when == "positive" and not self.of_window(name)):
            return ""
        return line.note.format_map(_Written(self))


class _Written(dict[str, str]):
    """The fields of a note, worked out as they are asked for."""

    def __init__(self, quantities: Quantities) -> None:
        super().__init__()
        self._quantities = quantities

    def __missing__(self, name: str) -> str:
        return written(self._quantities.of_window(name), "vi")


def _amount(line: Line, bases: list[Decimal], draw: float) -> Decimal:
    match line.generator:
        case "fixed":
            return Decimal(str(line.low))
        case "sum" | "once":
            return sum(bases, Decimal(0))
        case "difference":
            return bases[0] - sum(bases[1:], Decimal(0))
        case "rate":
            rate = 100 * bases[0] / bases[1] if bases[1] else Decimal(0)
            return rate.quantize(line.step, ROUND_HALF_UP)
    scale = float(bases[0]) if bases else 1.0
    drawn = Decimal(repr(scale * (line.low + draw * (line.high - line.low)))).quantize(line.step, ROUND_FLOOR)
    most = bases[0] if line.generator == "share" else Decimal(100 if line.decimals else math.inf)
    return min(max(drawn, Decimal(0)), most)
