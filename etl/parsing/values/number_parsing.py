"""Text to number: what a cell may mean in Vietnamese (1.234,5) and in English (1,234.5) notation, and which it is.

A single cell may be ambiguous ("1,349"). The row settles most of them (a count is whole, a rate lies between 0 and
100), the other cells of the column settle the rest, provided that they all use one notation. What remains is
undecidable and never guessed (docs/reading.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Notation = Literal["vi", "en"]
Expected = Literal["count", "rate", "any"]
NOTATIONS: tuple[Notation, ...] = ("vi", "en")
UNDECIDED = "open"

_MARKS: dict[Notation, tuple[str, str]] = {"vi": (".", ","), "en": (",", ".")}  # grouping, decimals
_SHARE_UNIT = Decimal("0.0001")
_MAX_LENGTH = 40
_SPACE_GROUPS = re.compile(r"^([+-]?\d{1,3})((?:[ '’]\d{3})+)((?:[.,]\d+)?)$")
_PLAIN = re.compile(r"^([+-]?)(\d*)((?:[.,]\d+)*)$")
_FRACTION = re.compile(r"^([\d.,]+)\s*/\s*([\d.,]+)$")
_SPACE_AROUND_MARK = re.compile(r"(?<=\d)\s*([.,])\s*(?=\d)")
_MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "\u2010": "-", "\u2011": "-"})


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a text may mean as a number in each notation; the same in both if the notation does not matter.

    `part` is what was taken of a fraction ("numerator" or "share", in per cent) or "percent format". A stored number of
    a spreadsheet (`is_stored`) says nothing about the notation of its column.
    """

    vi: Decimal | None
    en: Decimal | None
    part: str = ""
    expected: Expected = "any"
    is_stored: bool = False

    def in_notation(self, notation: Notation) -> Decimal | None:
        return self.vi if notation == "vi" else self.en

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The different numbers that the text may mean: none, one or two."""
        return tuple(dict.fromkeys(value for value in (self.vi, self.en) if value is not None))

    @property
    def candidates(self) -> tuple[Decimal, ...]:
        """The values that fit what the row expects, or all of them if none fits."""
        values = self.values
        return tuple(filter(self._fits, values)) or values if len(values) > 1 else values

    def _fits(self, value: Decimal) -> bool:
        if self.expected == "count":
            return value == value.to_integral_value()
        return self.expected == "any" or 0 <= value <= 100

    def proven_notation(self) -> Notation | None:
        """The notation that this cell alone proves, if any."""
        if self.vi == self.en or self.is_stored:
            return None
        possible = [notation for notation in NOTATIONS if self.in_notation(notation) in self.candidates]
        return possible[0] if len(possible) == 1 else None

    def decide(
        self, notation: Notation | None, evidence: Mapping[str, Sequence[Decimal]] | None = None
    ) -> tuple[Decimal | None, str]:
        """The number that the cell means (None: undecidable) and how it was decided (docs/reading.md lists the words).

        The row decides first, then the notation of the column, then the evidence: numbers printed elsewhere, by their
        source ("narrative", "note").
        """
        number, decision = self._decide(notation, evidence or {})
        return number, f"{decision}, {self.part}" if self.part and number is not None else decision

    def _decide(
        self, notation: Notation | None, evidence: Mapping[str, Sequence[Decimal]]
    ) -> tuple[Decimal | None, str]:
        candidates = self.candidates
        if len(candidates) == 1:
            return candidates[0], self._reason(candidates[0])
        written = self.in_notation(notation) if notation is not None and not self.is_stored else None
        # Nobody prints the decimals of a whole count: among English decimals "1.000" is a pasted 1000 rather than a 1.
        if written in candidates and not (self.expected == "count" and written != max(candidates)):
            return written, f"{notation} column"
        for source, numbers in evidence.items():
            supported = [value for value in candidates if value in numbers]
            if len(supported) == 1:
                return supported[0], f"{self._notation_of(supported[0])} {source}"
        return None, UNDECIDED

    def _reason(self, number: Decimal) -> str:
        """Why only one candidate is left."""
        if self.is_stored:
            return "stored"
        if self.vi == self.en:
            return "plain"
        if self.vi is None or self.en is None:
            return f"{self._notation_of(number)} digits"
        return f"{self._notation_of(number)} {'whole' if self.expected == 'count' else 'range'}"

    def _notation_of(self, number: Decimal) -> Notation:
        return "vi" if self.vi == number else "en"


def column_notation(readings: Iterable[NumberReading]) -> Notation | None:
    """The notation of a column, if its cells prove one and none proves the other."""
    proven = {notation for reading in readings if (notation := reading.proven_notation())}
    return proven.pop() if len(proven) == 1 else None


@lru_cache(maxsize=4_096)
def read_number(text: str, expected: Expected = "any", unit_words: tuple[str, ...] = ()) -> NumberReading:
    """What a cell's text may mean: a plain number, "85%" or "12/12", possibly followed by one of `unit_words`.

    A text that is not a number has no values.
    """
    is_rate = expected == "rate"
    text = _strip_unit(_tidy(text), unit_words)
    if not text or (text.endswith("%") and not is_rate):
        return NumberReading(None, None, expected=expected)
    text = text.removesuffix("%").strip().removesuffix("/").strip()
    fraction = _FRACTION.match(text)
    if fraction is None:
        vi, en = (_parse(text, notation) for notation in NOTATIONS)
        return NumberReading(vi, en, "", expected)
    vi, en = (_parse_fraction(fraction[1], fraction[2], notation, is_rate=is_rate) for notation in NOTATIONS)
    return NumberReading(vi, en, "share" if is_rate else "numerator", expected)


def _tidy(text: str) -> str:
    """The text with ASCII digits and signs and without needless spaces; "" if it is too long or has no digit."""
    text = unicodedata.normalize("NFKC", text).translate(_MINUS_SIGNS)
    text = "".join(" " if letter.isspace() else letter for letter in text if unicodedata.category(letter) != "Cf")
    text = _SPACE_AROUND_MARK.sub(r"\1", " ".join(text.split()))
    return text if len(text) <= _MAX_LENGTH and any(letter.isdigit() for letter in text) else ""


def _strip_unit(text: str, unit_words: Iterable[str]) -> str:
    lowered = text.casefold()
    for word in unit_words:
        if word and lowered.endswith(word) and not lowered[: -len(word)][-1:].isalpha():
            return text[: -len(word)].strip()
    return text


def _parse(text: str, notation: Notation) -> Decimal | None:
    """A number in one notation; None if its groups or decimals are not of that notation."""
    spaced = _SPACE_GROUPS.match(text)
    if spaced:
        text = spaced[1] + re.sub(r"\D", "", spaced[2]) + spaced[3]
        if spaced[3]:  # the groups are separated by spaces, so that the remaining mark is the decimal one
            return Decimal(text.replace(",", "."))
    match = _PLAIN.match(text)
    if not match or not (match[2] or match[3]):
        return None
    sign, whole, rest = match.groups()
    group_mark, decimal_mark = _MARKS[notation]
    groups, has_decimals, decimals = rest.partition(decimal_mark)
    if has_decimals and not decimals.isdecimal():
        return None
    if groups:
        parts = groups.split(group_mark)[1:]
        are_groups = all(len(part) == 3 and part.isdecimal() for part in parts)
        if not are_groups or not 1 <= len(whole) <= 3 or whole == "0" * len(whole):
            return None
        whole += "".join(parts)
    return Decimal(f"{sign}{whole or '0'}.{decimals or '0'}")


def _parse_fraction(numerator: str, denominator: str, notation: Notation, *, is_rate: bool) -> Decimal | None:
    """The numerator of a fraction, or for a rate its share in per cent (to four decimals if it does not terminate)."""
    above, below = _parse(numerator, notation), _parse(denominator, notation)
    if above is None or below is None or not is_rate:
        return above if below is not None else None
    if not below:
        return None
    share = above * 100 / below
    rounded = share.quantize(_SHARE_UNIT)
    return rounded if rounded != share else share
