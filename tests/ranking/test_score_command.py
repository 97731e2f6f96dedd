"""`python -m etl score`: scores any table by any method, stores nothing, and reports errors with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.cli.app import main
from etl.settings import Settings

METHOD = """
method_code: own
weights: parts
bands: [{from: 60, name_vi: Khá, name_en: Fair}, {from: 0, name_vi: Yếu, name_en: Weak}]
areas:
  - {criterion: speed, weight: 1, rule: min_max, value: days, direction: lower}
  - {criterion: share, weight: 3, rule: linear, numerator: done, denominator: asked, empty_denominator: drop}
"""
VALUES = """unit,indicator,value,status
north,days,4,
north,done,1,
north,asked,4,
south,days,2,
south,done,,not_applicable
south,asked,0,
west,days,,not_done
west,done,9,
west,asked,10,
"""


@pytest.fixture
def files(tmp_path: Path, empty_settings: Settings) -> tuple[Path, Path]:
    (tmp_path / "own.yml").write_text(METHOD, encoding="utf-8")
    (tmp_path / "values.csv").write_text(VALUES, encoding="utf-8")
    return tmp_path / "own.yml", tmp_path / "values.csv"


def score(files: tuple[Path, Path], *arguments: str) -> int:
    return main(["score", "--method", str(files[0]), "--values", str(files[1]), "--format", "csv", *arguments])


def test_the_columns_are_the_documented_ones(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert score(files) == 0
    assert capsys.readouterr().out.splitlines() == [
        "unit,score,rank,band,is_tied,coverage",
        "south,100,1,Khá,false,1",
        "west,67.5,2,Khá,false,0.75",
        "north,18.75,3,Yếu,false,1",
    ]


def test_the_details_explain_a_score(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert score(files, "--detail", "criteria") == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "unit,criterion,numerator,denominator,measure,score,outcome",
        "south,speed,2,,2,100,scored",
        "south,share,,0,,,not_applicable",
    ]
    assert score(files, "--detail", "effective-weights") == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "unit,criterion,effective_weight,score,contribution",
        "south,speed,1,100,100",
        "south,share,,,0",
        "west,speed,0.25,0,0",
    ]
    assert score(files, "--detail", "areas") == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "unit,node,parent,weight,score,coverage",
        "south,total,,100,100,1",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("north,days,4,", "north,days,four,", "values.csv:2: value is 'four': must be a valid decimal"),
        ("north,days,4,", "north,days,nan,", "values.csv:2: value is 'nan': must be a finite number"),
        ("north,done,1,", "north,days,1,", "values.csv:3: 'north days' is in line 2 already"),
        ("west,days,,not_done", "west,days,,asleep", "values.csv:8: status 'asleep' is unknown"),
        ("west,days,,not_done", "west,days,1,not_done", "values.csv:8: a value must be given if"),
        ("unit,indicator", "name,indicator", "values.csv:1: the columns are name"),
        ("north,days,4,", ",days,4,", "values.csv:2: unit is '': string should have at least 1 character"),
    ],
)
def test_an_invalid_row_is_reported_with_its_line(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    files[1].write_text(VALUES.replace(old, new, 1), encoding="utf-8")
    assert score(files) == 2
    assert message in capsys.readouterr().err


def test_a_method_with_an_indicator_that_the_table_lacks_is_reported_with_its_line(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(METHOD.replace("numerator: done", "numerator: undone"), encoding="utf-8")
    assert score(files) == 2
    assert "own.yml:7: the indicator 'undone' is unknown" in capsys.readouterr().err
