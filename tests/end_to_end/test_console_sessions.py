"""The output shown in the docs is what the commands print."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etl.settings import PROJECT_ROOT, Settings
from tests.end_to_end import transcript


@pytest.mark.parametrize("name", ["history.md", "validation.md", "ranking.md"])
def test_commands_print_what_the_page_shows(name: str, settings: Settings, tmp_path: Path) -> None:
    page = (PROJECT_ROOT / "docs" / name).read_text(encoding="utf-8")
    environment = {**os.environ, "USER": "clerk", "LOGNAME": "clerk", "TMPDIR": str(tmp_path)}
    updated = transcript.rewritten(page, transcript.run(page, environment))
    assert transcript.comparable(updated) == transcript.comparable(page)
