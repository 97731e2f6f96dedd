"""A printed page as words and ruled lines: what PDFs and scans give; ruled.py and aligned.py make tables of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

# A blank as wide as this share of the letters' height, between two pieces of text, parts two columns.
_GAP_OF_PIECES, _GAP_OF_FIELDS = 0.6, 1.5
_PAGES_BEFORE = 5


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place in points from the top left of the page.

    Words of one `phrase` were printed in one go. `confidence` (0 to 1) is that of a recognised word.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    phrase: int
    confidence: float | None = None

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1.0)

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(slots=True)
class Page:
    """A page: its words in the order of the file, and its lines as (place, start, end)."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    vertical: list[tuple[float, float, float]] = field(default_factory=list)


def box_text(left: float, top: float, right: float, bottom: float) -> str:
    """A box as lineage keeps it: left, top, right and bottom in points from the top left of the page."""
    return ",".join(f"{edge:.1f}" for edge in (left, top, right, bottom))


def union(boxes: Iterable[str]) -> str:
    """The least box around boxes of one page; "" where a cell has none."""
    edges = [[float(edge) for edge in box.split(",")] for box in boxes if box]
    if not edges:
        return ""
    left, top, right, bottom = zip(*edges, strict=True)
    return box_text(min(left), min(top), max(right), max(bottom))


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """The words by line, from the top, each line from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.left)):
        last = lines[-1][-1] if lines else None
        if last is not None and abs(word.baseline - last.baseline) <= 0.35 * min(word.height, last.height) + 1:
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.left)
    return lines


def text_of(words: Iterable[Word]) -> str:
    """The words line by line, one blank between two."""
    return " ".join(word.text for line in lines_of(words) for word in line)


def confidence_of(words: Iterable[Word]) -> float | None:
    """The least confidence among recognised words; None where none is."""
    return min((word.confidence for word in words if word.confidence is not None), default=None)


def fields_of(line: Sequence[Word]) -> list[list[Word]]:
    """The parts of a line between wide blanks."""
    fields = [[line[0]]]
    for before, word in pairwise(line):
        gap = (word.left - before.right) / max(before.height, word.height)
        if gap > _GAP_OF_FIELDS or (gap > _GAP_OF_PIECES and before.phrase != word.phrase):
            fields.append([])
        fields[-1].append(word)
    return fields


def paragraphs(lines: Sequence[Sequence[Word]]) -> Iterator[tuple[float, str]]:
    """Running text: where each paragraph begins (from the top), and its words.

    A line goes on with the one before if its first word would not have fitted there. The parts of a line between wide
    blanks (the two halves of a letter's head) are paragraphs of their own.
    """
    width = max((line[-1].right - line[0].left for line in lines), default=0.0)
    right = max((line[-1].right for line in lines), default=0.0)
    top, said, last = 0.0, "", None
    for line in lines:
        fields = fields_of(line)
        first = line[0]
        if last is not None and len(fields) == 1:
            room = first.width + 0.3 * first.height
            is_full = last[-1].right + room > right or last[-1].right - last[0].left + room > width
            if is_full and first.baseline - last[0].baseline < 2 * first.height:
                said += " " + " ".join(word.text for word in line)
                last = line
                continue
        if said:
            yield top, said
        for part in fields[:-1]:
            yield first.top, " ".join(word.text for word in part)
        top, said = first.top, " ".join(word.text for word in fields[-1])
        last = line if len(fields) == 1 else None
    if said:
        yield top, said


def without_page_number(lines: list[list[Word]], number: int) -> list[list[Word]]:
    """The lines of a page without its number, which stands alone at the top or the bottom, apart from the text.

    Unruled tables have nothing else that tells it from a figure. The count may have begun up to a few pages earlier.
    """
    for index in (0, -1):
        if len(lines) > 2 and len(lines[index]) == 1:
            word, beside = lines[index][0], lines[1 if index == 0 else -2][0]
            digits = word.text.strip("-–() .")
            is_apart = abs(beside.baseline - word.baseline) > 1.5 * word.height
            if digits.isdecimal() and len(digits) < 4 and abs(int(digits) - number) <= _PAGES_BEFORE and is_apart:
                lines = lines[1:] if index == 0 else lines[:-1]
    return lines
