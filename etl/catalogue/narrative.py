"""Figures in the prose of a report, and how to find them (data/narrative.csv).

A pattern is a regular expression over folded text (etl.text.fold) with these words in braces:

{number}     a count: not a piece of a date, of a document number or of a fraction
{numerator}  a count before a slash
{rate}       a per cent
{any}        any count, which is not the figure
{procedure}  "TTHC" spelled out or not; {committee} "UBND" likewise

`within` names the heading under which alone the pattern is searched ("+ Cấp huyện:"). With `items` the figure is the
number of lines that match it in a list under a line that matches `pattern`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from etl.catalogue.rows import is_code_of, read_rows
from etl.errors import CatalogueError
from etl.text import fold

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
    """One way to say a figure. `name` is the code of its indicator, with `.figure` if it is a part of it.

    `cue` are words without which the pattern never matches: a cheap test before the expression.
    """

    name: str
    within: str
    pattern: re.Pattern[str]
    items: re.Pattern[str] | None
    cue: str


def _compile(text: str) -> re.Pattern[str]:
    for macro, expression in _MACROS.items():
        text = text.replace(macro, expression)
    return re.compile(text)


def _check_expression(text: str) -> str:
    if fold(text) != text:
        raise PydanticCustomError("not_folded", "not folded, write it as {folded}", {"folded": fold(text)})
    try:
        _compile(text)
    except re.error as error:
        raise PydanticCustomError("expression", "not a valid expression, {reason}", {"reason": str(error)}) from None
    return text


Expression = Annotated[str, AfterValidator(_check_expression)]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table. `value` is the figure in the text of `example`: a test reads it."""

    indicator_code: Annotated[str, is_code_of("indicators")]
    figure: str
    within: str
    pattern: Expression
    items: Expression
    example: str
    value: str


def read_patterns(folders: list[Path], indicators: Collection[str]) -> tuple[NarrativePattern, ...]:
    """Return the patterns of all folders: a province adds its own to the shipped ones.

    Raises CatalogueError with file and line where one cannot be used.
    """
    paths = (path for folder in folders if (path := folder / "narrative.csv").exists())
    return tuple(
        _make_pattern(row, f"{path.name}:{line}")
        for path in paths
        for line, row in read_rows(path, _Row, {"indicators": indicators})
    )


def _make_pattern(row: _Row, place: str) -> NarrativePattern:
    pattern = _compile(row.pattern)
    if not row.items and not {"number", "rate"} & set(pattern.groupindex):
        raise CatalogueError(place, "the pattern has neither {number}, {numerator} nor {rate}")
    name = f"{row.indicator_code}.{row.figure}" if row.figure else row.indicator_code
    return NarrativePattern(name, row.within, pattern, _compile(row.items) if row.items else None, _cue(row.pattern))


def _cue(pattern: str) -> str:
    """Return the longest text that every match contains."""
    plain = re.sub(r"\{\w+\}", "|", pattern)
    plain = re.sub(r".[?*]|.\{[\d,]+\}\??", "|", _without_groups(plain))
    return max(_META.split(plain), key=len).strip()


def _without_groups(pattern: str) -> str:
    """Return a pattern with a mark in place of everything in brackets, which may be optional."""
    depth, kept = 0, []
    for letter in pattern:
        depth += letter in "(["
        kept.append("|" if depth or letter in ")]" else letter)
        depth -= letter in ")]"
    return "".join(kept)
