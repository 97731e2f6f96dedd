"""Catalogue documents: every problem of a file is reported at once, each with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from etl.catalogue.document import Document, Problem, document_error, read_document, validate_document
from etl.errors import CatalogueError


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Literal["first", "last"]
    count: int

    @field_validator("count")
    @classmethod
    def _check_limit(cls, count: int, info: ValidationInfo) -> int:
        if count > (info.context or 10):
            raise ValueError(f"count is {count}, above the limit")
        return count


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    steps: list[Step]


def document(folder: Path, text: str) -> Document:
    (folder / "plan.yml").write_text(text, encoding="utf-8")
    return read_document(folder / "plan.yml")


def refused(folder: Path, text: str, context: object = None) -> str:
    with pytest.raises(CatalogueError) as caught:
        validate_document(document(folder, text), Plan, context)
    return str(caught.value)


def test_a_valid_document_becomes_its_model(tmp_path: Path) -> None:
    plan = validate_document(document(tmp_path, "code: a\nsteps:\n  - {kind: first, count: 3}\n"), Plan)
    assert plan == Plan(code="a", steps=[Step(kind="first", count=3)])


def test_all_problems_are_reported_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = "code: 3\nsteps:\n  - kind: middle\n    count: 3\n  - kind: last\n    colour: red\n"
    assert refused(tmp_path, text) == (
        "plan.yml:1: code is 3: must be a valid string; plan.yml:3: kind 'middle' is unknown;"
        " plan.yml:5: the key 'count' is missing; plan.yml:6: unknown key 'colour'"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code: a\nsteps: []\nstep: 1\n", "plan.yml:3: unknown key 'step'. The nearest known key is 'steps'."),
        ("code: a\nsteps: []\nwhere: 1\n", "plan.yml:3: unknown key 'where'. Known are code, count, kind, steps."),
        ("code: a\nsteps: [{kind: all, count: 1}]\n", "plan.yml:2: kind 'all' is unknown. Known are first, last."),
        ("code: a\nsteps: [{kind: last, count: 11}]\n", "plan.yml:2: count is 11, above the limit"),
        ("code: a\ncode: b\nsteps: []\n", "plan.yml:2: the key 'code' is given twice"),
        ("- code\n", "plan.yml:1: the file is not a mapping of keys"),
        ("code: [\n", "plan.yml:2: the file is not valid YAML"),
        ("code: a\nsteps: &s\n  - *s\n", "plan.yml:2: a node contains itself"),
    ],
)
def test_a_single_problem_comes_with_a_hint(tmp_path: Path, text: str, message: str) -> None:
    assert refused(tmp_path, text) == message


def test_a_context_reaches_the_validators(tmp_path: Path) -> None:
    text = "code: a\nsteps: [{kind: last, count: 5}]\n"
    assert "count is 5, above the limit" in refused(tmp_path, text, 4)


def test_a_long_list_of_problems_is_cut(tmp_path: Path) -> None:
    plan = document(tmp_path, "code: a\nsteps: []\n")
    error = document_error(plan, [Problem(("code",), f"problem {number}") for number in range(11)])
    assert str(error).count("problem") == 8
    assert str(error).endswith("; and 3 more")
