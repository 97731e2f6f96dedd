"""The terminal output of a run without a scheduler (`make run`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.errors import UsageError
from tests.dags.conftest import RecordingPipeline
from tools.local_airflow.__main__ import main


@pytest.fixture(autouse=True)
def without_listeners() -> Iterator[None]:
    from airflow.sdk.listener import get_listener_manager

    yield
    get_listener_manager().clear()


def test_the_terminal_shows_a_line_per_task_and_the_summary(
    recorder: RecordingPipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--period", "2021-Q1"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert [line.split()[0] for line in lines[1:8]] == [
        "prepare",
        "discover",
        "register",
        "parse",
        "validate",
        "load",
        "refresh",
    ]
    assert "2 new files" in printed.out
    assert lines[-1] == "tóm tắt của kỳ báo cáo"
    assert printed.err == ""


def test_a_user_error_is_one_line_without_a_traceback(
    recorder: RecordingPipeline, capsys: pytest.CaptureFixture[str], airflow_var: Path
) -> None:
    recorder.fails["discover"] = UsageError("the drive /nowhere does not exist", "Check CCHC_DRIVES")
    assert main(["run", "--period", "2021-Q1"]) == 2
    printed = capsys.readouterr()
    assert "the drive /nowhere does not exist. Check CCHC_DRIVES" in printed.err
    assert "Traceback" not in printed.out + printed.err
    assert str(airflow_var / "airflow" / "logs" / "quarterly_reports.log") in printed.err


def test_the_traceback_of_a_bug_is_only_in_the_log(
    recorder: RecordingPipeline, capsys: pytest.CaptureFixture[str], airflow_var: Path
) -> None:
    recorder.fails["load"] = KeyError("oops")
    assert main(["run", "--period", "2021-Q1"]) == 3
    assert "Traceback" not in "".join(capsys.readouterr())
    assert "KeyError" in (airflow_var / "airflow" / "logs" / "quarterly_reports.log").read_text(encoding="utf-8")
