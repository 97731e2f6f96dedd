"""Documentation names files and folders that exist."""

from __future__ import annotations

import re

import pytest

from etl.settings import PROJECT_ROOT

_PATH = re.compile(r"`((?:dags|etl|sql|expectations|tests|benchmarks|docker|docs|examples)/[\w./-]*)`")
PAGES = ("docs/architecture.md", "docs/adr/0005-matching-rows.md", "docs/adr/0016-typed-values.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_in_a_page_exists(page: str) -> None:
    paths = _PATH.findall((PROJECT_ROOT / page).read_text(encoding="utf-8"))
    assert paths
    assert [path for path in paths if not (PROJECT_ROOT / path).exists()] == []
