"""Airflow's settings on one machine, and its metadata database beside the embedded warehouse."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from etl import database
from etl.settings import PROJECT_ROOT, load_settings

_METADATA_DATABASE = "airflow"


def set_up_single_run() -> Path:
    """Configure a run in this process; returns the folder of its logs.

    Its metadata is in SQLite, apart from that of `serve`: a scheduler that saw this run would run its tasks as well.
    """
    home = load_settings().var / "airflow"
    _configure(home, f"sqlite:///{home / 'run.db'}")
    return home / "logs"


def set_up_serving() -> Path:
    """Configure scheduler and UI for this machine only, without a password; returns the folder of logs."""
    home = load_settings().var / "airflow"
    _configure(home, _metadata_url(home))
    port = os.environ.setdefault("AIRFLOW__API__PORT", "8080")
    # One secret for all parts: otherwise each generates its own at the first start, and the API rejects the tasks.
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


def _metadata_url(home: Path) -> str:
    settings = load_settings()
    if not settings.uses_embedded_database:
        return f"sqlite:///{home / 'serve.db'}"
    address = database.companion_url(settings, _METADATA_DATABASE)
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


def _configure(home: Path, metadata_url: str) -> None:
    """Set the environment before Airflow is first imported. Variables of another Airflow installation are replaced."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url,
        # Airflow would guess asyncpg; psycopg works both ways.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata_url.replace("sqlite:", "sqlite+aiosqlite:"),
        "NO_COLOR": "1",
    }
    os.environ.setdefault("CCHC_DRIVES", str(PROJECT_ROOT / "examples" / "drive"))


def migrate_metadata() -> None:
    """Create Airflow's metadata database or migrate it; takes half a second if it is up to date."""
    from airflow.utils import db

    try:
        db.check_migrations(timeout=0)
    except TimeoutError:
        db.upgradedb()
