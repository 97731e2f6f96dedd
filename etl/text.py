"""Vietnamese text as people type it, folded so that equal words compare equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Letters that look like Vietnamese ones: typed on other keyboards or pasted from old fonts.
_HOMOGLYPHS = str.maketrans({"ǎ": "ă", "Ǎ": "Ă", "ð": "đ", "Ð": "Đ", "Đ": "Đ", "’": "'", "“": '"', "”": '"'})
_DASHES = re.compile("[‐‑‒–—―−]")
_SPACES = re.compile(r"\s+")
# The tone mark of oa, oe and uy is on either vowel, by new or old spelling: Hoà/Hòa, Thuỷ/Thủy.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_ON_SECOND = re.compile(rf"(?<!q)([ou])([aey])([{_TONES}])(?![a-zđ\u0302\u0306\u031b])", re.IGNORECASE)


def _move_tone(match: re.Match[str]) -> str:
    first, second, tone = match.groups()
    pair = (first + second).lower()
    return first + tone + second if pair in ("oa", "oe", "uy") else match.group(0)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Text for comparing: composed, lower case, single spaces, plain dashes, old tone placement, homoglyphs replaced.

    Accents are kept, since they distinguish words: fold("Uỷ  ban") == fold("ỦY BAN") != fold("Uy ban").
    """
    text = unicodedata.normalize("NFC", text).translate(_HOMOGLYPHS)
    text = _SPACES.sub(" ", _DASHES.sub("-", text)).strip().casefold()
    text = _TONE_ON_SECOND.sub(_move_tone, unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", text)


def without_accents(text: str) -> str:
    """ASCII letters for file names, sort keys and loose search: "Vĩnh Châu" → "Vinh Chau"."""
    decomposed = unicodedata.normalize("NFD", text.translate(_HOMOGLYPHS).replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def any_word(words: Iterable[str]) -> str:
    """A regular expression for any of the words, whole and the longest first; without words it matches nothing."""
    longest_first = sorted(words, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)"
