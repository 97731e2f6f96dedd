"""Collect the districts' reports: from the drives through parsing and validation to the marts.

Each task finds its work by the status stored in the warehouse, so the next run completes what a killed run left behind.
The period only selects the closing summary: every run processes all new files, late reports too.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import Asset, AssetAlias, CronDataIntervalTimetable, Param, dag, task
from airflow.sdk.exceptions import AirflowFailException

from dags.defaults import TASK_DEFAULTS, drive_credentials
from etl import periods, pipeline

PERIOD_LOADED = Asset(name="cchc_period", uri="cchc://warehouse/period")
PERIOD_LOADED_IF_ANY = AssetAlias("cchc_period_if_anything_was_loaded")
BATCH_SIZE = 50  # a mapped task costs about a second, parsing a file some hundredths of one

# Periods close on the 14th of March, June, September and December; districts report until the 18th, the province on the
# 20th, and some are late. A report counts as received when it is first seen, hence the run just before midnight.
SCHEDULE = CronDataIntervalTimetable("55 6,11,16,23 15-28 3,6,9,12 *", timezone="Asia/Ho_Chi_Minh")


@dag(
    schedule=SCHEDULE,
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params={"period": Param(None, type=["null", "string"], description="Such as 2021-Q1; empty: the last to close")},
    doc_md=__doc__,
    tags=["cchc"],
)
def quarterly_reports() -> None:
    @task
    def prepare(params: Any = None, dag_run: Any = None) -> str:
        # run_after is in UTC; in the province it may already be the next day.
        today = dag_run.run_after.astimezone(periods.PROVINCE_TIME).date()
        period = periods.parse(params["period"]) if params["period"] else periods.closing_on(today)
        pipeline.prepare()
        return period.code

    @task
    def discover() -> list[str]:
        return pipeline.discover(credentials=drive_credentials())

    @task
    def register(urls: list[str]) -> list[list[int]]:
        ids = pipeline.register(urls, credentials=drive_credentials())
        # One empty batch if there is nothing to parse: mapping over an empty list would skip all later tasks.
        return [ids[start : start + BATCH_SIZE] for start in range(0, len(ids), BATCH_SIZE)] or [[]]

    @task
    def parse(ids: list[int]) -> dict[str, Any]:
        try:
            return {"status": "done", "parsed": pipeline.parse(ids)}
        except Exception as error:
            logging.getLogger("cchc").exception("Parsing failed; the next run retries submissions %s", ids)
            return {"status": type(error).__name__, "parsed": []}

    # These tasks process everything that waits for them, not only this run's ids.
    @task
    def validate() -> list[int]:
        return pipeline.validate()

    @task
    def load() -> list[int]:
        return pipeline.load()

    @task(outlets=[PERIOD_LOADED_IF_ANY])
    def refresh(period: str, loaded: list[int], outlet_events: Any = None) -> None:
        pipeline.refresh()
        if loaded:
            extra = {"period_code": period, "submission_ids": loaded}
            outlet_events[PERIOD_LOADED_IF_ANY].add(PERIOD_LOADED, extra=extra)

    @task
    def summarise(period: str, urls: list[str], batches: Any) -> None:
        logging.getLogger("cchc").info("%s", pipeline.summarise(period, len(urls)))
        # A slice fetches all results at once; iterating requests one too many, which Airflow logs as an error.
        failed = [batch["status"] for batch in batches[:] if batch["status"] != "done"]
        if failed:
            raise AirflowFailException(f"{len(failed)} batches could not be parsed ({failed}); the next run retries")

    period, urls = prepare(), discover()
    batches, loaded = parse.expand(ids=register(urls)), load()
    period >> urls
    batches >> validate() >> loaded >> refresh(period, loaded) >> summarise(period, urls, batches)


quarterly_reports()
