"""Reads scoring methods (etl/catalogue/data/methods/*.yml, docs/methods.md) into their types and checks them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args

from etl.catalogue import Catalogue
from etl.catalogue.document import Document
from etl.ranking.methods.derived import equalised, spelled_out
from etl.ranking.methods.fields import between, day, decimal, mapping, mappings, one_of, text, words
from etl.ranking.methods.model import Aggregation, Method, Node, Weights
from etl.ranking.methods.statuses import DEFAULTS, statuses
from etl.ranking.methods.tree import parse_outside, parse_tree
from etl.ranking.methods.vocabulary import Vocabulary, of_catalogue

_REQUIRED = ("method_code", "areas")
_OPTIONAL = (
    *("name_vi", "name_en", "note_vi", "note_en", "valid_from", "valid_to", "is_default", "statuses", "bands"),
    *("aggregation", "weights", "bonus", "penalties", "rounding", "minimum_coverage", "tie_breaks", "stages"),
    "equal_weights",
)
_ROUNDED = ("criteria", "groups", "score")
_SINCE_EVER = date(1900, 1, 1)


def parse_methods(catalogue: Catalogue) -> dict[str, Method]:
    """All methods of the catalogue by code. Raises CatalogueError with file and line where one cannot be used."""
    vocabulary = of_catalogue(catalogue)
    methods: dict[str, Method] = {}
    for name in catalogue.methods:
        if not isinstance(catalogue.methods[name], Document):
            raise TypeError(f"the method {name} was not read as a catalogue document")
        document = spelled_out(name, catalogue.methods)
        method = parse_method(document, vocabulary)
        if method.method_code != name:
            raise document.error(f"method_code {method.method_code!r} is not the file's name", key="method_code")
        if "valid_from" not in document:
            raise document.error("the key 'valid_from' is missing")
        methods[name] = method
    return methods


def parse_method(document: Document, vocabulary: Vocabulary) -> Method:
    """The method that one file describes. Raises CatalogueError with file and line."""
    if "based_on" in document:
        raise document.error("based_on names a method of the catalogue", "Give the whole method here", key="based_on")
    document.check_keys(_REQUIRED, _OPTIONAL)
    document = equalised(document)
    if not isinstance(document.get("is_default", False), bool):
        raise document.error("is_default is neither true nor false", key="is_default")
    valid_from, valid_to = day(document, "valid_from"), day(document, "valid_to")
    if ("valid_from" in document and valid_from is None) or (valid_from and valid_to and valid_to < valid_from):
        raise document.error("valid_from is empty or after valid_to", key="valid_from")
    stages = words(document, "stages") or ["final"]
    scheme: Weights = one_of(document, "weights", get_args(Weights), "share")
    areas = parse_tree(document, vocabulary, stages, scheme)
    outside = (
        parse_outside(document, "bonus", "bonus", vocabulary, stages),
        parse_outside(document, "penalties", "penalty", vocabulary, stages),
    )
    known = _once(document, [node for top in (*areas, *outside[0], *outside[1]) for node in top.nodes()])
    head = _head(document, scheme, stages) | {"tie_breaks": _tie_breaks(document, known)}
    is_default = document.get("is_default", False)
    return Method(head["method_code"], valid_from or _SINCE_EVER, valid_to, is_default, head, areas, *outside)


def _head(document: Document, scheme: str, stages: list[str]) -> dict[str, Any]:
    code = text(document, "method_code")
    return {
        "method_code": code,
        "name_vi": text(document, "name_vi", code),
        "name_en": text(document, "name_en", code),
        "note_vi": text(document, "note_vi", ""),
        "note_en": text(document, "note_en", ""),
        "aggregation": one_of(document, "aggregation", get_args(Aggregation), "arithmetic"),
        "weights": scheme,
        "stages": stages,
        "statuses": statuses(document, is_whole=True) if "statuses" in document else dict(DEFAULTS),
        "bands": _bands(document),
        "rounding": _rounding(document),
        "minimum_coverage": between(document, "minimum_coverage", 0, 1) if "minimum_coverage" in document else "0",
    }


def _once(document: Document, nodes: list[Node]) -> set[str]:
    """The codes of all nodes. An area may bear the name of nothing else: results are asked for by these codes."""
    seen: set[str] = {"total"}
    for node in nodes:
        if node.node_code in seen:
            raise document.error(f"{node.node_code!r} stands twice", key="areas")
        seen.add(node.node_code)
    return seen


def _bands(document: Document) -> list[dict[str, Any]]:
    """From the best to the lowest; the lowest begins at 0, so that every score has one."""
    if "bands" not in document:
        return []
    bands = []
    for entry in mappings(document, "bands"):
        edge = "above" if "above" in entry else "from"
        entry.check_keys((edge, "name_vi", "name_en"))
        bands.append({edge: decimal(entry, edge), "name_vi": text(entry, "name_vi"), "name_en": text(entry, "name_en")})
    edges = [(band.get("above", band.get("from", Decimal(0))), "above" in band) for band in bands]
    if edges != sorted(set(edges), reverse=True) or edges[-1] != (0, False):
        raise document.error("the bands must fall from the best to one that begins at 0", key="bands")
    return bands


def _rounding(document: Document) -> dict[str, int]:
    """Digits after the point by the step that is rounded before the next one takes it up; none by default."""
    if "rounding" not in document:
        return {}
    given = mapping(document, "rounding")
    given.check_keys((), _ROUNDED)
    for step in given:
        if not isinstance(given[step], int) or not 0 <= between(given, step, 0, 10) <= 10:
            raise given.error(f"{step} is {given[step]!r}, not a whole number of digits", key=step)
    return {step: given[step] for step in given}


def _tie_breaks(document: Document, known: set[str]) -> list[str]:
    codes = words(document, "tie_breaks")
    for code in codes:
        if code not in known:
            raise document.error(f"the tie-break {code!r} is no node of the method", key="tie_breaks")
    return codes
