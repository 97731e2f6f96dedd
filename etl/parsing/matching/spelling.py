"""Misprinted words, mended where the forms leave no doubt which word is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

_SHORTEST, _LONGEST = 2, 24


def _one_letter_less(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter was lost, doubled or mistaken, or two neighbours swapped, between two words."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    if rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]:
        return True
    return rest[2:] == others[2:] and rest[:2] == others[1::-1]


class Spelling:
    """The words of the forms. A word that stands on none and is one slip away from one word alone is that word."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._near: dict[str, set[str]] = defaultdict(set)
        for word in self._words:
            for piece in (word, *_one_letter_less(word)):
                self._near[piece].add(word)
        self._mended: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        return word in self._words

    def mended(self, word: str) -> str:
        """The word that is meant; the word itself where it is known, has digits, or several could be meant."""
        if word in self._words or not self._words or not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
            return word
        known = self._mended.get(word)
        if known is None:
            pieces = (word, *_one_letter_less(word))
            near = {one for piece in pieces for one in self._near.get(piece, ()) if is_one_slip(word, one)}
            known = near.pop() if len(near) == 1 else word
            if len(self._mended) < 10_000:
                self._mended[word] = known
        return known
