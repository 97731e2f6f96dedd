"""A drive that holds the examples, and what a run does with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl import pipeline
from etl.settings import PROJECT_ROOT, Settings

DRIVE = PROJECT_ROOT / "examples" / "drive"


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """A drive that holds the examples, and a warehouse of its own."""
    folder = tmp_path / "drive"
    shutil.copytree(DRIVE, folder)
    monkeypatch.setenv("CCHC_DRIVES", str(folder))
    return folder


def run() -> list[str]:
    """What the DAG does, step by step. Returns what was new."""
    pipeline.prepare()
    new = pipeline.discover()
    pipeline.parse(pipeline.register(new))
    pipeline.validate()
    pipeline.load()
    pipeline.refresh()
    return new
