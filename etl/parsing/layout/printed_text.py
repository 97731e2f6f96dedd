"""Text as a reader of the page sees it: without the marks that a converter leaves, numbering split off."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_TAG = re.compile(r"</?(?:i|b|u|em|strong|br|sub|sup|span|p|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BOLD = re.compile(r"\*\*|__")
_SPACES = re.compile(r"\s+")
_NUMBERING = re.compile(r"^\s*((?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s*[.)]|(?:\d{1,2}\.\d{1,2}(?:\.\d{1,2})*))\s+")
_ORDINAL = re.compile(r"^[\s(]*([IVX]{1,5}|\d{1,3}(?:\.\d{1,3})*|[a-zđ])[\s.)]*$", re.IGNORECASE)


def without_marks(text: str) -> str:
    """Text without Markdown and HTML marks."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "*" in text or "_" in text:
        text = _BOLD.sub("", text)
    return html.unescape(text).strip() if "&" in text else text.strip()


@lru_cache(maxsize=8_192)
def clean_label(text: str) -> str:
    """Text without marks, its spaces collapsed."""
    return _SPACES.sub(" ", without_marks(text))


@lru_cache(maxsize=8_192)
def split_numbering(label: str) -> tuple[str, str]:
    """The number that opens a label ("1. Kế hoạch" → "1", "Kế hoạch") and the rest; "" if there is none."""
    match = _NUMBERING.match(label)
    return (match[1].rstrip(".) "), label[match.end() :]) if match else ("", label)


def ordinal(text: str) -> str:
    """The number, numeral or letter that the ordinal column holds; "" for other text."""
    match = _ORDINAL.match(without_marks(text)) if text else None
    return match[1] if match else ""
