"""Airflow in a home of its own, and steps that only keep a record of how they were called.

Airflow reads its settings at its first import: so no module here imports it, or a DAG, at its top.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etl import settings


class RecordingSteps:
    """Stands in for etl.pipeline: remembers its calls, returns what a test set, raises what a test set."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.urls = ["drive/a.docx", "drive/b.xlsx"]
        self.received = [1, 2]
        self.loaded = [1]
        self.fails: dict[str, Exception] = {}
        self.credentials: Any = None

    def _called(self, name: str, argument: Any = None) -> None:
        self.calls.append((name, argument))
        if name in self.fails:
            raise self.fails[name]

    def prepare(self) -> None:
        self._called("prepare")

    def discover(self, credentials: Any) -> list[str]:
        self.credentials = credentials
        self._called("discover")
        return self.urls

    def register(self, urls: list[str], credentials: Any) -> list[int]:
        assert credentials == self.credentials
        self._called("register", urls)
        return self.received

    def parse(self, ids: list[int]) -> list[int]:
        self._called("parse", ids)
        return ids

    def validate(self) -> list[int]:
        self._called("validate")
        return self.loaded

    def load(self) -> list[int]:
        self._called("load")
        return self.loaded

    def refresh(self) -> None:
        self._called("refresh")

    def summarise(self, period_code: str, new_submissions: int) -> str:
        self._called("summarise", (period_code, new_submissions))
        return "tóm tắt của kỳ báo cáo"

    def propose_release(self, period_code: str, method_code: str | None) -> dict[str, Any]:
        self._called("propose_release", (period_code, method_code))
        return {
            "period_code": period_code,
            "method_code": method_code or "cchc-quarterly-2021",
            "content_sha256": "ab12",
            "ranked": 10,
            "units": 11,
            "is_simulated": True,
        }

    def create_release(self, period_code: str, reason: str, actor: str, **given: Any) -> int:
        self._called("create_release", {"period_code": period_code, "reason": reason, "actor": actor, **given})
        return 5

    @property
    def order(self) -> list[str]:
        return [name for name, _ in self.calls]

    def arguments_of(self, name: str) -> list[Any]:
        return [argument for called, argument in self.calls if called == name]


@pytest.fixture(scope="session", autouse=True)
def airflow_var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in the place of var/ with Airflow's empty database in it; other tests keep their environment."""
    from dags.local import airflow_home

    var, before = tmp_path_factory.mktemp("var"), dict(os.environ)
    os.environ["CCHC_VAR"] = str(var)
    airflow_home.set_up_for_one_run()
    ours = {name: value for name, value in os.environ.items() if name.startswith("AIRFLOW")}
    os.environ.clear()
    os.environ.update(before | ours)
    airflow_home.ensure_records()
    yield var
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def settings_of_a_run(airflow_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_VAR", str(airflow_var))
    monkeypatch.setenv("CCHC_DRIVES", str(settings.PROJECT_ROOT / "examples" / "drive"))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> RecordingSteps:
    from dags import defaults, quarterly_reports, ranking_release, reference_data

    recording = RecordingSteps()
    for module in (quarterly_reports, ranking_release, reference_data):
        monkeypatch.setattr(module, "steps", lambda: recording)
    monkeypatch.setitem(defaults.TASK_DEFAULTS, "retries", 0)
    return recording
