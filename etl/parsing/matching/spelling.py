"""Misprinted words, corrected if the forms leave no doubt about which word is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

_MIN_LENGTH, _MAX_LENGTH = 2, 24


class SpellingCorrector:
    """The words of the forms. An unknown word that is one slip away from exactly one of them is that word."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._neighbours: dict[str, set[str]] = defaultdict(set)
        for word in self.words:
            for piece in (word, *_one_letter_less(word)):
                self._neighbours[piece].add(word)
        self.correct = lru_cache(maxsize=10_000)(self._correct)

    def _correct(self, word: str) -> str:
        """The word that is meant; the word itself if it is known, has digits, or if several could be meant."""
        if word in self.words or not (_MIN_LENGTH <= len(word) <= _MAX_LENGTH and word.isalpha()):
            return word
        pieces = (word, *_one_letter_less(word))
        candidates = {known for piece in pieces for known in self._neighbours.get(piece, ())}
        near = [known for known in candidates if is_one_slip(word, known)]
        return near[0] if len(near) == 1 else word


def _one_letter_less(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def is_one_slip(first: str, second: str) -> bool:
    """Whether two words differ by one letter lost, doubled or mistaken, or by two neighbouring letters swapped."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    rest, other = first[start:], second[start:]
    if rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]:
        return True
    return rest[2:] == other[2:] and rest[:2] == other[1::-1]
