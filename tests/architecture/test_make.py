"""The make targets that people rely on exist, and pre-commit runs the same checks as `make check`."""

from __future__ import annotations

import re
import subprocess

import yaml

from etl.settings import PROJECT_ROOT

MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")


def make_checks() -> set[str]:
    line = re.search(r"^check: ([^#]*)##", MAKEFILE, re.MULTILINE)
    assert line is not None
    return set(line[1].split())


def test_make_lists_every_target() -> None:
    process = subprocess.run(
        ["make", "--no-print-directory"], check=True, capture_output=True, text=True, cwd=PROJECT_ROOT
    )
    listed = {line.split()[0] for line in process.stdout.splitlines() if line.startswith("  ")}
    assert listed >= {"help", "run", "up", "test", "bench", "check", "backup", "restore", "clean"}


def test_every_benchmark_is_run_by_make_bench() -> None:
    match = re.search(r"^BENCH \?= (.*)$", MAKEFILE, re.MULTILINE)
    assert match is not None
    helpers = {"loader", "peers", "many", "readers"}  # processes of benchmarks.loading and benchmarks.reading
    with_main = {
        path.stem
        for path in (PROJECT_ROOT / "benchmarks").glob("*.py")
        if 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")
    }
    assert set(match[1].split()) == with_main - helpers


def test_pre_commit_runs_what_make_check_runs() -> None:
    config = yaml.safe_load((PROJECT_ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    assert {hook["entry"].removeprefix("make ") for hook in hooks} == make_checks()
    assert {repository["repo"] for repository in config["repos"]} == {"local"}


def test_ci_runs_all_tests_and_studies_and_then_all_checks() -> None:
    lines = (PROJECT_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make test", "make studies", "make check"]
    assert "set -euo pipefail" in lines
