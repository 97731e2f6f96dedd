"""Phone numbers and e-mail addresses: found so that none of them leaves the reader."""

from __future__ import annotations

import re

_SHORTEST_PHONE = 8  # letters; a phone number has more
_DIGIT = re.compile(r"\d")
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)*")
# Vietnamese numbers: 0 or +84 and eight to ten more digits, grouped in any way.
_PHONE = re.compile(r"(?<![\d/])\(?(?:\+?\s?84|0)(?:[\s.()\-–]{0,2}\d){8,10}(?!\d)")


def has_contact(text: str) -> bool:
    """Whether a text holds what looks like a phone number or an e-mail address."""
    return ("@" in text and _EMAIL.search(text) is not None) or (
        len(text) > _SHORTEST_PHONE and _DIGIT.search(text) is not None and _PHONE.search(text) is not None
    )


def mask_contacts(text: str, mask: str) -> str:
    """The text with `mask` in place of each phone number and e-mail address."""
    if len(text) <= _SHORTEST_PHONE and "@" not in text:  # most units and values
        return text
    return _PHONE.sub(mask, _EMAIL.sub(mask, text)) if has_contact(text) else text
