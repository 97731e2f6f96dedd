"""Labels made comparable: marks stripped, folded, abbreviations spelled out; how alike two labels are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from etl.parsing.matching.spelling import Spelling
from etl.text import fold, without_accents

_TAG = re.compile(r"</?(?:i|b|u|em|strong|br|sub|sup|span|p|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BOLD = re.compile(r"\*\*|__")
_SPACES = re.compile(r"\s+")
_NUMBERING = re.compile(
    r"^\s*((?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s*[.)]|(?:\d{1,2}\.\d{1,2}(?:\.\d{1,2})*))\s+", re.UNICODE
)
_MAX_KNOWN = 10_000
_NEARLY_THE_SAME = 0.8
_WORD = re.compile(r"\w+|%")


def without_marks(text: str) -> str:
    """Text without the Markdown and HTML marks that a converter leaves in it."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "*" in text or "_" in text:
        text = _BOLD.sub("", text)
    return html.unescape(text).strip() if "&" in text else text.strip()


@lru_cache(maxsize=8_192)
def printed(text: str) -> str:
    """A label as a reader of the page sees it: no marks, one space."""
    return _SPACES.sub(" ", without_marks(text))


@lru_cache(maxsize=8_192)
def split_numbering(label: str) -> tuple[str, str]:
    """The number that opens a label ("1. Kế hoạch" → "1", "Kế hoạch"), and the rest; "" where there is none."""
    match = _NUMBERING.match(label)
    return (match[1].rstrip(".) "), label[match.end() :]) if match else ("", label)


@dataclass(frozen=True, slots=True)
class Label:
    """A label for comparing. `key` is equal for labels that say the same; `telling` are words that rows must share.

    `is_strange` says that it has words that stand on no form: one of them may be a telling word misprinted.
    """

    key: str
    grams: frozenset[str]
    telling: frozenset[str]
    is_strange: bool


class Labels:
    """Makes labels comparable, with the abbreviations and telling words of the catalogue."""

    def __init__(self, abbreviations: Mapping[str, str], telling_words: Sequence[Sequence[str]]) -> None:
        self._expansions = {word: " ".join(_WORD.findall(expansion)) for word, expansion in abbreviations.items()}
        words = sorted({fold(word) for group in telling_words for word in group}, key=len, reverse=True)
        pattern = "|".join(map(re.escape, words))
        self._telling = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)|\d+" if words else r"\d+")
        # In the order of their length, so that a longer one is shortened before the words that it is made of.
        self._short = sorted(((long, word) for word, long in self._expansions.items()), key=lambda pair: -len(pair[0]))
        self._known: dict[str, Label] = {}
        self._keys: dict[str, tuple[str, bool]] = {}
        self._spelling = Spelling()

    def learn(self, keys: Iterable[str]) -> None:
        """Takes the words of the forms' keys for the right spelling of what is printed."""
        self._spelling = Spelling(word for key in keys for word in key.split())
        self._keys.clear()

    def key(self, text: str) -> str:
        """Folded words with abbreviations spelled out and misprints mended, without punctuation."""
        known = self._keys.get(text)
        return known[0] if known is not None else self._read(text)[0]

    def is_misprinted(self, text: str) -> bool:
        """Whether a word had to be mended."""
        return self._read(text)[1]

    def _read(self, text: str) -> tuple[str, bool]:
        known = self._keys.get(text)
        if known is None:
            expansions = self._expansions
            words = [expansions.get(word, word) for word in _WORD.findall(fold(text))]
            mended = [word if " " in word else self._spelling.mended(word) for word in words]
            known = " ".join(mended), mended != words
            if len(self._keys) < _MAX_KNOWN:
                self._keys[text] = known
        return known

    def label(self, key: str) -> Label:
        """The comparable form of a key."""
        known = self._known.get(key)
        if known is None:
            # What every other label says ("văn bản quy phạm pháp luật") must not make two of them alike.
            short = f" {key} "
            for long, word in self._short:
                if long in short:
                    short = short.replace(f" {long} ", f" {word} ")
            bare = without_accents(short)
            grams = frozenset(bare[index : index + 3] for index in range(len(bare) - 2))
            is_strange = not all(map(self._spelling.knows, key.split()))
            known = Label(key, grams, frozenset(self._telling.findall(key)), is_strange)
            if len(self._known) < _MAX_KNOWN:
                self._known[key] = known
        return known


def likeness(one: Label, other: Label) -> float:
    """How alike two labels look, 0 to 1, whatever they tell."""
    if one.key == other.key:
        return 1.0
    total = len(one.grams) + len(other.grams)
    return 0.97 * 2 * len(one.grams & other.grams) / total if total else 0.0


def similarity(one: Label, other: Label) -> float:
    """How alike a printed label is to a form's, 0 to 1; at most 0.3 where a word that tells rows apart differs.

    A telling word may lack where a strange one stands, if the rest is nearly the same: then it is misprinted.
    """
    alike = likeness(one, other)
    if one.telling == other.telling or (one.is_strange and alike >= _NEARLY_THE_SAME and one.telling < other.telling):
        return alike
    return min(alike, 0.3)
