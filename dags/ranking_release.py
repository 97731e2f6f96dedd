"""Sign the ranking of a period and publish it to every district, after a person has approved it.

The content that was shown is signed, by its hash: if a figure changes in between, nothing is signed. No answer within
the time limit means no.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Asset, Param, dag, task
from airflow.sdk.exceptions import AirflowFailException

from dags.defaults import TASK_DEFAULTS
from etl import periods, pipeline

RANKING_RELEASED = Asset(name="cchc_release", uri="cchc://warehouse/release")
DAYS_TO_APPROVE = 14

SUBJECT = "Ký và công bố xếp hạng | Sign and publish the ranking: {{ ti.xcom_pull('propose')['period_code'] }}"
BODY = """{% set shown = ti.xcom_pull('propose') %}
Bộ tiêu chí {{ shown['method_code'] }}: {{ shown['ranked'] }}/{{ shown['units'] }} đơn vị có thứ hạng.
{% if shown['is_simulated'] %}**Có số liệu mô phỏng: bảng này không xếp hạng ai.**{% endif %}

Method {{ shown['method_code'] }}: {{ shown['ranked'] }} of {{ shown['units'] }} units are ranked.
{% if shown['is_simulated'] %}**Some figures are simulated: this ranks nobody.**{% endif %}

`SELECT * FROM mart.ranking_robustness WHERE period_code = '{{ shown['period_code'] }}'
AND method_code = '{{ shown['method_code'] }}' ORDER BY rank`

Mã băm của nội dung được ký | Hash of what is signed: `{{ shown['content_sha256'] }}`
"""


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params={
        "period": Param(None, type=["null", "string"], description="Such as 2021-Q1; empty: the last to close"),
        "method": Param(None, type=["null", "string"], description="A scoring method; empty: the one in force"),
        "publish": Param(True, type="boolean", description="Also let every district see the period"),
    },
    doc_md=__doc__,
    tags=["cchc"],
)
def ranking_release() -> None:
    @task
    def propose(params: Any = None, dag_run: Any = None) -> dict[str, Any]:
        today = dag_run.run_after.astimezone(periods.PROVINCE_TIME).date()
        period = periods.parse(params["period"]) if params["period"] else periods.closing_on(today)
        return pipeline.propose_release(period.code, params["method"])

    approve = ApprovalOperator(
        task_id="approve",
        subject=SUBJECT,
        body=BODY,
        defaults=ApprovalOperator.REJECT,
        response_timeout=timedelta(days=DAYS_TO_APPROVE),
        execution_timeout=None,
        params={"reason": Param("Công bố kết quả xếp hạng", type="string", description="Lý do, căn cứ | Why")},
    )

    @task(outlets=[RANKING_RELEASED])
    def release(shown: dict[str, Any], answer: Any, params: Any = None, outlet_events: Any = None) -> int:
        # A task that was marked as done by hand has no answer, and one that timed out has no user.
        if not answer or not answer["responded_by_user"]:
            raise AirflowFailException("Nobody has approved the ranking: nothing is signed")
        release_id = pipeline.create_release(
            shown["period_code"],
            answer["params_input"]["reason"],
            answer["responded_by_user"]["name"],
            method_code=shown["method_code"],
            publish=params["publish"],
            expected_sha256=shown["content_sha256"],
        )
        outlet_events[RANKING_RELEASED].extra = {"period_code": shown["period_code"], "release_id": release_id}
        return release_id

    shown = propose()
    shown >> approve >> release(shown, approve.output)


ranking_release()
