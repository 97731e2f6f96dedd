"""Commands that need no heavy library import none, so that they answer at once."""

from __future__ import annotations

import json
import subprocess
import sys

from etl.settings import PROJECT_ROOT

HEAVY = ("pandas", "numpy", "sqlalchemy", "great_expectations", "airflow", "psycopg2", "psycopg")
RUN_AND_REPORT = f"""
import json, runpy, sys
try:
    runpy.run_module("etl", run_name="__main__", alter_sys=True)
finally:
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    print(json.dumps(loaded), file=sys.stderr)
"""


def run_and_report(*args: str) -> tuple[str, list[str]]:
    """What a command prints, and the heavy libraries that it imported."""
    process = subprocess.run(
        [sys.executable, "-c", RUN_AND_REPORT, *args], check=True, capture_output=True, text=True, cwd=PROJECT_ROOT
    )
    loaded: list[str] = json.loads(process.stderr.splitlines()[-1])
    return process.stdout, loaded


def test_extract_loads_no_heavy_library_from_any_file_format() -> None:
    examples = sorted((PROJECT_ROOT / "examples" / "drive").rglob("946*.*"))
    assert {path.suffix for path in examples} >= {".docx", ".xlsx"}
    for path in examples:
        printed, loaded = run_and_report("extract", str(path), "--format", "csv")
        assert printed.count("\n") > 174
        assert loaded == [], f"reading {path.name} loads {', '.join(loaded)}"
