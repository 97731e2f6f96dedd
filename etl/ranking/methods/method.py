"""A scoring method as its file describes it (docs/methods.md). Models are immutable; numbers are exact decimals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, StrictBool, StrictInt, Tag, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from etl.catalogue.document import CatalogueModel, Location
from etl.ranking.methods.completion import complete_method
from etl.ranking.methods.criterion import Absent, Criterion, Name, Names, Node, NotApplicable, tag_criterion
from etl.ranking.methods.vocabulary import Vocabulary

Aggregation = Literal["arithmetic", "geometric", "sum"]
Weights = Literal["share", "parts"]
Day = Annotated[date, Field(strict=True)]
Digits = Annotated[StrictInt, Field(ge=0, le=10)]


class Inner(Node):
    """A node with children, whose weights sum to the node's own (`weights: share`) or are relative (`parts`)."""

    aggregation: Aggregation = "arithmetic"
    weights: Weights
    criteria: Annotated[tuple[TreeNode, ...], Field(min_length=1)]


class Area(Inner):
    """A reform area of the catalogue; in a method over a table any name."""

    area: Name

    @property
    def node_code(self) -> str:
        return self.area


class Group(Inner):
    """Criteria that are scored together."""

    group: Name

    @property
    def node_code(self) -> str:
        return self.group


def _tag_node(node: Any) -> str:
    keys = node if isinstance(node, dict) else type(node).model_fields
    if "criterion" in keys:
        return tag_criterion(node)
    return "an area" if "area" in keys else "a group"


TreeNode = Annotated[
    Annotated[Area, Tag("an area")] | Annotated[Group, Tag("a group")] | Criterion, Discriminator(_tag_node)
]
OutsideCriterion = Annotated[Criterion, Discriminator(tag_criterion)]


class Statuses(CatalogueModel):
    """What a value that is absent counts as: nothing, the lowest points of the others, or it is left out (drop)."""

    blank: Absent
    not_done: Absent
    undecidable: Absent
    not_applicable: NotApplicable
    no_report: Absent = "drop"


class Band(CatalogueModel):
    """A class of scores, from its lower edge on: `from` includes the edge, `above` excludes it."""

    at_least: Decimal | None = Field(default=None, alias="from")
    above: Decimal | None = None
    name_vi: Name
    name_en: Name

    @model_validator(mode="after")
    def _check_edge(self) -> Self:
        if (self.at_least is None) == (self.above is None):
            raise ValueError("a band needs either from or above")
        return self

    @property
    def edge(self) -> tuple[Decimal, bool]:
        """The lower edge, and whether it is excluded."""
        return (self.above, True) if self.above is not None else (self.at_least or Decimal(0), False)


def _check_bands(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    edges = [band.edge for band in bands]
    if edges and (edges != sorted(set(edges), reverse=True) or edges[-1] != (Decimal(0), False)):
        raise PydanticCustomError("bands", "must fall from the best band to one from 0")
    return bands


class Rounding(CatalogueModel):
    """Decimal places, half up, to which a step is rounded before the next step uses it; not rounded by default."""

    criteria: Digits | None = None
    groups: Digits | None = None
    score: Digits | None = None


class Method(CatalogueModel):
    """A scoring method, in force for periods that end from `valid_from` to `valid_to` (None: no end), both included.

    Validated with a Vocabulary as context, which names the areas.
    """

    method_code: Name
    name_vi: Name
    name_en: Name
    note_vi: Name = ""
    note_en: Name = ""
    valid_from: Day = date(1900, 1, 1)
    valid_to: Day | None = None
    is_default: StrictBool = False
    equal_weights: Annotated[StrictBool, Field(exclude=True)] = False
    stages: Annotated[Names, Field(min_length=1)] = ("final",)
    aggregation: Aggregation = "arithmetic"
    weights: Weights
    minimum_coverage: Decimal = Field(default=Decimal(0), ge=0, le=1)
    tie_breaks: Names = ()
    rounding: Rounding = Rounding()
    statuses: Statuses = Statuses(blank="zero", not_done="zero", undecidable="zero", not_applicable="drop")
    bands: Annotated[tuple[Band, ...], AfterValidator(_check_bands)] = ()
    areas: Annotated[tuple[TreeNode, ...], Field(min_length=1)]
    bonus: tuple[OutsideCriterion, ...] = ()
    penalties: tuple[OutsideCriterion, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any, info: ValidationInfo[Vocabulary]) -> Any:
        return complete_method(data, info.context.areas or {}) if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _check_validity(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_from is after valid_to")
        return self

    def walk(self) -> Iterator[tuple[Location, Area | Group | Criterion]]:
        """Yield every node with its location in the file, parents first, the criteria outside the hundred last."""
        for key in ("areas", "bonus", "penalties"):
            yield from _walk((key,), getattr(self, key))

    def criteria(self) -> Iterator[Criterion]:
        """Yield all criteria, those outside the hundred last."""
        return (node for _, node in self.walk() if not isinstance(node, Area | Group))

    def definition(self) -> str:
        """Return the method as canonical JSON, which the SQL engine reads. Numbers are texts, exact."""
        document = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return json.dumps({"valid_to": None, **document}, ensure_ascii=False, sort_keys=True)

    def content_hash(self) -> str:
        """Return the sha256 of the definition."""
        return hashlib.sha256(self.definition().encode()).hexdigest()


def _walk(
    location: Location, nodes: tuple[Area | Group | Criterion, ...]
) -> Iterator[tuple[Location, Area | Group | Criterion]]:
    for number, node in enumerate(nodes):
        yield (*location, number), node
        if isinstance(node, Area | Group):
            yield from _walk((*location, number, "criteria"), node.criteria)
