"""`python -m etl release …` and `robustness`: arguments, output and exit codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from etl import database, pipeline
from etl.cli.app import main
from etl.errors import UsageError
from etl.ranking import refresh_rankings
from etl.settings import Settings
from tests.ranking import province

PERIOD_AND_METHOD = ["--period", "2021-Q1", "--method", "method-a"]
SIGN = ["release", "create", *PERIOD_AND_METHOD, "--reason", "trình ký", "--by", "lan"]


@pytest.fixture
def prepared(settings: Settings, tmp_path: Path) -> Settings:
    with database.connect(settings) as connection:
        province.prepare(connection, tmp_path, province.PLAIN, {code: {} for code in "AB"}, province.PLAIN_INDICATORS)
        for code, (r, s) in {"A": (90, 70), "B": (60, 80)}.items():
            province.report(connection, code, {"r": r, "s": s})
        refresh_rankings(connection)
    return settings


def released_at(settings: Settings) -> object:
    with database.connect(settings) as connection:
        row = connection.exec_driver_sql("SELECT released_at FROM mart.period WHERE period_code = '2021-Q1'").fetchone()
    assert row is not None
    return row[0]


def test_signing_publishes_only_with_publish(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(SIGN) == 0
    assert capsys.readouterr().out == "1\n"
    assert released_at(prepared) is None
    assert main([*SIGN, "--publish"]) == 0
    assert released_at(prepared) is not None


def test_an_approved_ranking_is_signed_once_and_only_if_it_is_unchanged(prepared: Settings) -> None:
    proposal = pipeline.propose_release("2021-Q1", "method-a")
    assert (proposal["ranked"], proposal["is_simulated"]) == (2, False)

    def approve() -> int:
        return pipeline.create_release(
            "2021-Q1", "duyệt", "lan", method_code="method-a", expected_sha256=proposal["content_sha256"]
        )

    assert approve() == approve() == 1, "a retried task signs nothing twice"
    with database.connect(prepared) as connection:
        province.report(connection, "A", {"r": 50, "s": 50}, day=20)
    with pytest.raises(UsageError, match="has changed since it was shown"):
        approve()


@pytest.mark.parametrize("arguments", [["release", "publish"], ["release"]])
def test_a_period_is_published_by_release_publish_and_by_the_older_release(
    prepared: Settings, arguments: list[str]
) -> None:
    assert main([*arguments, "--period", "2021-Q1", "--reason", "công bố", "--by", "lan"]) == 0
    assert released_at(prepared) is not None
    with database.connect(prepared) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM mart.ranking_release").fetchone() == (0,)


def test_list_show_and_verify_report_whether_a_release_is_valid(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main(SIGN)
    capsys.readouterr()
    assert main(["release", "list", "--format", "csv"]) == 0
    (row,) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["signed_by"], row["reason"], row["is_void"]) == ("lan", "trình ký", "false")
    assert main(["release", "show", "1", "--format", "csv"]) == 0
    printed = capsys.readouterr()
    ranked = [row for row in csv.DictReader(printed.out.splitlines()) if row["rank"]]
    assert [(row["rank"], row["district_code"], row["score"]) for row in ranked] == [("1", "A", "80"), ("2", "B", "70")]
    assert "Valid: nothing has changed" in printed.err
    assert "Recomputed from the warehouse: identical" in printed.err
    assert main(["release", "verify", "1"]) == 0


def test_a_release_that_differs_from_what_was_signed_is_an_error_that_names_the_part(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main(SIGN)
    with database.connect(prepared, role=None) as connection:
        connection.exec_driver_sql("UPDATE warehouse.fact_observation SET value = 91 WHERE value = 90")
    assert main(["release", "verify", "1"]) == 3
    assert "Release 1 differs from what was signed: data, ranking" in capsys.readouterr().err
    assert main(["release", "show", "1"]) == 0
    assert "differs in data, ranking" in capsys.readouterr().err
    assert main(["release", "diff", "1", "1"]) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["release"],
        ["release", "show", "7"],
        ["release", "verify", "7"],
        ["release", "diff", "7", "8"],
        ["release", "create", "--period", "2099-Q1", "--reason", "x"],
        ["release", "create", "--period", "2021-H1", "--method", "method-a", "--reason", "x"],
        ["release", "create", *PERIOD_AND_METHOD, "--reason", " "],
        ["release", "create", *PERIOD_AND_METHOD, "--reason", "x", "--as-of", "2999-01-01"],
        ["robustness", "--period", "2099-Q1"],
        ["robustness", *PERIOD_AND_METHOD, "--draws", "0"],
    ],
)
def test_an_error_of_the_user_is_one_line(
    prepared: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_robustness_prints_ranks_or_assumptions_and_samples_again_with_draws_or_seed(
    prepared: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["robustness", *PERIOD_AND_METHOD, "--draws", "50", "--seed", "3", "--format", "csv"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [row["district_code"] for row in rows[:2]] == ["A", "B"]
    assert main(["robustness", *PERIOD_AND_METHOD, "--detail", "assumptions", "--format", "csv"]) == 0
    assumptions = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert {(row["draws"], row["seed"]) for row in assumptions} == {("50", "3")}
    assert [row["is_varied"] for row in assumptions if row["assumption_code"] == "missing_data"] == ["false"]
