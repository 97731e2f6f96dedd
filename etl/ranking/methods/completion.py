"""Fills in what a method file leaves out: what it takes over from its base, equal weights, default names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etl.catalogue.document import Document

_NODE_KEYS = ("area", "group", "criterion")


def resolve_base(code: str, documents: Mapping[str, Document], derived: tuple[str, ...] = ()) -> Document:
    """Return the document of a method with all keys that it takes over from the one it is `based_on`.

    `derived` are the methods on the way to this one. Raises CatalogueError with file and line if a base is unknown or
    if methods are based on each other.
    """
    document = documents[code]
    if "based_on" not in document:
        return document
    base = document["based_on"]
    if base not in documents:
        raise document.error(f"the method {base!r} is unknown", f"Known are {', '.join(documents)}", key="based_on")
    if base in (*derived, code):
        raise document.error(f"{' and '.join((*derived, code))} are based on each other", key="based_on")
    resolved = document.copy()
    del resolved["based_on"]
    for key, value in resolve_base(base, documents, (*derived, code)).items():
        resolved.setdefault(key, value)
    return resolved


def complete_method(document: Mapping[str, Any], areas: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return a method with the names and weighting schemes that its file leaves out.

    `areas` are the Vietnamese and the English name of each area. With `equal_weights: true` all nodes below the top
    weigh the same as those beside them; bonus and penalty points, which share nothing out, stay.
    """
    is_equal = document.get("equal_weights") is True
    weights = "parts" if is_equal else document.get("weights", "share")
    completed = {**_named(document, "method_code", {}), "weights": weights}
    weights = weights if weights == "parts" else "share"  # an unknown scheme is reported once, not for every node
    for key in ("areas", "bonus", "penalties"):
        if isinstance(document.get(key), list):
            is_shared = is_equal and key == "areas"
            completed[key] = [_complete_node(node, weights, is_shared, areas) for node in document[key]]
    return completed


def _complete_node(node: Any, weights: str, is_equal: bool, areas: Mapping[str, tuple[str, str]]) -> Any:
    if not isinstance(node, Mapping):
        return node
    completed = _named(node, next((key for key in _NODE_KEYS if key in node), ""), areas)
    if is_equal:
        completed.pop("max_points", None)
        completed["weight"] = 1
    if isinstance(node.get("criteria"), list):
        weights = weights if is_equal else node.get("weights", weights)
        completed["weights"] = weights
        completed["criteria"] = [_complete_node(child, weights, is_equal, areas) for child in node["criteria"]]
    return completed


def _named(node: Mapping[str, Any], key: str, areas: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The node with its code as its name, or the area's names, unless it has names of its own."""
    code = node.get(key)
    if not isinstance(code, str):
        return dict(node)
    name_vi, name_en = areas.get(code, (code, code)) if key == "area" else (code, code)
    return {"name_vi": name_vi, "name_en": name_en, **node}
