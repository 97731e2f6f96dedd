from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from etl.catalogue import load_catalogue
from etl.errors import DatabaseUnavailable, UsageError
from etl.periods import PROVINCE_TIME
from tests.dags.conftest import RecordingSteps


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


def test_the_steps_follow_each_other() -> None:
    dag = quarterly_reports()
    chain = ["prepare", "discover", "register", "parse", "validate", "load", "refresh", "summarise"]
    assert set(dag.task_ids) == set(chain)
    for earlier, later in itertools.pairwise(chain):
        assert later in dag.get_task(earlier).downstream_task_ids, f"{later} does not wait for {earlier}"


def test_a_run_takes_the_files_through_all_steps(steps: RecordingSteps) -> None:
    state = run(period="2021-Q1").state
    assert state == "success"
    assert steps.order == ["prepare", "discover", "register", "parse", "validate", "load", "refresh", "summarise"]
    assert steps.arguments_of("register") == [["drive/a.docx", "drive/b.xlsx"]]
    assert steps.arguments_of("parse") == [[1, 2]]
    assert steps.arguments_of("summarise") == [("2021-Q1", 2)]


def test_many_files_are_read_in_batches(steps: RecordingSteps) -> None:
    steps.received = list(range(120))
    run(period="2021-Q1")
    batches = sorted(steps.arguments_of("parse"))
    assert [len(batch) for batch in batches] == [50, 50, 20]
    assert [number for batch in batches for number in batch] == list(range(120))


def test_a_loaded_period_is_announced_with_its_ids(steps: RecordingSteps) -> None:
    steps.loaded = [7, 8]
    finished = run(period="2021-Q1")
    assert asset_events_of(finished.run_id) == [{"period_code": "2021-Q1", "submission_ids": [7, 8]}]


def test_nothing_new_is_a_success_that_announces_nothing(steps: RecordingSteps) -> None:
    steps.urls, steps.received, steps.loaded = [], [], []
    finished = run(period="2021-Q1")
    assert finished.state == "success"
    assert steps.order[-3:] == ["load", "refresh", "summarise"]
    assert steps.arguments_of("summarise") == [("2021-Q1", 0)]
    assert asset_events_of(finished.run_id) == []


def test_a_batch_that_fails_holds_up_nobody_and_is_said_at_the_end(steps: RecordingSteps) -> None:
    steps.fails["parse"] = ValueError("a fault of ours")
    finished = run(period="2021-Q1")
    states = {task.task_id: task.state for task in finished.get_task_instances()}
    assert states["parse"] == states["load"] == states["refresh"] == "success"
    assert states["summarise"] == "failed"
    assert steps.order[-1] == "summarise"


def test_a_step_that_fails_stops_the_run(steps: RecordingSteps) -> None:
    steps.fails["register"] = DatabaseUnavailable("The database is away")
    assert run(period="2021-Q1").state == "failed"
    assert steps.order == ["prepare", "discover", "register"]


def test_a_wrong_period_is_said_before_anything_is_done(steps: RecordingSteps) -> None:
    assert run(period="2021-Q7").state == "failed"
    assert steps.calls == []


@pytest.mark.parametrize(
    ("run_after", "period"),
    [
        (datetime(2021, 3, 14, 16, 59, tzinfo=UTC), "2020-FY"),  # 23:59 on the 14th in the province: not closed yet
        (datetime(2021, 3, 14, 23, 55, tzinfo=UTC), "2021-Q1"),  # 06:55 on the 15th in the province
        (datetime(2021, 6, 18, 16, 55, tzinfo=UTC), "2021-H1"),
        (datetime(2021, 12, 27, 23, 55, tzinfo=UTC), "2021-FY"),
    ],
)
def test_without_a_period_the_last_that_closed_in_the_province_is_meant(
    steps: RecordingSteps, run_after: datetime, period: str
) -> None:
    prepare = quarterly_reports().get_task("prepare").python_callable
    assert prepare(params={"period": None}, dag_run=SimpleNamespace(run_after=run_after)) == period


def test_the_drives_are_looked_at_in_the_last_hour_of_every_deadline() -> None:
    from airflow.sdk import timezone
    from airflow.serialization.encoders import coerce_to_core_timetable

    timetable = coerce_to_core_timetable(quarterly_reports().timetable)
    for period in load_catalogue().periods.values():
        midnight = datetime.combine(period.due_on + timedelta(days=1), time(), PROVINCE_TIME)
        last = timetable.infer_manual_data_interval(run_after=timezone.coerce_datetime(midnight)).end
        assert midnight - timedelta(hours=1) <= last <= midnight, f"{period.period.code}: last look at {last}"


def test_what_a_person_must_mend_is_not_tried_again() -> None:
    from dags.defaults import TASK_DEFAULTS

    policy = TASK_DEFAULTS["retry_policy"]
    assert policy.evaluate(UsageError("no drive is set"), 1, 3).action.value == "fail"
    assert policy.evaluate(DatabaseUnavailable("away"), 1, 3).action.value != "fail"
    assert TASK_DEFAULTS["retries"] > 0


def test_one_run_at_a_time_and_none_made_up_for_the_past() -> None:
    dag = quarterly_reports()
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_reference_data_loads_the_catalogue(steps: RecordingSteps) -> None:
    from dags.reference_data import reference_data

    assert reference_data().test().state == "success"
    assert steps.order == ["prepare"]


def test_the_credentials_of_a_drive_come_from_an_airflow_connection(
    steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = '{"conn_type": "smb", "login": "reader", "password": "hidden", "extra": {"timeout": 5}}'
    monkeypatch.setenv("AIRFLOW_CONN_DEPARTMENT_DRIVE", connection)
    monkeypatch.setenv("CCHC_DRIVE_CONNECTIONS", "smb://server/reports=department_drive")
    finished = run(period="2021-Q1")
    assert finished.state == "success"
    expected = {"username": "reader", "password": "hidden", "timeout": 5}
    assert steps.credentials == {"smb://server/reports": expected}


def test_no_secret_passes_from_task_to_task(steps: RecordingSteps, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    monkeypatch.setenv("AIRFLOW_CONN_DEPARTMENT_DRIVE", '{"conn_type": "smb", "password": "very-hidden-word"}')
    monkeypatch.setenv("CCHC_DRIVE_CONNECTIONS", "smb://server/reports=department_drive")
    finished = run(period="2021-Q1")
    with create_session() as session:
        passed = [str(each.value) for each in session.query(XComModel).filter_by(run_id=finished.run_id)]
    assert passed
    assert not any("very-hidden-word" in value for value in passed)
