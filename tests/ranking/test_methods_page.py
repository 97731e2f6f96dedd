"""docs/methods.md: its method with every key is valid, and each example gives the result on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etl.catalogue import load_catalogue
from etl.catalogue.document import read_document
from etl.cli.app import main
from etl.ranking import Method, Vocabulary, parse_method
from etl.settings import PROJECT_ROOT, Settings

PAGE = (PROJECT_ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
EVERY_KEY = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
_BLOCK = r"\n((?:(?!```).)*)```"
EXAMPLES = re.findall(rf"```yaml{_BLOCK}\n\n```csv{_BLOCK}\n\n```csv{_BLOCK}", PAGE, re.DOTALL)
INPUTS = (
    *("resolved_early", "resolved_on_time", "resolved", "received", "online_pct", "paper_pct", "has_page"),
    *("trained_pct", "days", "survey_pct", "reminded"),
)


def method_with_every_key(folder: Path) -> Method:
    (folder / "every_key.yml").write_text(EVERY_KEY, encoding="utf-8")
    return parse_method(read_document(folder / "every_key.yml"), Vocabulary.from_table(INPUTS))


def test_the_method_with_every_key_is_valid(tmp_path: Path) -> None:
    method = method_with_every_key(tmp_path)
    assert {criterion.rule for criterion in method.criteria()} == {
        *("linear", "capped", "goalposts", "steps", "code_list", "min_max", "percentile_rank", "distance_to_best")
    }
    assert method.stages == ("self", "appraised", "survey")


def test_the_method_with_every_key_misses_none() -> None:
    schema = Method.model_json_schema()
    keys = {key for model in (schema, *schema["$defs"].values()) for key in model["properties"]}
    assert keys - {"equal_weights"} | {"max_points"} <= set(re.findall(r"\b(\w+):", EVERY_KEY))
    assert {"geometric", "sum", "arithmetic"} <= set(re.findall(r"\w+", EVERY_KEY))
    assert "equal_weights: true" in PAGE and "based_on: " in PAGE


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].split()[1])
def test_each_example_gives_the_result_on_the_page(
    example: tuple[str, str, str], empty_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    method, values, expected = example
    (tmp_path / "method.yml").write_text(method, encoding="utf-8")
    (tmp_path / "values.csv").write_text(values, encoding="utf-8")
    arguments = ["score", "--method", str(tmp_path / "method.yml"), "--values", str(tmp_path / "values.csv")]
    detail = ["--detail", "criteria"] if expected.startswith("unit,criterion,") else []
    assert main([*arguments, *detail, "--format", "csv"]) == 0
    assert capsys.readouterr().out == expected


def test_every_shipped_method_is_on_the_page() -> None:
    assert len(EXAMPLES) == 3
    for code in load_catalogue().methods:
        assert f"| `{code}` |" in PAGE
