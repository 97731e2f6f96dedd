"""Methods that say how they differ from another: `based_on` and `equal_weights`, spelled out before they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etl.catalogue.document import Document

_BELOW = ("areas", "criteria")


def spelled_out(name: str, documents: Mapping[str, Any], above: tuple[str, ...] = ()) -> Document:
    """The method `name` with all that it takes over from the one it is based on; its own keys win.

    Raises CatalogueError with file and line for a base that is unknown, and for methods based on each other.
    """
    document: Document = documents[name]
    if "based_on" not in document:
        return document
    base = document["based_on"]
    if base not in documents:
        raise document.error(f"the method {base!r} is unknown", f"Known are {', '.join(documents)}", key="based_on")
    if base in (*above, name):
        raise document.error(f"{' and '.join((*above, name))} are based on each other", key="based_on")
    whole = _copy(document)
    del whole["based_on"]
    for key, value in spelled_out(base, documents, (*above, name)).items():
        whole.setdefault(key, value)
    return whole


def equalised(document: Document) -> Document:
    """With `equal_weights: true` the same method with each node weighing as much as those beside it.

    Bonus and penalty points stay: they are outside what weights share out.
    """
    given = document.get("equal_weights", False)
    if not isinstance(given, bool):
        raise document.error("equal_weights is neither true nor false", key="equal_weights")
    if not given:
        return document
    whole = _equal(document)
    whole["weights"] = "parts"
    return whole


def _equal(document: Document) -> Document:
    whole = _copy(document)
    for key in _BELOW:
        below = document.get(key)
        if isinstance(below, list):
            whole[key] = [_weighing_one(each) if isinstance(each, Document) else each for each in below]
    return whole


def _weighing_one(document: Document) -> Document:
    whole = _equal(document)
    for key in ("max_points", "weights"):
        whole.pop(key, None)
    whole["weight"] = 1
    return whole


def _copy(document: Document) -> Document:
    whole = Document(document.file_name, document.line)
    whole.update(document)
    whole.lines.update(document.lines)
    return whole
