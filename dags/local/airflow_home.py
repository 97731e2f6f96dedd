"""Where Airflow lives on one machine: its settings, and its own database beside the embedded warehouse."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from etl import database, settings
from etl.settings import load_settings

_METADATA = "airflow"


def _set_up(home: Path, records: str) -> None:
    """To be called before the first import of Airflow. An Airflow of the caller's own is left alone."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": records,
        # Without it Airflow guesses asyncpg; psycopg serves both ways.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": records.replace("sqlite:", "sqlite+aiosqlite:"),
        "NO_COLOR": "1",
    }
    os.environ.setdefault("CCHC_DRIVES", str(settings.PROJECT_ROOT / "examples" / "drive"))


def set_up_for_one_run() -> Path:
    """Settings for a run in this process; returns the folder for its logs.

    Its records are in SQLite, apart from those of `serve`: a scheduler that saw this run would run its tasks as well.
    """
    home = load_settings().var / "airflow"
    _set_up(home, f"sqlite:///{home / 'run.db'}")
    return home / "logs"


def ensure_records() -> None:
    """Makes Airflow's database or brings it up to date; costs half a second where there is nothing to do."""
    from airflow.utils import db

    try:
        db.check_migrations(timeout=0)
    except TimeoutError:
        db.upgradedb()


def _records_for_serving(home: Path) -> str:
    settings = load_settings()
    if not settings.uses_embedded_database:
        return f"sqlite:///{home / 'serve.db'}"
    address = database.companion_url(settings, _METADATA)
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


def set_up_for_serving() -> Path:
    """Settings for a scheduler and pages, for this machine alone and without a password; returns the folder of logs."""
    home = load_settings().var / "airflow"
    _set_up(home, _records_for_serving(home))
    port = os.environ.setdefault("AIRFLOW__API__PORT", "8080")
    # One for all parts: at their very first start each would make up its own, and no task could speak to the server.
    os.environ.setdefault("AIRFLOW__API_AUTH__JWT_SECRET", secrets.token_urlsafe(48))
    os.environ |= {
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
    }
    return home / "logs"
