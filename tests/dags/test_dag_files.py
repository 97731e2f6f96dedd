from __future__ import annotations

import json
import subprocess
import sys

from etl.settings import PROJECT_ROOT

DAG_FILES = [path for path in (PROJECT_ROOT / "dags").glob("*.py") if path.stem not in ("__init__", "defaults")]
# The operator for approvals is not part of the SDK.
ALLOWED = ("from airflow.sdk", "from airflow.providers.standard.operators.hitl import ApprovalOperator")
HEAVY = ("pandas", "great_expectations", "lxml", "openpyxl", "alembic", "rich.table", "etl.parsing", "etl.ranking")

IMPORT_AND_REPORT = f"""
import json, sys
import airflow.sdk
before = set(sys.modules)
for name in {[path.stem for path in DAG_FILES]!r}:
    __import__("dags." + name)
print(json.dumps([name for name in {HEAVY!r} if name in set(sys.modules) - before]))
"""


def test_airflow_finds_all_dags_without_import_errors() -> None:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(PROJECT_ROOT / "dags"))
    assert bag.import_errors == {}
    assert set(bag.dag_ids) == {path.stem for path in DAG_FILES}
    assert set(bag.dag_ids) == {"quarterly_reports", "ranking_release", "reference_data"}


def test_parsing_the_dag_files_imports_no_heavy_library() -> None:
    process = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_REPORT], check=True, capture_output=True, cwd=PROJECT_ROOT
    )
    assert json.loads(process.stdout.splitlines()[-1]) == []


def test_dag_files_are_short_and_use_only_the_airflow_sdk() -> None:
    for path in DAG_FILES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 100, f"{path.name} has grown beyond wiring"
        airflow_imports = [line for line in text.splitlines() if line.startswith(("import airflow", "from airflow"))]
        assert all(line.startswith(ALLOWED) for line in airflow_imports)
