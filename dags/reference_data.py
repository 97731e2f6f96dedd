"""Load the catalogue into the dimensions. Trigger it after installing a new catalogue, form or deadline.

`quarterly_reports` does the same before it looks for files.
"""

from __future__ import annotations

from airflow.sdk import Asset, dag, task

from dags.defaults import TASK_DEFAULTS
from etl import pipeline

REFERENCE_LOADED = Asset(name="cchc_reference", uri="cchc://warehouse/reference")


@dag(schedule=None, catchup=False, max_active_runs=1, default_args=TASK_DEFAULTS, doc_md=__doc__, tags=["cchc"])
def reference_data() -> None:
    @task(outlets=[REFERENCE_LOADED])
    def load() -> None:
        pipeline.prepare()

    load()


reference_data()
