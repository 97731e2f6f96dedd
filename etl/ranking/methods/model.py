"""The terms of a scoring method. Every object is immutable; numbers are decimals, never floats."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Rule = Literal["linear", "capped", "goalposts", "steps", "code_list", "min_max", "percentile_rank", "distance_to_best"]
Aggregation = Literal["arithmetic", "geometric", "sum"]
Weights = Literal["share", "parts"]
Kind = Literal["area", "group", "criterion", "bonus", "penalty"]


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree: an area or a group with `children`, or a criterion with what it measures.

    `content` is the node as a method says it, checked and complete, without its children.
    """

    node_code: str
    kind: Kind
    weight: Decimal
    content: Mapping[str, Any]
    children: tuple[Node, ...] = ()

    def criteria(self) -> Iterator[Node]:
        """The criteria below, or the criterion itself, in the file's order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.criteria()

    def nodes(self) -> Iterator[Node]:
        """Itself and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.nodes()

    def as_json(self) -> dict[str, Any]:
        """The node as SQL reads it."""
        return {**self.content, **({"criteria": [child.as_json() for child in self.children]} if self.children else {})}


@dataclass(frozen=True, slots=True)
class Method:
    """A scoring method, in force for periods that end from `valid_from` to `valid_to` (None: no end), both included.

    `head` is all that it says beside its tree, checked and complete: names, statuses, bands, rounding, stages.
    """

    method_code: str
    valid_from: date
    valid_to: date | None
    is_default: bool
    head: Mapping[str, Any]
    areas: tuple[Node, ...]
    bonus: tuple[Node, ...] = ()
    penalties: tuple[Node, ...] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(self.head["stages"])

    def criteria(self) -> Iterator[Node]:
        """All criteria, those outside the hundred last."""
        for node in (*self.areas, *self.bonus, *self.penalties):
            yield from node.criteria()

    def definition(self) -> str:
        """All that the method says, as JSON in one spelling: what SQL scores by. Numbers are texts, exact."""
        document = {
            **self.head,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "is_default": self.is_default,
            "areas": [node.as_json() for node in self.areas],
            "bonus": [node.as_json() for node in self.bonus],
            "penalties": [node.as_json() for node in self.penalties],
        }
        return json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)

    def content_hash(self) -> str:
        """A hash of all that the method says."""
        return hashlib.sha256(self.definition().encode()).hexdigest()
