"""External scores are entered whole or not at all, each with who and why; nothing of what was known is lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.settings import PROJECT_ROOT, Settings

SURVEYS = PROJECT_ROOT / "examples" / "external" / "par-index-example_2021-Q1.csv"
PLACE = ["--period", "2021-Q1"]


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(["external", *words, *PLACE, "--format", "csv"]) == code
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def enter(capsys: pytest.CaptureFixture[str], path: Path, code: int = 0) -> list[dict[str, str]]:
    return run(capsys, "enter", str(path), "--reason", "Báo cáo 12", "--by", "lan", code=code)


def one(folder: Path, value: str, *, is_simulated: str = "false") -> Path:
    path = folder / "one.csv"
    path.write_text(
        f"district_code,input_code,stage,value,is_simulated\n946,survey_citizens_pct,survey,{value},{is_simulated}\n",
        encoding="utf-8",
    )
    return path


def test_every_value_of_the_example_is_marked_as_simulated() -> None:
    with SURVEYS.open(encoding="utf-8") as file:
        assert {row["is_simulated"] for row in csv.DictReader(file)} == {"true"}


def test_what_is_entered_twice_is_known_once(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {row["outcome"] for row in enter(capsys, SURVEYS)} == {"new"}
    assert {row["outcome"] for row in enter(capsys, SURVEYS)} == {"unchanged"}
    changed = enter(capsys, one(tmp_path, "61.5"))
    assert [(row["before"] != "", row["value"], row["outcome"]) for row in changed] == [(True, "61.5", "changed")]
    known = {row["input_code"]: row for row in run(capsys, "list") if row["district_code"] == "946"}
    assert known["survey_citizens_pct"]["value"] == "61.5"
    assert known["survey_citizens_pct"]["entered_by"] == "lan"
    assert known["survey_citizens_pct"]["is_simulated"] == "false"


def test_a_ranking_over_simulated_scores_is_marked_as_simulated(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def figures() -> dict[str, str]:
        capsys.readouterr()
        assert (
            main(["explain", *PLACE, "--district", "946", "--method", "par-index-example-2021", "--format", "json"])
            == 0
        )
        return {"is_simulated": str('"is_simulated": true' in capsys.readouterr().out)}

    enter(capsys, one(tmp_path, "80", is_simulated="true"))
    assert figures() == {"is_simulated": "True"}
    enter(capsys, one(tmp_path, "80"))
    assert figures() == {"is_simulated": "False"}


def test_what_is_taken_back_no_longer_counts_and_is_kept(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(capsys, one(tmp_path, "61.5"))
    where = ["--district", "946", "--input", "survey_citizens_pct", "--stage", "survey"]
    assert run(capsys, "withdraw", *where, "--reason", "Nhầm đơn vị", "--by", "mai") == []
    run(capsys, "withdraw", *where, "--reason", "Nhầm đơn vị", code=2)
    enter(capsys, one(tmp_path, "61.5"))
    assert [row["value"] for row in run(capsys, "list")] == ["61.5"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("946,", "999,", "one.csv:2: the unit '999' does not report for 2021-Q1"),
        ("survey_citizens_pct", "survey_of_nobody", "one.csv:2: no method in force reads 'survey_of_nobody'"),
        (",survey,", ",later,", "one.csv:2: no method that reads 'survey_citizens_pct' has the stage 'later'"),
        (",61.5,", ",many,", "one.csv:2: value is 'many': must be a valid decimal"),
        (",false", ",maybe", "one.csv:2: is_simulated is 'maybe'"),
        ("survey_citizens_pct,survey,61.5", "criterion.par_plan,appraised,101", "one.csv:2: an appraisal is from 0"),
        ("input_code", "input", "one.csv:1: the columns are"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line_and_nothing_is_entered(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    path = one(tmp_path, "61.5")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    main(["migrate"])
    capsys.readouterr()
    assert main(["external", "enter", str(path), *PLACE, "--reason", "Báo cáo 12"]) == 2
    assert message in capsys.readouterr().err
    assert run(capsys, "list") == []


def test_a_row_that_stands_twice_is_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = one(tmp_path, "61.5")
    path.write_text(path.read_text(encoding="utf-8") + "946,survey_citizens_pct,survey,62,false\n", encoding="utf-8")
    assert main(["external", "enter", str(path), *PLACE, "--reason", "Báo cáo 12"]) == 2
    assert "one.csv:3: '946 survey_citizens_pct survey' is in line 2 already" in capsys.readouterr().err
