"""Only what a person saw and approved is signed, in that person's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from etl.errors import UsageError
from tests.dags.conftest import RecordingPipeline
from tests.dags.test_quarterly_reports import asset_events_of


def ranking_release() -> Any:
    from dags.ranking_release import ranking_release as make

    return make()


def run(monkeypatch: pytest.MonkeyPatch, choice: str, **conf: Any) -> Any:
    """A run in which a person has chosen: the operator continues at once, as if the answer had arrived."""
    from airflow.providers.standard.operators.hitl import ApprovalOperator

    def answered(self: Any, context: Any) -> Any:
        event = {
            "chosen_options": [choice],
            "params_input": {"reason": "Công văn 30/SNV"},
            "responded_at": datetime(2021, 4, 1, tzinfo=UTC),
            "responded_by_user": {"id": "7", "name": "Giám đốc Sở"},
        }
        return self.execute_complete(context, event)

    monkeypatch.setattr(ApprovalOperator, "execute", answered)
    return ranking_release().test(run_conf=conf)


def states(finished: Any) -> dict[str, str]:
    return {task.task_id: task.state for task in finished.get_task_instances()}


def test_the_approved_content_is_signed_in_the_name_of_the_approver(
    recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = run(monkeypatch, "Approve", period="2021-Q1")
    assert finished.state == "success"
    assert recorder.arguments_of("propose_release") == [("2021-Q1", None)]
    assert recorder.arguments_of("create_release") == [
        {
            "period_code": "2021-Q1",
            "reason": "Công văn 30/SNV",
            "actor": "Giám đốc Sở",
            "method_code": "cchc-quarterly-2021",
            "publish": True,
            "expected_sha256": "ab12",
        }
    ]
    assert asset_events_of(finished.run_id) == [{"period_code": "2021-Q1", "release_id": 5}]


def test_a_rejection_signs_nothing_and_the_run_succeeds(
    recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = run(monkeypatch, "Reject", period="2021-Q1")
    assert finished.state == "success"
    assert states(finished) == {"propose": "success", "approve": "success", "release": "skipped"}
    assert recorder.arguments_of("create_release") == []
    assert asset_events_of(finished.run_id) == []


def test_marking_the_approval_task_as_done_is_not_an_approval(recorder: RecordingPipeline) -> None:
    finished = ranking_release().test(run_conf={"period": "2021-Q1"}, mark_success_pattern="approve")
    assert states(finished) == {"propose": "success", "approve": "success", "release": "failed"}
    assert recorder.arguments_of("create_release") == []


def test_figures_that_changed_after_the_proposal_fail_the_run_without_an_asset_event(
    recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.fails["create_release"] = UsageError("the ranking is another one than was shown")
    finished = run(monkeypatch, "Approve", period="2021-Q1")
    assert states(finished)["release"] == "failed"
    assert asset_events_of(finished.run_id) == []


def test_a_ranking_can_be_signed_without_publishing_it(
    recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, "Approve", period="2021-Q1", publish=False)
    assert recorder.arguments_of("create_release")[0]["publish"] is False


def test_the_approval_shows_what_would_be_signed_and_times_out_as_a_rejection(
    recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.providers.standard.operators.hitl import ApprovalOperator

    shown: list[tuple[str, str]] = []
    execute_complete = ApprovalOperator.execute_complete

    def record(self: Any, context: Any, event: Any) -> Any:
        shown.append((self.subject, self.body))
        return execute_complete(self, context, event)

    monkeypatch.setattr(ApprovalOperator, "execute_complete", record)
    run(monkeypatch, "Reject", period="2021-Q1")
    ((subject, body),) = shown
    assert "2021-Q1" in subject
    assert "10/11 đơn vị" in body and "ab12" in body and "mô phỏng" in body
    approve = ranking_release().get_task("approve")
    assert approve.defaults == ["Reject"]
    assert approve.response_timeout.days == 14


def test_the_approval_has_no_execution_timeout() -> None:
    dag = ranking_release()
    assert dag.get_task("approve").execution_timeout is None
    assert dag.get_task("release").upstream_task_ids == {"propose", "approve"}
    assert (dag.max_active_runs, dag.catchup) == (1, False)
