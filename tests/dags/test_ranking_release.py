"""Nothing is signed but what a person saw and approved, under that person's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from etl.errors import UsageError
from tests.dags.conftest import RecordingSteps
from tests.dags.test_quarterly_reports import asset_events_of


def ranking_release() -> Any:
    from dags.ranking_release import ranking_release as make

    return make()


def run(monkeypatch: pytest.MonkeyPatch, choice: str, **conf: Any) -> Any:
    """A run in which a person chooses: the operator is asked on as when its answer has come, and waits for nobody."""
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


def test_what_was_approved_is_signed_in_the_name_of_who_approved_it(
    steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = run(monkeypatch, "Approve", period="2021-Q1")
    assert finished.state == "success"
    assert steps.arguments_of("propose_release") == [("2021-Q1", None)]
    assert steps.arguments_of("create_release") == [
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


def test_a_no_signs_nothing_and_is_no_failure(steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch) -> None:
    finished = run(monkeypatch, "Reject", period="2021-Q1")
    assert finished.state == "success"
    assert states(finished) == {"propose": "success", "approve": "success", "release": "skipped"}
    assert steps.arguments_of("create_release") == []
    assert asset_events_of(finished.run_id) == []


def test_a_task_that_somebody_marked_as_done_is_no_approval(steps: RecordingSteps) -> None:
    finished = ranking_release().test(run_conf={"period": "2021-Q1"}, mark_success_pattern="approve")
    assert states(finished) == {"propose": "success", "approve": "success", "release": "failed"}
    assert steps.arguments_of("create_release") == []


def test_where_the_figures_moved_meanwhile_the_run_fails_and_nothing_is_announced(
    steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps.fails["create_release"] = UsageError("the ranking is another one than was shown")
    finished = run(monkeypatch, "Approve", period="2021-Q1")
    assert states(finished)["release"] == "failed"
    assert asset_events_of(finished.run_id) == []


def test_it_can_be_signed_without_being_published(steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "Approve", period="2021-Q1", publish=False)
    assert steps.arguments_of("create_release")[0]["publish"] is False


def test_what_is_asked_shows_what_would_be_signed_and_no_answer_is_a_no(
    steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.providers.standard.operators.hitl import ApprovalOperator

    asked: list[tuple[str, str]] = []
    kept = ApprovalOperator.execute_complete

    def look(self: Any, context: Any, event: Any) -> Any:
        asked.append((self.subject, self.body))
        return kept(self, context, event)

    monkeypatch.setattr(ApprovalOperator, "execute_complete", look)
    run(monkeypatch, "Reject", period="2021-Q1")
    ((subject, body),) = asked
    assert "2021-Q1" in subject
    assert "10/11 đơn vị" in body and "ab12" in body and "mô phỏng" in body
    approve = ranking_release().get_task("approve")
    assert approve.defaults == ["Reject"]
    assert approve.response_timeout.days == 14


def test_no_retry_and_no_time_limit_presses_whoever_decides() -> None:
    dag = ranking_release()
    assert dag.get_task("approve").execution_timeout is None
    assert dag.get_task("release").upstream_task_ids == {"propose", "approve"}
    assert (dag.max_active_runs, dag.catchup) == (1, False)
