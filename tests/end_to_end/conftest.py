"""A drive with the examples, and a run over it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl import pipeline
from etl.settings import PROJECT_ROOT, Settings

DRIVE = PROJECT_ROOT / "examples" / "drive"


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """A drive with the examples, and an empty warehouse."""
    folder = tmp_path / "drive"
    shutil.copytree(DRIVE, folder)
    monkeypatch.setenv("CCHC_DRIVES", str(folder))
    return folder


def run() -> list[str]:
    """Run all tasks of the DAG. Returns the URLs of the new files."""
    pipeline.prepare()
    urls = pipeline.discover()
    pipeline.parse(pipeline.register(urls))
    pipeline.validate()
    pipeline.load()
    pipeline.refresh()
    return urls
