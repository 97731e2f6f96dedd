"""Loads the catalogue into the dimensions, after a new catalogue, form or deadline was installed. Wiring only.

`quarterly_reports` does the same before it looks for files; this one is for those who do not want to wait for it.
"""

from __future__ import annotations

from airflow.sdk import Asset, dag, task

from dags.defaults import TASK_DEFAULTS, steps

REFERENCE_LOADED = Asset(name="cchc_reference", uri="cchc://warehouse/reference")


@dag(schedule=None, catchup=False, max_active_runs=1, default_args=TASK_DEFAULTS, doc_md=__doc__, tags=["cchc"])
def reference_data() -> None:
    @task(outlets=[REFERENCE_LOADED])
    def load() -> None:
        steps().prepare()

    load()


reference_data()
