"""Airflow with a metadata database of its own, and pipeline tasks that only record how they were called.

Airflow reads its settings when it is first imported, so no module here imports it, or a DAG, at its top.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etl import settings


class RecordingPipeline:
    """Replaces the functions of etl.pipeline: records calls, returns and raises what a test has set."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.urls = ["drive/a.docx", "drive/b.xlsx"]
        self.received = [1, 2]
        self.loaded = [1]
        self.fails: dict[str, Exception] = {}
        self.credentials: Any = None

    def _record(self, name: str, argument: Any = None) -> None:
        self.calls.append((name, argument))
        if name in self.fails:
            raise self.fails[name]

    def prepare(self) -> None:
        self._record("prepare")

    def discover(self, credentials: Any) -> list[str]:
        self.credentials = credentials
        self._record("discover")
        return self.urls

    def register(self, urls: list[str], credentials: Any) -> list[int]:
        assert credentials == self.credentials
        self._record("register", urls)
        return self.received

    def parse(self, ids: list[int]) -> list[int]:
        self._record("parse", ids)
        return ids

    def validate(self) -> list[int]:
        self._record("validate")
        return self.loaded

    def load(self) -> list[int]:
        self._record("load")
        return self.loaded

    def refresh(self) -> None:
        self._record("refresh")

    def summarise(self, period_code: str, new_submissions: int) -> str:
        self._record("summarise", (period_code, new_submissions))
        return "tóm tắt của kỳ báo cáo"

    def propose_release(self, period_code: str, method_code: str | None) -> dict[str, Any]:
        self._record("propose_release", (period_code, method_code))
        return {
            "period_code": period_code,
            "method_code": method_code or "cchc-quarterly-2021",
            "content_sha256": "ab12",
            "ranked": 10,
            "units": 11,
            "is_simulated": True,
        }

    def create_release(self, period_code: str, reason: str, actor: str, **options: Any) -> int:
        self._record("create_release", {"period_code": period_code, "reason": reason, "actor": actor, **options})
        return 5

    @property
    def order(self) -> list[str]:
        return [name for name, _ in self.calls]

    def arguments_of(self, name: str) -> list[Any]:
        return [argument for recorded, argument in self.calls if recorded == name]


@pytest.fixture(scope="session", autouse=True)
def airflow_var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder instead of var/, with Airflow's empty database; other tests keep their environment."""
    from tools.local_airflow import airflow_home

    var, before = tmp_path_factory.mktemp("var"), dict(os.environ)
    os.environ["CCHC_VAR"] = str(var)
    airflow_home.set_up_single_run()
    airflow_settings = {name: value for name, value in os.environ.items() if name.startswith("AIRFLOW")}
    os.environ.clear()
    os.environ.update(before | airflow_settings)
    airflow_home.migrate_metadata()
    yield var
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def run_settings(airflow_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_VAR", str(airflow_var))
    monkeypatch.setenv("CCHC_DRIVES", str(settings.PROJECT_ROOT / "examples" / "drive"))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> RecordingPipeline:
    from dags import defaults
    from etl import pipeline

    recording = RecordingPipeline()
    for name in pipeline.__all__:
        monkeypatch.setattr(pipeline, name, getattr(recording, name))
    monkeypatch.setitem(defaults.TASK_DEFAULTS, "retries", 0)
    return recording
