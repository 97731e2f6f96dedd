"""Defaults shared by the DAGs: retries, and the credentials of drives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

from etl.settings import load_settings

# An invalid period or catalogue stays invalid until a person fixes it; an unreachable drive or database recovers.
USER_ERRORS_FAIL = RetryRule(["etl.errors.UsageError", "etl.errors.CatalogueError"], action=RetryAction.FAIL)

TASK_DEFAULTS: dict[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 3,
    "max_retry_delay": timedelta(minutes=15),
    "retry_policy": ExceptionRetryPolicy(rules=[USER_ERRORS_FAIL]),
    "execution_timeout": timedelta(hours=1),
}


def drive_credentials() -> dict[str, dict[str, Any]]:
    """Options by URL prefix, from the Airflow connections that CCHC_DRIVE_CONNECTIONS names.

    Called inside the task that needs them, so that no secret is passed between tasks.
    """
    from airflow.sdk import Connection

    connections = {prefix: Connection.get(name) for prefix, name in load_settings().drive_connections}
    return {
        prefix: {
            **({"username": connection.login} if connection.login else {}),
            **({"password": connection.password} if connection.password else {}),
            **connection.extra_dejson,
        }
        for prefix, connection in connections.items()
    }
