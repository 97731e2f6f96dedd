"""Labels made comparable: folded, abbreviations spelled out, misprints corrected; and how similar two labels are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from etl.parsing.matching.spelling import SpellingCorrector
from etl.text import any_word, fold, without_accents

_WORD = re.compile(r"\w+|%")
_MAX_CACHED = 10_000
_MAX_INEXACT = 0.97  # similarity of labels with the same trigrams and different keys
_MAX_IF_DIFFERENT = 0.3
_NEARLY_THE_SAME = 0.8


@dataclass(frozen=True, slots=True)
class Label:
    """A label for comparing. `key` is equal for labels that say the same. `telling_words` are those that two rows must
    share; with `has_unknown_words`, of which no form knows, one of them may be a misprinted telling word."""

    key: str
    trigrams: frozenset[str]
    telling_words: frozenset[str]
    has_unknown_words: bool


class LabelIndex:
    """Makes labels comparable, with the abbreviations and telling words of a catalogue and the labels of its forms."""

    def __init__(
        self, abbreviations: Mapping[str, str], telling_words: Iterable[Sequence[str]], form_labels: Iterable[str]
    ) -> None:
        self._expansions = {word: " ".join(_WORD.findall(expansion)) for word, expansion in abbreviations.items()}
        # The longest first, so that an expansion is shortened before the words that it consists of.
        self._longest_first = sorted(self._expansions.items(), key=lambda pair: -len(pair[1]))
        words = {fold(word) for group in telling_words for word in group}
        self._telling_words = re.compile(rf"{any_word(words)}|\d+")
        expanded = (word for label in form_labels for word in self._expand(label))
        self._spelling = SpellingCorrector(word for expansion in expanded for word in expansion.split())
        self.normalize = lru_cache(maxsize=_MAX_CACHED)(self._normalize)
        self._label = lru_cache(maxsize=_MAX_CACHED)(self._make_label)

    def key(self, text: str) -> str:
        return self.normalize(text)[0]

    def similarity(self, first_key: str, second_key: str) -> float:
        """How similar two labels are, 0 to 1; at most 0.3 if a word that tells rows apart differs.

        A telling word may be absent if an unknown word takes its place and the rest is nearly the same: a misprint.
        """
        first, second = self._label(first_key), self._label(second_key)
        similar = _trigram_similarity(first, second)
        is_misprint = (
            first.has_unknown_words and similar >= _NEARLY_THE_SAME and first.telling_words < second.telling_words
        )
        if first.telling_words == second.telling_words or is_misprint:
            return similar
        return min(similar, _MAX_IF_DIFFERENT)

    def text_similarity(self, first: str, second: str) -> float:
        """How similar two labels look, 0 to 1, whatever they mean."""
        return _trigram_similarity(self._label(self.key(first)), self._label(self.key(second)))

    def _expand(self, text: str) -> list[str]:
        return [self._expansions.get(word, word) for word in _WORD.findall(fold(text))]

    def _normalize(self, text: str) -> tuple[str, bool]:
        """The key of a label (words folded, spelled out and corrected), and whether a word was misprinted."""
        words = self._expand(text)
        corrected = [word if " " in word else self._spelling.correct(word) for word in words]
        return " ".join(corrected), corrected != words

    def _make_label(self, key: str) -> Label:
        # Long phrases that many labels share ("văn bản quy phạm pháp luật") must not make two of them similar.
        shortened = f" {key} "
        for abbreviation, expansion in self._longest_first:
            if expansion in shortened:
                shortened = shortened.replace(f" {expansion} ", f" {abbreviation} ")
        bare = without_accents(shortened)
        trigrams = frozenset(bare[index : index + 3] for index in range(len(bare) - 2))
        has_unknown_words = not self._spelling.words.issuperset(key.split())
        return Label(key, trigrams, frozenset(self._telling_words.findall(key)), has_unknown_words)


def _trigram_similarity(first: Label, second: Label) -> float:
    if first.key == second.key:
        return 1.0
    total = len(first.trigrams) + len(second.trigrams)
    return _MAX_INEXACT * 2 * len(first.trigrams & second.trigrams) / total if total else 0.0
