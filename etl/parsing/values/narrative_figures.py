"""The figures of a report's prose: the indicator and the location of each. The prose itself is not kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from etl.catalogue import NarrativePattern
from etl.decimals import normalize_decimal
from etl.observations import NarrativeFigure
from etl.parsing.formats.grid import TextLine
from etl.parsing.layout.printed_text import without_marks
from etl.parsing.values.contacts import mask_contacts
from etl.parsing.values.number_parsing import NumberReading, column_notation, read_number
from etl.text import fold

_BULLET = re.compile(r"^\s*([-+*•o])\s+")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\.)+(?:\d{1,2}\.?)?\s|^\s*[ivx]{1,4}\.\s")
_MAX_LINE = 4_000
_END_OF_ITEM = (";", ".", ",", "./.")


class NarrativeReader:
    """Looks for the patterns of a catalogue in lines of prose."""

    def __init__(self, patterns: Sequence[NarrativePattern], mask: str) -> None:
        self._patterns = patterns
        self._mask = mask
        self._headings = {pattern.within for pattern in patterns if pattern.within}

    def read(self, lines: Iterable[TextLine]) -> tuple[NarrativeFigure, ...]:
        """The counted lists, then the numbers, in their order. What may be more than one number is left out."""
        texts = [self._folded(line) for line in lines if line]
        locations = [line.location for line in lines if line]
        found: list[tuple[str, str, NumberReading, str]] = []
        lists: list[NarrativeFigure] = []
        heading = bullet = ""
        for index, (text, location) in enumerate(zip(texts, locations, strict=True)):
            heading, bullet = self._heading_of(text, heading, bullet)
            for pattern in self._patterns:
                if pattern.cue not in text or (pattern.within and pattern.within != heading):
                    continue
                if pattern.items is not None:
                    count = _count_items(pattern, texts[index:])
                    lists += [NarrativeFigure(pattern.name, Decimal(count), "", location)] if count else []
                    continue
                for match in pattern.pattern.finditer(text):
                    raw = match[match.lastgroup or "number"]
                    reading = read_number(raw, "rate" if match.lastgroup == "rate" else "count")
                    found.append((pattern.name, raw, reading, location))
        notation = column_notation(reading for _, _, reading, _ in found)
        figures = [
            NarrativeFigure(name, normalize_decimal(number), raw, location)
            for name, raw, reading, location in found
            if (number := reading.decide(notation)[0]) is not None
        ]
        return tuple(dict.fromkeys([*lists, *figures]))

    def _folded(self, line: str) -> str:
        return fold(mask_contacts(without_marks(line[:_MAX_LINE]), self._mask))

    def _heading_of(self, text: str, heading: str, bullet: str) -> tuple[str, str]:
        """The heading above a line, and the bullet of that heading."""
        match = _BULLET.match(text)
        own_bullet = match[1] if match else ""
        words, colon, _ = text[match.end() if match else 0 :].partition(":")
        if words.strip(" .;") in self._headings and (colon or not text.strip().endswith(".")):
            return words.strip(" .;"), own_bullet
        if _NUMBERED.match(text) or (own_bullet and own_bullet != bullet):
            return "", ""
        return heading, bullet


def _count_items(pattern: NarrativePattern, texts: Sequence[str]) -> int:
    """The number of lines in the list below the first line; 0 if it is not such a list or its lines may be wrapped."""
    if pattern.items is None or not pattern.pattern.search(texts[0]):
        return 0
    count = 0
    for text in texts[1:]:
        if not pattern.items.search(text):
            break
        if not text.endswith(_END_OF_ITEM):
            return 0
        count += 1
    return count
