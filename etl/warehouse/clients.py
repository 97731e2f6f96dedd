"""PostgreSQL's client programs: finds them and passes the password without showing it."""

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
    """Return a client program of this major version of PostgreSQL or newer: the installed one, or the bundled one.

    Raises UsageError if there is none.
    """
    versions = []
    for folder in (None, *client_folders()):
        path = shutil.which(name, path=str(folder) if folder else None)
        if path is None:
            continue
        output = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        version = re.search(r"(\d+)", output)
        if version and int(version.group()) >= at_least:
            return Path(path)
        versions.append(output.strip())
    raise UsageError(
        f"{name} of PostgreSQL {at_least} or newer is needed for this server; found: {', '.join(versions) or 'none'}",
        f"Install the client programs of PostgreSQL {at_least}, such as the package postgresql-client-{at_least}",
    )


def split_password(address: str) -> tuple[str, dict[str, str]]:
    """Return an address without its password, which `ps` would show, and an environment that contains it."""
    parts = {key: str(value) for key, value in parse_dsn(address).items()}
    password = parts.pop("password", None)
    return make_dsn(**parts), {**os.environ, **({"PGPASSWORD": password} if password else {})}


def error_line(text: str) -> str:
    """Return the line of a program's output that names the error."""
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "ERROR" in line or "error:" in line), lines[-1] if lines else "no output")
