"""A test that needs a program says so at the end where the program is missing, and fails where all are required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl.settings import PROJECT_ROOT
from tests.needs import PROGRAMS, needs

TWO_TESTS = """
import pytest
from tests import needs as helper
helper.PROGRAMS["no-such-program"] = (("no-such-program",), "nothing at all")

@helper.needs("no-such-program")
def test_with_it(): raise AssertionError("ran without its program")

def test_without_it(): pass
"""
HOOKS = "from tests.conftest import pytest_runtest_setup, pytest_terminal_summary\n"


def run_two_tests(folder: Path, *words: str, **environment: str) -> tuple[int, str]:
    (folder / "test_two.py").write_text(TWO_TESTS)
    (folder / "conftest.py").write_text(HOOKS)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = needs(*programs): programs\n")
    inherited = {name: value for name, value in os.environ.items() if name != "CCHC_REQUIRE_ALL"}
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", *words, str(folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(PROJECT_ROOT)} | environment,
    )
    return told.returncode, told.stdout


@pytest.mark.parametrize("words", [(), ("-n", "1")], ids=["one process", "several processes"])
def test_the_last_lines_name_what_was_not_found(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, printed = run_two_tests(tmp_path, *words)
    assert code == 0
    assert "1 passed, 1 skipped" in printed
    assert printed.splitlines()[-2] == "not found: no-such-program (nothing at all); 1 test skipped"


def test_absence_is_a_failure_where_all_are_required(tmp_path: Path) -> None:
    code, printed = run_two_tests(tmp_path, CCHC_REQUIRE_ALL="1")
    assert code == 1
    assert "CCHC_REQUIRE_ALL is set" in printed
    assert "not found: no-such-program (nothing at all); 1 test failed" in printed


def test_a_program_nobody_described_is_refused() -> None:
    with pytest.raises(ValueError, match="PROGRAMS"):
        needs("no-such-program")
    assert "chromium" in PROGRAMS
