"""What the prose of a report says in numbers, and how to find it (data/narrative.csv).

A pattern is a regular expression over folded text (etl.text.fold) with these words in braces:

{number}     a count, which the figure is: not a piece of a date, of a document's number or of a fraction
{numerator}  the same before a slash
{rate}       a per cent, which the figure is
{any}        any count, which the figure is not
{procedure}  "TTHC" spelled out or not; {committee} "UBND" likewise

`within` names the heading under which alone the pattern is looked for ("+ Cấp huyện:"). With `items` the figure is how
many lines that match it stand as a list under a line that matches `pattern`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from etl.text import fold

COLUMNS = ("indicator_code", "figure", "within", "pattern", "items", "example", "value")
_COUNT = r"\d{1,3}(?:[.,]\d{3})+|\d+"
_START = r"(?<![\d.,/-])"
_MACROS = {
    "{number}": rf"{_START}(?P<number>{_COUNT})(?![\d/-]|[.,]\d)",
    "{numerator}": rf"{_START}(?P<number>{_COUNT})(?=\s?/)",
    "{rate}": rf"{_START}(?P<rate>\d{{1,3}}(?:[.,]\d+)?)\s?%",
    "{any}": rf"(?<![\d.,-])(?:{_COUNT})(?!\d|[.,]\d)",
    "{procedure}": r"(?:tthc|thủ tục(?: hành chính)?)",
    "{committee}": r"(?:ubnd|ủy ban nhân dân)",
}
_META = re.compile(r"[\\.^$*+?{}\[\]|()]")


@dataclass(frozen=True, slots=True)
class NarrativePattern:
    """One way to say a figure. `name` is the indicator's code, with `.figure` where it is a part of it.

    `cue` are words without which the pattern never matches: a quick look before the real one.
    """

    name: str
    within: str
    pattern: re.Pattern[str]
    items: re.Pattern[str] | None
    cue: str


class _Row(Protocol):
    def error(self, what: str, hint: str = "") -> Exception: ...
    def text(self, column: str) -> str: ...


def _without_groups(pattern: str) -> str:
    """A pattern with a mark in place of everything in brackets, which may be optional."""
    depth, kept = 0, []
    for letter in pattern:
        depth += letter in "(["
        kept.append("|" if depth or letter in ")]" else letter)
        depth -= letter in ")]"
    return "".join(kept)


def _cue(pattern: str) -> str:
    plain = re.sub(r"\{\w+\}", "|", pattern)
    plain = re.sub(r".[?*]|.\{[\d,]+\}\??", "|", _without_groups(plain))
    return max(_META.split(plain), key=len).strip()


def _compiled(row: _Row, text: str) -> re.Pattern[str]:
    if fold(text) != text:
        raise row.error("the pattern is not folded", f"Write it as {fold(text)!r}")
    for macro, meaning in _MACROS.items():
        text = text.replace(macro, meaning)
    try:
        return re.compile(text)
    except re.error as error:
        raise row.error(f"the pattern cannot be read: {error}") from None


def make_patterns(rows: Iterable[_Row], known: Iterable[str]) -> tuple[NarrativePattern, ...]:
    """The patterns of the file's rows. Raises CatalogueError (file and line) where one cannot be used."""
    codes, result = set(known), []
    for row in rows:
        code, figure, items = row.text("indicator_code"), row.text("figure"), row.text("items")
        if code not in codes:
            raise row.error(f"indicator_code {code!r} is unknown")
        pattern = _compiled(row, row.text("pattern"))
        if not items and not {"number", "rate"} & set(pattern.groupindex):
            raise row.error("the pattern has neither {number}, {numerator} nor {rate}")
        name = f"{code}.{figure}" if figure else code
        compiled = _compiled(row, items) if items else None
        result.append(NarrativePattern(name, row.text("within"), pattern, compiled, _cue(row.text("pattern"))))
    return tuple(result)
