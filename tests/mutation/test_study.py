"""The mutation study on a few districts, drawn the same each time; docs/validation.md has the whole one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.settings import PROJECT_ROOT
from tests.mutation.cover import CLASSES
from tests.mutation.errors import KINDS, WHOLE_FILE
from tests.mutation.study import Result, run, tables

pytestmark = pytest.mark.study

_WITHOUT_RULES = [
    *sorted((PROJECT_ROOT / "etl" / "simulation").glob("*.py")),
    *(Path(__file__).parent / name for name in ("reports.py", "errors.py", "cover.py")),
]


@pytest.fixture(scope="module")
def result() -> Result:
    """Twelve reports of a third quarter: the one in which each of the kinds can happen."""
    return run(12, ("2022-Q3",))


def _made_and_found(result: Result, covers: tuple[str, ...]) -> tuple[int, int]:
    shares = [result.share(kind, covers) for kind in KINDS]
    return sum(made for made, _ in shares), sum(found for _, found in shares)


def test_every_kind_of_error_was_made(result: Result) -> None:
    assert [kind for kind in KINDS if not result.share(kind, (*CLASSES, "whole file"))[0]] == []


@pytest.mark.parametrize("kind", [*WHOLE_FILE, "a part of a sum off by one", "a code outside its list"])
def test_what_can_be_told_for_sure_is_always_found(result: Result, kind: str) -> None:
    made, found = result.share(kind, (*CLASSES, "whole file"))
    assert made == found > 0, tables(result)


@pytest.mark.parametrize("cover", ["identity", "note", "narrative"])
def test_what_the_report_itself_contradicts_is_always_found(result: Result, cover: str) -> None:
    made, found = _made_and_found(result, (cover,))
    assert made == found > 0, tables(result)


def test_nearly_all_errors_in_covered_cells_are_found(result: Result) -> None:
    made, found = _made_and_found(result, CLASSES[:-1])
    assert made >= 100
    assert found >= 0.95 * made, tables(result)


def test_correct_reports_are_left_in_peace(result: Result) -> None:
    assert len(result.alarms) == 12
    assert result.criticals == 0, result.alarm_rules
    assert sorted(result.alarms)[len(result.alarms) // 2] == 0, result.alarm_rules


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", _WITHOUT_RULES, ids=lambda path: path.name)
def test_neither_errors_nor_simulated_reports_know_the_rules(path: Path) -> None:
    """But for the shape in which a report is handed over: an error made to fit a rule would prove nothing."""
    allowed = {"etl.validation.Candidate"}
    known = {name for name in _imports(path) if name.startswith(("etl.validation", "etl.rules"))}
    assert known <= allowed
    assert "expectations" not in path.read_text(encoding="utf-8")
