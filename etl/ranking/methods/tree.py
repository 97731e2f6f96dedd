"""Reads the tree of a method file: areas and groups of any depth down to their criteria."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, get_args

from etl.catalogue.document import Document
from etl.ranking.methods.criterion import parse_criterion
from etl.ranking.methods.fields import mappings, one_of, text, weight
from etl.ranking.methods.model import Aggregation, Kind, Node, Weights
from etl.ranking.methods.vocabulary import Vocabulary

WHOLE = Decimal(100)
_TEXTS = ("name_vi", "name_en", "reason_vi", "reason_en")


def parse_tree(document: Document, vocabulary: Vocabulary, stages: Sequence[str], scheme: Weights) -> tuple[Node, ...]:
    """What stands under `areas`. Raises CatalogueError with file and line."""
    return _children(document, "areas", "areas", WHOLE, vocabulary, stages, scheme)


def parse_outside(document: Document, key: str, kind: Kind, vocabulary: Vocabulary, stages: Sequence[str]) -> Any:
    """The criteria under `bonus` or `penalties`; none where the key is left out."""
    if key not in document:
        return ()
    return tuple(parse_criterion(entry, vocabulary, stages, kind) for entry in mappings(document, key))


def _children(  # noqa: PLR0913, PLR0917 - one walk down the tree carries them
    document: Document,
    key: str,
    whose: str,
    whole: Decimal,
    vocabulary: Vocabulary,
    stages: Sequence[str],
    scheme: Weights,
) -> tuple[Node, ...]:
    nodes = tuple(_node(entry, vocabulary, stages, scheme) for entry in mappings(document, key))
    total = sum((node.weight for node in nodes), Decimal(0))
    if scheme == "share" and total != whole:
        blamed = "areas" if key == "areas" else "max_points" if "max_points" in document else "weight"
        if key == "areas":
            raise document.error(f"the weights of the areas sum to {total}, not to {whole}", key=blamed)
        raise document.error(f"the criteria of {whose} sum to {total}, not to {whole}", key=blamed)
    return nodes


def _node(entry: Document, vocabulary: Vocabulary, stages: Sequence[str], scheme: Weights) -> Node:
    if "criterion" in entry:
        return parse_criterion(entry, vocabulary, stages, "criterion")
    kind: Kind = "area" if "area" in entry else "group"
    entry.check_keys((kind, "criteria"), ("weight", "max_points", "aggregation", "weights", *_TEXTS))
    code = text(entry, kind)
    names = (code, code)
    if kind == "area" and vocabulary.areas is not None:
        if code not in vocabulary.areas:
            raise entry.error(f"the area {code!r} is unknown", f"Known are {', '.join(vocabulary.areas)}", key="area")
        names = vocabulary.areas[code]
    below: Weights = one_of(entry, "weights", get_args(Weights), scheme)
    content: dict[str, Any] = {
        kind: code,
        "weight": weight(entry),
        "aggregation": one_of(entry, "aggregation", get_args(Aggregation), "arithmetic"),
        "weights": below,
        "name_vi": text(entry, "name_vi", names[0]),
        "name_en": text(entry, "name_en", names[1]),
        "reason_vi": text(entry, "reason_vi", ""),
        "reason_en": text(entry, "reason_en", ""),
    }
    whose = f"{kind} {code}"
    children = _children(entry, "criteria", whose, content["weight"], vocabulary, stages, below)
    return Node(code, kind, content["weight"], content, children)
