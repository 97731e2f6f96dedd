"""Text to number: what a cell may mean in Vietnamese (1.234,5) and in English (1,234.5) writing, and which it is.

One cell alone may be ambiguous ("1,349"). What the row counts settles most of them (a count is whole, a rate lies
between 0 and 100); the other cells of the column settle the rest, if they all write in one way. What is left is
undecidable and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Writing = Literal["vi", "en"]
WRITINGS: tuple[Writing, ...] = ("vi", "en")
_MARKS: dict[Writing, tuple[str, str]] = {"vi": (".", ","), "en": (",", ".")}
_PLACES = Decimal("0.0001")

_SPACE_GROUPS = re.compile(r"^([+-]?\d{1,3})((?:[ '’]\d{3})+)((?:[.,]\d+)?)$")
_PLAIN = re.compile(r"^([+-]?)(\d*)((?:[.,]\d+)*)$")
_FRACTION = re.compile(r"^([\d.,]+)\s*/\s*([\d.,]+)$")
_AROUND_MARK = re.compile(r"(?<=\d)\s*([.,])\s*(?=\d)")
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "\u2010": "-", "\u2011": "-"})
_MAX_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text may mean as a number, under each way of writing; both are equal where the writing does not matter."""

    vi: Decimal | None
    en: Decimal | None
    taken: str = ""
    """What was taken of a fraction: its "numerator", or its "share" in per cent; empty for a plain number."""

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The different numbers that the text may mean: none, one or two."""
        return tuple(dict.fromkeys(value for value in (self.vi, self.en) if value is not None))

    def under(self, writing: Writing) -> Decimal | None:
        return self.vi if writing == "vi" else self.en


def _plain(text: str, writing: Writing) -> Decimal | None:
    """A number under one way of writing; None where its groups or decimals are not of that way."""
    match = _PLAIN.match(text)
    if not match or not (match[2] or match[3]):
        return None
    sign, whole, rest = match.groups()
    group_mark, decimal_mark = _MARKS[writing]
    decimals = ""
    if decimal_mark in rest:
        rest, _, decimals = rest.partition(decimal_mark)
        if not decimals.isdecimal():
            return None
    if rest:
        groups = rest.split(group_mark)[1:]
        grouped = all(len(group) == 3 and group.isdecimal() for group in groups)
        if not grouped or not 1 <= len(whole) <= 3 or whole == "0" * len(whole):
            return None
        whole += "".join(groups)
    return Decimal(f"{sign}{whole or '0'}.{decimals or '0'}")


def _one_number(text: str) -> Reading:
    spaced = _SPACE_GROUPS.match(text)
    if spaced:
        text = spaced[1] + re.sub(r"\D", "", spaced[2]) + spaced[3]
    elif " " in text:
        return Reading(None, None)
    if spaced and spaced[3]:
        # Groups are written with spaces, so that the mark that is left is the decimal one.
        value = Decimal(text.replace(",", "."))
        return Reading(value, value)
    return Reading(_plain(text, "vi"), _plain(text, "en"))


def _tidied(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_MINUS)
    text = "".join(" " if letter.isspace() else letter for letter in text if unicodedata.category(letter) != "Cf")
    text = " ".join(text.split())
    return _AROUND_MARK.sub(r"\1", text)


def _share(part: Reading, whole: Reading, *, is_rate: bool) -> Reading:
    """A fraction: its numerator, or for a rate its share in per cent (to four decimals where it does not end)."""

    def under(writing: Writing) -> Decimal | None:
        above, below = part.under(writing), whole.under(writing)
        if above is None or below is None or not is_rate:
            return above if below is not None else None
        if not below:
            return None
        share = above * 100 / below
        rounded = share.quantize(_PLACES)
        return rounded if rounded != share else share

    return Reading(under("vi"), under("en"), "share" if is_rate else "numerator")


@lru_cache(maxsize=4_096)
def read_number(text: str, *, is_rate: bool = False, unit_words: tuple[str, ...] = ()) -> Reading:
    """What a cell's text may mean: a plain number, "85%" or "12/12", possibly with its unit after it.

    A text that is no number has no values.
    """
    text = _tidied(text)
    if len(text) > _MAX_LENGTH or not any(letter.isdigit() for letter in text):
        return Reading(None, None)
    lowered = text.casefold()
    for word in unit_words:
        if word and lowered.endswith(word) and not lowered[: -len(word)][-1:].isalpha():
            text = text[: -len(word)].strip()
            break
    if text.endswith("%"):
        if not is_rate:
            return Reading(None, None)
        text = text[:-1].strip()
    text = text.removesuffix("/").strip()
    fraction = _FRACTION.match(text)
    if fraction:
        return _share(_one_number(fraction[1]), _one_number(fraction[2]), is_rate=is_rate)
    return _one_number(text)


@dataclass(frozen=True, slots=True)
class Cellful:
    """A number cell to decide: its readings, and whether the row wants a whole number or one from 0 to 100.

    `is_written` is False for a stored number, about which the way of writing says nothing.
    """

    reading: Reading
    is_count: bool = False
    is_rate: bool = False
    is_written: bool = True

    def sensible(self, value: Decimal) -> bool:
        if self.is_count:
            return value == value.to_integral_value()
        return not self.is_rate or 0 <= value <= 100

    def candidates(self) -> tuple[Decimal, ...]:
        """The readings that fit what the row asks for; all of them where none fits."""
        reading = self.reading
        if reading.vi == reading.en:
            return (reading.vi,) if reading.vi is not None else ()
        values = reading.values
        return tuple(value for value in values if self.sensible(value)) or values

    def vote(self) -> Writing | None:
        """The way of writing that this cell alone proves; None where it proves none."""
        if self.reading.vi == self.reading.en or not self.is_written:
            return None
        fitting = [writing for writing in WRITINGS if self.reading.under(writing) in self.candidates()]
        return fitting[0] if len(fitting) == 1 else None


def column_writing(cells: Sequence[Cellful]) -> Writing | None:
    """The way in which a column is written, if its cells prove one and none proves the other."""
    votes = {vote for cell in cells if (vote := cell.vote())}
    return votes.pop() if len(votes) == 1 else None


@dataclass(frozen=True, slots=True)
class Decision:
    """The number that a cell means (None: undecidable) and how that was told: docs/reading.md lists the words."""

    number: Decimal | None
    how: str


def decide(cell: Cellful, writing: Writing | None, evidence: Mapping[str, Sequence[Decimal]] | None = None) -> Decision:
    """The one number that a cell means: by what its row asks, then its column, then the evidence, in its order.

    `evidence` are numbers that stand elsewhere, by where they stand ("narrative", "note").
    """
    candidates = cell.candidates()
    if len(candidates) == 1:
        return Decision(candidates[0], _with_part(cell.reading, _how(cell, candidates[0])))
    written = cell.reading.under(writing) if writing is not None and cell.is_written else None
    if written is not None and written in candidates and not (cell.is_count and written != max(candidates)):
        # Nobody writes the decimals of a whole count: "1.000" among English decimals is rather a pasted 1000 than a 1.
        return Decision(written, _with_part(cell.reading, f"{writing} column"))
    for source, numbers in (evidence or {}).items():
        supported = [value for value in candidates if value in numbers]
        if len(supported) == 1:
            name = "vi" if cell.reading.vi == supported[0] else "en"
            return Decision(supported[0], _with_part(cell.reading, f"{name} {source}"))
    return Decision(None, "open")


def _how(cell: Cellful, number: Decimal) -> str:
    """Why only one number is left of what a cell may mean."""
    reading = cell.reading
    if reading.vi == reading.en:
        return "plain" if cell.is_written else "stored"
    name = "vi" if reading.vi == number else "en"
    if not cell.is_written:
        return "stored"
    if reading.vi is None or reading.en is None:
        return f"{name} digits"
    return f"{name} {'whole' if cell.is_count else 'range'}"


def _with_part(reading: Reading, how: str) -> str:
    return f"{how}, {reading.taken}" if reading.taken else how
