"""The figures of a report's prose: what each counts, and where it stands. The prose itself is not kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from etl.catalogue import NarrativePattern
from etl.decimals import normalize_decimal
from etl.observations import NarrativeFigure
from etl.parsing.formats.grid import Line
from etl.parsing.matching.labels import without_marks
from etl.parsing.values.contacts import masked
from etl.parsing.values.number_parsing import Cellful, column_writing, decide, read_number
from etl.text import fold

_BULLET = re.compile(r"^\s*([-+*•o])\s+")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\.)+(?:\d{1,2}\.?)?\s|^\s*[ivx]{1,4}\.\s")
_MAX_LINE = 4_000
_ENDS_ITEM = (";", ".", ",", "./.")


class NarrativeReader:
    """Looks for the patterns of a catalogue in lines of prose."""

    def __init__(self, patterns: Sequence[NarrativePattern], mask: str) -> None:
        self._patterns = patterns
        self._mask = mask
        self._headings = {pattern.within for pattern in patterns if pattern.within}

    def read(self, lines: Iterable[Line]) -> tuple[NarrativeFigure, ...]:
        """The figures in their order; what cannot be read as one number is left out, never guessed."""
        texts = [(fold(masked(without_marks(line[:_MAX_LINE]), self._mask)), line.location) for line in lines if line]
        found: list[tuple[str, str, Cellful, str]] = []
        lists: list[NarrativeFigure] = []
        heading = bullet = ""
        for index, (text, location) in enumerate(texts):
            heading, bullet = self._heading(text, heading, bullet)
            for pattern in self._patterns:
                if pattern.cue not in text or (pattern.within and pattern.within != heading):
                    continue
                if pattern.items is not None:
                    lists += _listed(pattern, texts[index:])
                    continue
                for match in pattern.pattern.finditer(text):
                    is_rate = match.lastgroup == "rate"
                    raw = match[match.lastgroup or "number"]
                    cell = Cellful(read_number(raw, is_rate=is_rate), is_count=not is_rate, is_rate=is_rate)
                    found.append((pattern.name, raw, cell, location))
        writing = column_writing([cell for _, _, cell, _ in found])
        figures = [
            NarrativeFigure(name, normalize_decimal(decision.number), raw, location)
            for name, raw, cell, location in found
            if (decision := decide(cell, writing)).number is not None
        ]
        return tuple(dict.fromkeys([*lists, *figures]))

    def _heading(self, text: str, heading: str, bullet: str) -> tuple[str, str]:
        """The heading under which a line stands, and the bullet that the heading had."""
        match = _BULLET.match(text)
        own_bullet = match[1] if match else ""
        words, colon, _ = text[match.end() if match else 0 :].partition(":")
        if words.strip(" .;") in self._headings and (colon or not text.strip().endswith(".")):
            return words.strip(" .;"), own_bullet
        if _NUMBERED.match(text) or (own_bullet and own_bullet != bullet):
            return "", ""
        return heading, bullet


def _listed(pattern: NarrativePattern, texts: Sequence[tuple[str, str]]) -> list[NarrativeFigure]:
    """How many lines stand as a list under the first; none where the list may go on in lines that wrapped."""
    opening, location = texts[0]
    if pattern.items is None or not pattern.pattern.search(opening):
        return []
    items = []
    for text, _ in texts[1:]:
        if not pattern.items.search(text):
            break
        items.append(text)
    whole = items and all(item.endswith(_ENDS_ITEM) for item in items)
    return [NarrativeFigure(pattern.name, Decimal(len(items)), "", location)] if whole else []
