from __future__ import annotations

import json
import subprocess
import sys

from etl.settings import PROJECT_ROOT

DAG_FILES = [path for path in (PROJECT_ROOT / "dags").glob("*.py") if path.stem not in ("__init__", "defaults")]
# The one operator that asks a person is not part of the SDK.
ALLOWED = ("from airflow.sdk", "from airflow.providers.standard.operators.hitl import ApprovalOperator")
WATCHED = ("etl.pipeline", "etl.database", "psycopg2", "pandas", "great_expectations", "lxml")

IMPORT_AND_TELL = f"""
import json, sys, time
import airflow.sdk
before = time.perf_counter()
for name in {[path.stem for path in DAG_FILES]!r}:
    __import__("dags." + name)
seconds = time.perf_counter() - before
print(json.dumps({{"seconds": seconds, "loaded": [name for name in {WATCHED!r} if name in sys.modules]}}))
"""


def test_airflow_finds_the_dags_and_nothing_else() -> None:
    from airflow.dag_processing.dagbag import DagBag

    found = DagBag(dag_folder=str(PROJECT_ROOT / "dags"))
    assert found.import_errors == {}
    assert (
        set(found.dag_ids)
        == {path.stem for path in DAG_FILES}
        == {
            "quarterly_reports",
            "ranking_release",
            "reference_data",
        }
    )


def test_reading_the_dag_files_is_quick_and_touches_no_step_and_no_database() -> None:
    told = subprocess.run([sys.executable, "-c", IMPORT_AND_TELL], check=True, capture_output=True, cwd=PROJECT_ROOT)
    result = json.loads(told.stdout.splitlines()[-1])
    assert result["loaded"] == []
    assert result["seconds"] < 2


def test_dag_files_are_wiring_only() -> None:
    for path in DAG_FILES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 100, f"{path.name} has grown beyond wiring"
        airflow_imports = [line for line in text.splitlines() if line.startswith(("import airflow", "from airflow"))]
        assert all(line.startswith(ALLOWED) for line in airflow_imports)
