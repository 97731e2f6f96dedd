"""What the DAGs share: how often a task is tried again, and the way to the steps."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from etl.settings import load_settings

# A wrong period or catalogue stays wrong until a person mends it; a drive or a database that is away comes back.
NO_USE_TO_RETRY = RetryRule(["etl.errors.UsageError", "etl.errors.CatalogueError"], action=RetryAction.FAIL)

TASK_DEFAULTS: dict[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 3,
    "max_retry_delay": timedelta(minutes=15),
    "retry_policy": ExceptionRetryPolicy(rules=[NO_USE_TO_RETRY]),
    "execution_timeout": timedelta(hours=1),
}


def steps() -> ModuleType:
    """`etl.pipeline`, imported by the task that runs a step: to read a DAG file needs neither it nor a database."""
    from etl import pipeline

    return pipeline


def drive_credentials() -> dict[str, dict[str, Any]]:
    """Options by URL prefix, from the Airflow connections that CCHC_DRIVE_CONNECTIONS names.

    Looked up within the task that needs them, so that no secret passes from task to task.
    """
    from airflow.sdk import Connection

    found = {prefix: Connection.get(name) for prefix, name in load_settings().drive_connections}
    return {
        prefix: {
            **({"username": connection.login} if connection.login else {}),
            **({"password": connection.password} if connection.password else {}),
            **connection.extra_dejson,
        }
        for prefix, connection in found.items()
    }
