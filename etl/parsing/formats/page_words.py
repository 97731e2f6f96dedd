"""The words and ruled lines of a printed page, from PDFs and OCR. ruled_tables.py and unruled_tables.py find tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

# A gap of this share of the letter height separates two spans; the smaller one if the words were printed separately.
_GAP_OF_SPANS, _GAP_OF_PHRASES = 1.5, 0.6
_UNNUMBERED_PAGES = 5
# A page with fewer visible letters and more of its area covered by pictures is a scan.
_FEW_LETTERS = 20
_PICTURE_SHARE = 0.4
UNKNOWN_LETTER = "\ufffd"


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word and its box in points from the top left of the page.

    Words of one `phrase` were printed by one operation. Words from OCR have a `confidence` (0 to 1).
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


class RuledLine(NamedTuple):
    """A straight line: y, left and right of a horizontal one; x, top and bottom of a vertical one."""

    position: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """A page: its words in the order of the file, its ruled lines, and what shows that it is a scan.

    `unreadable_letters` are invisible or have no Unicode value; `picture_share` is the area covered by pictures.
    """

    number: int
    width: float
    height: float
    words: list[PageWord] = field(default_factory=list)
    horizontal: list[RuledLine] = field(default_factory=list)
    vertical: list[RuledLine] = field(default_factory=list)
    unreadable_letters: int = 0
    picture_share: float = 0.0

    @property
    def is_scan(self) -> bool:
        letters = sum(len(word.text.replace(UNKNOWN_LETTER, "")) for word in self.words)
        if letters >= _FEW_LETTERS and self.unreadable_letters < letters:
            return False
        return self.picture_share >= _PICTURE_SHARE or self.unreadable_letters > 0


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A part of a line between wide gaps: its text, where it starts and ends, and its words if it is on a page."""

    text: str
    left: float
    right: float
    words: Sequence[PageWord] = ()

    @classmethod
    def of_words(cls, words: Sequence[PageWord]) -> TextSpan:
        return cls(" ".join(word.text for word in words), words[0].left, words[-1].right, words)


def format_box(left: float, top: float, right: float, bottom: float) -> str:
    """A box as it is stored: edges in points from the top left of the page."""
    return ",".join(f"{edge:.1f}" for edge in (left, top, right, bottom))


def union(boxes: Iterable[str]) -> str:
    """The smallest box around some boxes of one page; "" if none of them is known."""
    edges = [[float(edge) for edge in box.split(",")] for box in boxes if box]
    if not edges:
        return ""
    left, top, right, bottom = zip(*edges, strict=True)
    return format_box(min(left), min(top), max(right), max(bottom))


def group_lines(words: Iterable[PageWord]) -> list[list[PageWord]]:
    """The words by line, from top to bottom and from left to right."""
    lines: list[list[PageWord]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.left)):
        last = lines[-1][-1] if lines else None
        if last is not None and abs(word.baseline - last.baseline) <= 0.35 * min(word.height, last.height) + 1:
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.left)
    return lines


def join_words(words: Iterable[PageWord]) -> str:
    """The text of the words, line by line, separated by spaces."""
    return " ".join(word.text for line in group_lines(words) for word in line)


def lowest_confidence(words: Iterable[PageWord]) -> float | None:
    return min((word.confidence for word in words if word.confidence is not None), default=None)


def split_spans(line: Sequence[PageWord]) -> list[TextSpan]:
    """The parts of a line between wide gaps."""
    parts = [[line[0]]]
    for previous, word in pairwise(line):
        gap = (word.left - previous.right) / max(previous.height, word.height)
        if gap > _GAP_OF_SPANS or (gap > _GAP_OF_PHRASES and previous.phrase != word.phrase):
            parts.append([])
        parts[-1].append(word)
    return [TextSpan.of_words(part) for part in parts]


def read_paragraphs(lines: Sequence[Sequence[PageWord]]) -> Iterator[tuple[float, str]]:
    """Top and text of each paragraph of running text.

    A line continues a paragraph if its first word would not have fitted on the line before. A line with wide gaps (the
    two halves of a letterhead) ends a paragraph, and its last span starts one.
    """
    width = max((line[-1].right - line[0].left for line in lines), default=0.0)
    right = max((line[-1].right for line in lines), default=0.0)
    top, text, last = 0.0, "", None
    for line in lines:
        spans, first = split_spans(line), line[0]
        if last is not None and len(spans) == 1:
            needed = first.width + 0.3 * first.height
            is_full = last[-1].right + needed > right or last[-1].right - last[0].left + needed > width
            if is_full and first.baseline - last[0].baseline < 2 * first.height:
                text += " " + spans[0].text
                last = line
                continue
        if text:
            yield top, text
        for span in spans[:-1]:
            yield first.top, span.text
        top, text = first.top, spans[-1].text
        last = line if len(spans) == 1 else None
    if text:
        yield top, text


def drop_page_number(lines: list[list[PageWord]], number: int) -> list[list[PageWord]]:
    """The lines of a page without its number: a word alone on the first or last line, apart from the text.

    In an unruled table nothing else distinguishes it from a figure. Numbering may start a few pages into the file.
    """
    for index in (0, -1):
        if len(lines) > 2 and len(lines[index]) == 1:
            word, neighbour = lines[index][0], lines[1 if index == 0 else -2][0]
            digits = word.text.strip("-–() .")
            is_apart = abs(neighbour.baseline - word.baseline) > 1.5 * word.height
            if digits.isdecimal() and len(digits) < 4 and abs(int(digits) - number) <= _UNNUMBERED_PAGES and is_apart:
                lines = lines[1:] if index == 0 else lines[:-1]
    return lines
