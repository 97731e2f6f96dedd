"""Collects the districts' reports, from the drives through reading and judging to the marts. Wiring only.

Each step finds its work by the state that the warehouse keeps, so a run that was killed is finished by the next one.
The period matters to the closing summary alone: whatever lies on the drives is taken up, late reports too.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import Asset, AssetAlias, CronDataIntervalTimetable, Param, dag, task
from airflow.sdk.exceptions import AirflowFailException

from dags.defaults import TASK_DEFAULTS, drive_credentials, steps

PERIOD_LOADED = Asset(name="cchc_period", uri="cchc://warehouse/period")
IF_ANYTHING_WAS = AssetAlias("cchc_period_if_anything_was_loaded")
FILES_IN_A_BATCH = 50  # a mapped task costs about a second, reading a file some hundredths of one

# Windows close on the 14th of March, June, September and December; districts send until the 18th, the province until
# the 20th, some are late. A report counts as received when it is first seen, hence the look just before midnight.
LOOKS = CronDataIntervalTimetable("55 6,11,16,23 15-28 3,6,9,12 *", timezone="Asia/Ho_Chi_Minh")


@dag(
    schedule=LOOKS,
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
        from etl import periods

        # For a scheduled run run_after is the end of its data interval, in UTC: the province may be a day further on.
        today = dag_run.run_after.astimezone(periods.PROVINCE_TIME).date()
        period = periods.parse(params["period"]) if params["period"] else periods.closing_on(today)
        steps().prepare()
        return period.code

    @task
    def discover() -> list[str]:
        return steps().discover(credentials=drive_credentials())

    @task
    def register(urls: list[str]) -> list[list[int]]:
        ids = steps().register(urls, credentials=drive_credentials())
        # One empty batch where nothing is to be read: mapping over none would skip all that follows.
        return [ids[start : start + FILES_IN_A_BATCH] for start in range(0, len(ids), FILES_IN_A_BATCH)] or [[]]

    @task
    def parse(ids: list[int]) -> dict[str, Any]:
        try:
            return {"status": "done", "parsed": steps().parse(ids)}
        except Exception as error:
            logging.getLogger("cchc").exception("This batch stays as it is for the next run: submissions %s", ids)
            return {"status": type(error).__name__, "parsed": []}

    # From here on a step takes all that waits for it, not this run's ids: what a killed run left behind goes along.
    @task
    def validate() -> list[int]:
        return steps().validate()

    @task
    def load() -> list[int]:
        return steps().load()

    @task(outlets=[IF_ANYTHING_WAS])
    def refresh(period: str, loaded: list[int], outlet_events: Any = None) -> None:
        steps().refresh()
        if loaded:
            outlet_events[IF_ANYTHING_WAS].add(PERIOD_LOADED, extra={"period_code": period, "submission_ids": loaded})

    @task
    def summarise(period: str, urls: list[str], batches: Any) -> None:
        logging.getLogger("cchc").info("%s", steps().summarise(period, len(urls)))
        # A slice fetches them all at once; iterating asks once too often, which Airflow logs as an error.
        failed = [batch["status"] for batch in batches[:] if batch["status"] != "done"]
        if failed:
            raise AirflowFailException(f"{len(failed)} batches could not be read ({failed}); the next run tries again")

    period, urls = prepare(), discover()
    batches, loaded = parse.expand(ids=register(urls)), load()
    period >> urls
    batches >> validate() >> loaded >> refresh(period, loaded) >> summarise(period, urls, batches)


quarterly_reports()
