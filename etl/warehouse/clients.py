"""PostgreSQL's own client programs: where they are, and how they are called without showing a secret."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from psycopg2.extensions import make_dsn, parse_dsn

from etl.embedded import client_folders
from etl.errors import UsageError


def client_program(name: str, at_least: int) -> Path:
    """A client program of PostgreSQL of this major version or a newer one: the machine's, or that of the wheel.

    Raises UsageError where there is none.
    """
    seen = []
    for folder in (None, *client_folders()):
        path = shutil.which(name, path=str(folder) if folder else None)
        if path is None:
            continue
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        version = re.search(r"(\d+)", told.stdout)
        if version and int(version.group()) >= at_least:
            return Path(path)
        seen.append(told.stdout.strip())
    raise UsageError(
        f"{name} of PostgreSQL {at_least} or newer is needed for this server; found: {', '.join(seen) or 'none'}",
        f"Install the client programs of PostgreSQL {at_least}, such as the package postgresql-client-{at_least}",
    )


def apart(address: str) -> tuple[str, dict[str, str]]:
    """An address without its password, which other users of the machine could read, and the environment that has it."""
    parts = {key: str(value) for key, value in parse_dsn(address).items()}
    secret = parts.pop("password", None)
    return make_dsn(**parts), {**os.environ, **({"PGPASSWORD": secret} if secret else {})}


def complaint(text: str) -> str:
    """The line of a program's words that says what was wrong."""
    lines = [line for line in text.splitlines() if line.strip()]
    return next(
        (line for line in lines if "ERROR" in line or "error:" in line), lines[-1] if lines else "it says nothing"
    )
