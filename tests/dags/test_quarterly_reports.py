from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from etl.catalogue import load_catalogue
from etl.errors import DatabaseUnavailable, UsageError
from etl.periods import PROVINCE_TIME
from tests.dags.conftest import RecordingPipeline


def quarterly_reports() -> Any:
    from dags.quarterly_reports import quarterly_reports as make

    return make()


def run(**conf: str) -> Any:
    return quarterly_reports().test(run_conf=conf)


def asset_events_of(run_id: str) -> list[Any]:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    with create_session() as session:
        return [event.extra for event in session.query(AssetEvent).filter_by(source_run_id=run_id)]


def test_tasks_run_one_after_the_other() -> None:
    dag = quarterly_reports()
    chain = ["prepare", "discover", "register", "parse", "validate", "load", "refresh", "summarise"]
    assert set(dag.task_ids) == set(chain)
    for earlier, later in itertools.pairwise(chain):
        assert later in dag.get_task(earlier).downstream_task_ids, f"{later} does not wait for {earlier}"


def test_a_run_takes_files_through_all_tasks(recorder: RecordingPipeline) -> None:
    state = run(period="2021-Q1").state
    assert state == "success"
    assert recorder.order == ["prepare", "discover", "register", "parse", "validate", "load", "refresh", "summarise"]
    assert recorder.arguments_of("register") == [["drive/a.docx", "drive/b.xlsx"]]
    assert recorder.arguments_of("parse") == [[1, 2]]
    assert recorder.arguments_of("summarise") == [("2021-Q1", 2)]


def test_many_files_are_parsed_in_batches(recorder: RecordingPipeline) -> None:
    recorder.received = list(range(120))
    run(period="2021-Q1")
    batches = sorted(recorder.arguments_of("parse"))
    assert [len(batch) for batch in batches] == [50, 50, 20]
    assert [number for batch in batches for number in batch] == list(range(120))


def test_a_loaded_period_emits_an_asset_event_with_its_ids(recorder: RecordingPipeline) -> None:
    recorder.loaded = [7, 8]
    finished = run(period="2021-Q1")
    assert asset_events_of(finished.run_id) == [{"period_code": "2021-Q1", "submission_ids": [7, 8]}]


def test_a_run_without_new_files_succeeds_and_emits_no_asset_event(recorder: RecordingPipeline) -> None:
    recorder.urls, recorder.received, recorder.loaded = [], [], []
    finished = run(period="2021-Q1")
    assert finished.state == "success"
    assert recorder.order[-3:] == ["load", "refresh", "summarise"]
    assert recorder.arguments_of("summarise") == [("2021-Q1", 0)]
    assert asset_events_of(finished.run_id) == []


def test_a_failed_batch_does_not_stop_the_others_and_fails_the_summary(recorder: RecordingPipeline) -> None:
    recorder.fails["parse"] = ValueError("a fault of ours")
    finished = run(period="2021-Q1")
    states = {task.task_id: task.state for task in finished.get_task_instances()}
    assert states["parse"] == states["load"] == states["refresh"] == "success"
    assert states["summarise"] == "failed"
    assert recorder.order[-1] == "summarise"


def test_a_failed_task_stops_the_run(recorder: RecordingPipeline) -> None:
    recorder.fails["register"] = DatabaseUnavailable("The database is away")
    assert run(period="2021-Q1").state == "failed"
    assert recorder.order == ["prepare", "discover", "register"]


def test_an_invalid_period_fails_before_anything_is_done(recorder: RecordingPipeline) -> None:
    assert run(period="2021-Q7").state == "failed"
    assert recorder.calls == []


@pytest.mark.parametrize(
    ("run_after", "period"),
    [
        (datetime(2021, 3, 14, 16, 59, tzinfo=UTC), "2020-FY"),  # 23:59 on the 14th in the province: not closed yet
        (datetime(2021, 3, 14, 23, 55, tzinfo=UTC), "2021-Q1"),  # 06:55 on the 15th in the province
        (datetime(2021, 6, 18, 16, 55, tzinfo=UTC), "2021-H1"),
        (datetime(2021, 12, 27, 23, 55, tzinfo=UTC), "2021-FY"),
    ],
)
def test_the_default_period_is_the_last_that_closed_in_the_province(
    recorder: RecordingPipeline, run_after: datetime, period: str
) -> None:
    prepare = quarterly_reports().get_task("prepare").python_callable
    assert prepare(params={"period": None}, dag_run=SimpleNamespace(run_after=run_after)) == period


def test_a_run_is_scheduled_in_the_last_hour_before_every_deadline() -> None:
    from airflow.sdk import timezone
    from airflow.serialization.encoders import coerce_to_core_timetable

    timetable = coerce_to_core_timetable(quarterly_reports().timetable)
    for period in load_catalogue().periods.values():
        midnight = datetime.combine(period.due_on + timedelta(days=1), time(), PROVINCE_TIME)
        last = timetable.infer_manual_data_interval(run_after=timezone.coerce_datetime(midnight)).end
        assert midnight - timedelta(hours=1) <= last <= midnight, f"{period.period.code}: last look at {last}"


def test_user_errors_are_not_retried() -> None:
    from dags.defaults import TASK_DEFAULTS

    policy = TASK_DEFAULTS["retry_policy"]
    assert policy.evaluate(UsageError("no drive is set"), 1, 3).action.value == "fail"
    assert policy.evaluate(DatabaseUnavailable("away"), 1, 3).action.value != "fail"
    assert TASK_DEFAULTS["retries"] > 0


def test_one_run_at_a_time_without_catchup() -> None:
    dag = quarterly_reports()
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_reference_data_loads_the_catalogue(recorder: RecordingPipeline) -> None:
    from dags.reference_data import reference_data

    assert reference_data().test().state == "success"
    assert recorder.order == ["prepare"]


def test_drive_credentials_come_from_an_airflow_connection(
    recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = '{"conn_type": "smb", "login": "reader", "password": "hidden", "extra": {"timeout": 5}}'
    monkeypatch.setenv("AIRFLOW_CONN_DEPARTMENT_DRIVE", connection)
    monkeypatch.setenv("CCHC_DRIVE_CONNECTIONS", "smb://server/reports=department_drive")
    finished = run(period="2021-Q1")
    assert finished.state == "success"
    expected = {"username": "reader", "password": "hidden", "timeout": 5}
    assert recorder.credentials == {"smb://server/reports": expected}


def test_no_secret_is_passed_between_tasks(recorder: RecordingPipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    monkeypatch.setenv("AIRFLOW_CONN_DEPARTMENT_DRIVE", '{"conn_type": "smb", "password": "very-hidden-word"}')
    monkeypatch.setenv("CCHC_DRIVE_CONNECTIONS", "smb://server/reports=department_drive")
    finished = run(period="2021-Q1")
    with create_session() as session:
        values = [str(xcom.value) for xcom in session.query(XComModel).filter_by(run_id=finished.run_id)]
    assert values
    assert not any("very-hidden-word" in value for value in values)
