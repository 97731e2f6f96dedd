"""The only reader of the environment. All settings are optional and begin with CCHC_."""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.errors import UsageError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the warehouse, its files and its sources are. Secrets stay out of the repr."""

    database_url: str = field(repr=False)
    var: Path
    files: Path
    """The folder of the original files, where files_url is empty."""
    catalogue: Path | None
    drives: tuple[str, ...] = field(repr=False)  # a URL may hold a password
    drive_credentials_file: Path | None
    drive_connections: tuple[tuple[str, str], ...]
    """(URL prefix, id of an Airflow connection): the DAG looks the connections up and hands their credentials over."""
    files_url: str = field(repr=False)  # as above
    api_url: str
    api_token: str = field(repr=False)

    def drive_credentials(self) -> dict[str, dict[str, Any]]:
        """Options by URL prefix for the drives, from the file that CCHC_DRIVE_CREDENTIALS names (JSON); {} without one.

        Raises UsageError where it cannot be read; the message holds nothing of its content.
        """
        if self.drive_credentials_file is None:
            return {}
        try:
            document = json.loads(self.drive_credentials_file.read_text(encoding="utf-8"))
            return {str(prefix): dict(options) for prefix, options in document.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            raise UsageError(
                f"{self.drive_credentials_file} is not a JSON object of options by URL prefix",
                "Check CCHC_DRIVE_CREDENTIALS",
            ) from None

    @property
    def uses_embedded_database(self) -> bool:
        return not self.database_url


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.strip().rpartition("=") for part in text.split(",") if part.strip()]
    if any(not prefix or not name for prefix, _, name in pairs):
        raise UsageError(
            "CCHC_DRIVE_CONNECTIONS is not a list of URL=CONNECTION", "Such as smb://server/share=department_drive"
        )
    return tuple((prefix, name) for prefix, _, name in pairs)


def load_settings() -> Settings:
    """The settings in force now, read from the environment."""
    environment = os.environ
    var = Path(environment.get("CCHC_VAR") or PROJECT_ROOT / "var").resolve()
    overlay = environment.get("CCHC_CATALOGUE", "")
    drives = environment.get("CCHC_DRIVES", "")
    files = environment.get("CCHC_FILES", "")
    credentials = environment.get("CCHC_DRIVE_CREDENTIALS", "")
    return Settings(
        database_url=environment.get("CCHC_DATABASE_URL", ""),
        var=var,
        files=Path(files if files and "://" not in files else var / "files"),
        files_url=files if "://" in files else "",
        catalogue=Path(overlay) if overlay else None,
        drive_credentials_file=Path(credentials) if credentials else None,
        drive_connections=_pairs(environment.get("CCHC_DRIVE_CONNECTIONS", "")),
        api_url=environment.get("CCHC_API_URL", ""),
        api_token=environment.get("CCHC_API_TOKEN", ""),
        drives=tuple(drive.strip() for drive in drives.split(",") if drive.strip()),
    )


def current_user() -> str:
    """Return the login name of this process: the default author of a decision."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"
