"""External scores: a file is entered completely or not at all, with author and reason, and history is kept."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from etl.cli.app import main
from etl.settings import PROJECT_ROOT, Settings

SURVEYS = PROJECT_ROOT / "examples" / "external" / "par-index-example_2021-Q1.csv"
PERIOD = ["--period", "2021-Q1"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["external", *arguments, *PERIOD, "--format", "csv"]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def enter(capsys: pytest.CaptureFixture[str], path: Path, code: int = 0) -> list[dict[str, str]]:
    return run(capsys, "enter", str(path), "--reason", "Báo cáo 12", "--by", "lan", code=code)


def one_score(folder: Path, value: str, *, is_simulated: str = "false") -> Path:
    path = folder / "scores.csv"
    path.write_text(
        f"district_code,input_code,stage,value,is_simulated\n946,survey_citizens_pct,survey,{value},{is_simulated}\n",
        encoding="utf-8",
    )
    return path


def test_every_value_of_the_example_is_marked_as_simulated() -> None:
    with SURVEYS.open(encoding="utf-8") as file:
        assert {row["is_simulated"] for row in csv.DictReader(file)} == {"true"}


def test_scores_that_are_entered_twice_are_stored_once(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {row["outcome"] for row in enter(capsys, SURVEYS)} == {"new"}
    assert {row["outcome"] for row in enter(capsys, SURVEYS)} == {"unchanged"}
    changed = enter(capsys, one_score(tmp_path, "61.5"))
    assert [(row["before"] != "", row["value"], row["outcome"]) for row in changed] == [(True, "61.5", "changed")]
    listed = {row["input_code"]: row for row in run(capsys, "list") if row["district_code"] == "946"}
    assert listed["survey_citizens_pct"]["value"] == "61.5"
    assert listed["survey_citizens_pct"]["entered_by"] == "lan"
    assert listed["survey_citizens_pct"]["is_simulated"] == "false"


def test_a_ranking_over_simulated_scores_is_marked_as_simulated(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def explained() -> dict[str, str]:
        capsys.readouterr()
        assert (
            main(["explain", *PERIOD, "--district", "946", "--method", "par-index-example-2021", "--format", "json"])
            == 0
        )
        return {"is_simulated": str('"is_simulated": true' in capsys.readouterr().out)}

    enter(capsys, one_score(tmp_path, "80", is_simulated="true"))
    assert explained() == {"is_simulated": "True"}
    enter(capsys, one_score(tmp_path, "80"))
    assert explained() == {"is_simulated": "False"}


def test_a_withdrawn_score_no_longer_counts_and_can_be_entered_again(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(capsys, one_score(tmp_path, "61.5"))
    score = ["--district", "946", "--input", "survey_citizens_pct", "--stage", "survey"]
    assert run(capsys, "withdraw", *score, "--reason", "Nhầm đơn vị", "--by", "mai") == []
    run(capsys, "withdraw", *score, "--reason", "Nhầm đơn vị", code=2)
    enter(capsys, one_score(tmp_path, "61.5"))
    assert [row["value"] for row in run(capsys, "list")] == ["61.5"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("946,", "999,", "scores.csv:2: the unit '999' does not report for 2021-Q1"),
        ("survey_citizens_pct", "survey_of_nobody", "scores.csv:2: no method in force reads 'survey_of_nobody'"),
        (",survey,", ",later,", "scores.csv:2: no method that reads 'survey_citizens_pct' has the stage 'later'"),
        (",61.5,", ",many,", "scores.csv:2: value is 'many': must be a valid decimal"),
        (",false", ",maybe", "scores.csv:2: is_simulated is 'maybe'"),
        ("survey_citizens_pct,survey,61.5", "criterion.par_plan,appraised,101", "scores.csv:2: an appraisal is from 0"),
        ("input_code", "input", "scores.csv:1: the columns are"),
    ],
)
def test_an_invalid_row_is_reported_with_its_line_and_nothing_is_entered(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    path = one_score(tmp_path, "61.5")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    main(["migrate"])
    capsys.readouterr()
    assert main(["external", "enter", str(path), *PERIOD, "--reason", "Báo cáo 12"]) == 2
    assert message in capsys.readouterr().err
    assert run(capsys, "list") == []


def test_a_repeated_row_is_refused(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = one_score(tmp_path, "61.5")
    path.write_text(path.read_text(encoding="utf-8") + "946,survey_citizens_pct,survey,62,false\n", encoding="utf-8")
    assert main(["external", "enter", str(path), *PERIOD, "--reason", "Báo cáo 12"]) == 2
    assert "scores.csv:3: '946 survey_citizens_pct survey' is in line 2 already" in capsys.readouterr().err
