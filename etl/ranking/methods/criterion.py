"""The criteria of a scoring method, one model per rule. A criterion measures something and turns it into points."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from etl.catalogue.document import CatalogueModel

T = TypeVar("T")

Absent = Literal["zero", "drop", "lowest"]
NotApplicable = Literal["drop", "full", "zero", "lowest"]
Direction = Literal["higher", "lower"]


def _check_unique(values: Sequence[T]) -> Sequence[T]:
    """Raise a validation error if a value occurs twice."""
    if len(set(values)) < len(values):
        raise PydanticCustomError("not_unique", "must not name anything twice")
    return values


def _normalise_code(code: str) -> str:
    try:
        return str(Decimal(code))
    except ArithmeticError:
        raise PydanticCustomError("code", "must be a number") from None


def _as_list(names: Any) -> Any:
    return [names] if isinstance(names, str) else names


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Names = Annotated[tuple[Name, ...], AfterValidator(_check_unique)]
Inputs = Annotated[Names, Field(min_length=1), BeforeValidator(_as_list)]
Points = Annotated[Decimal, Field(ge=0, le=100)]
Code = Annotated[str, AfterValidator(_normalise_code)]


class Node(CatalogueModel):
    """An area, a group or a criterion. `weight` may be given as `max_points`, the term of a points table."""

    weight: Decimal = Field(gt=0, validation_alias=AliasChoices("weight", "max_points"))
    name_vi: Name = ""
    name_en: Name = ""
    reason_vi: Name = ""
    reason_en: Name = ""

    @model_validator(mode="before")
    @classmethod
    def _check_weight(cls, data: Any) -> Any:
        if isinstance(data, dict) and {"weight", "max_points"} <= set(data):
            raise ValueError("weight and max_points mean the same: give one of the two")
        return data


class OwnStatuses(CatalogueModel):
    """What a criterion counts absent values as, where it differs from the method."""

    blank: Absent | None = None
    not_done: Absent | None = None
    undecidable: Absent | None = None
    not_applicable: NotApplicable | None = None
    no_report: Absent | None = None


class BaseCriterion(Node):
    """What is measured: one `value`, a `sum`, an `external` score, or 100 × `numerator` ÷ `denominator`."""

    criterion: Name
    value: Name | None = None
    sum: Inputs | None = None
    external: Name | None = None
    numerator: Inputs | None = None
    denominator: Inputs | None = None
    empty_denominator: Literal["drop", "full", "zero"] | None = None
    statuses: OwnStatuses | None = None
    stage: Name | None = None

    @property
    def node_code(self) -> str:
        return self.criterion

    @property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """Codes of the indicators that are measured, by key. Empty for an external score."""
        value = (self.value,) if self.value else None
        parts = {"value": value, "sum": self.sum, "numerator": self.numerator, "denominator": self.denominator}
        return {key: codes for key, codes in parts.items() if codes}

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        sources = [key for key in ("value", "sum", "external", "numerator") if getattr(self, key)]
        if len(sources) != 1:
            raise ValueError(
                f"{self.criterion} needs exactly one of value, sum, external, numerator with denominator;"
                f" it has {' and '.join(sources) or 'none'}"
            )
        if len({bool(self.numerator), bool(self.denominator), bool(self.empty_denominator)}) > 1:
            raise ValueError(f"{self.criterion}: numerator, denominator and empty_denominator must be given together")
        return self


class LinearCriterion(BaseCriterion):
    """Points are the percentage itself."""

    rule: Literal["linear"]
    direction: Direction | None = None


class CappedCriterion(BaseCriterion):
    """Points are 100 × measure ÷ threshold, at most 100."""

    rule: Literal["capped"]
    threshold: Decimal = Field(gt=0)


class GoalpostsCriterion(BaseCriterion):
    """Points rise in a straight line from `zero_at`, which may be the higher one, to `full_at`."""

    rule: Literal["goalposts"]
    zero_at: Decimal
    full_at: Decimal

    @model_validator(mode="after")
    def _check_goalposts(self) -> Self:
        if self.zero_at == self.full_at:
            raise ValueError(f"{self.criterion}: zero_at and full_at are the same")
        return self


class Step(CatalogueModel):
    """Points from an edge on, the edge included."""

    edge: Decimal = Field(alias="from")
    points: Points


def _sort_steps(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    falls = [later.edge < earlier.edge for earlier, later in pairwise(steps)]
    if len({step.edge for step in steps}) < len(steps) or len(set(falls)) > 1:
        raise PydanticCustomError("steps", "must rise or fall, each edge once")
    return tuple(sorted(steps, key=lambda step: step.edge))


class StepsCriterion(BaseCriterion):
    """Points are those of the highest edge that is reached; below the lowest edge 0."""

    rule: Literal["steps"]
    steps: Annotated[tuple[Step, ...], Field(min_length=1), AfterValidator(_sort_steps)]


class CodeListCriterion(BaseCriterion):
    """Points are those of the reported code."""

    rule: Literal["code_list"]
    points: Annotated[dict[Code, Points], Field(min_length=1)]


class RelativeCriterion(BaseCriterion):
    """Points compare the units with each other; the worst unit is given `lowest_points`."""

    rule: Literal["min_max", "percentile_rank", "distance_to_best"]
    direction: Direction | None = None
    lowest_points: Decimal | None = Field(default=None, ge=0, lt=100)


def tag_criterion(criterion: Any) -> str:
    """Return which of the models a criterion is: for a mapping that is validated, or a model that is written."""
    rule = criterion.get("rule") if isinstance(criterion, dict) else getattr(criterion, "rule", "")
    return f"rule {rule!r}"


Criterion = (
    Annotated[LinearCriterion, Tag("rule 'linear'")]
    | Annotated[CappedCriterion, Tag("rule 'capped'")]
    | Annotated[GoalpostsCriterion, Tag("rule 'goalposts'")]
    | Annotated[StepsCriterion, Tag("rule 'steps'")]
    | Annotated[CodeListCriterion, Tag("rule 'code_list'")]
    | Annotated[RelativeCriterion, Tag("rule 'min_max'")]
    | Annotated[RelativeCriterion, Tag("rule 'percentile_rank'")]
    | Annotated[RelativeCriterion, Tag("rule 'distance_to_best'")]
)
