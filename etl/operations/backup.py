"""A backup of the warehouse and its file store in one folder, and the way back: of one moment, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from etl import __version__
from etl.errors import UsageError
from etl.settings import load_settings

if TYPE_CHECKING:
    from etl.submissions import Store

_DUMP, _FILES, _MANIFEST = "warehouse.sql.gz", "files", "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself. Written last: a folder without it is no whole backup."""

    made_at: str
    code_version: str
    schema_revision: str
    submission_count: int
    fact_count: int
    file_count: int
    dump_sha256: str
    accounts: tuple[tuple[str, str], ...]
    """(account, group): who was a member of which group role; never a password."""

    def __str__(self) -> str:
        return f"{self.submission_count:,} submissions, {self.fact_count:,} facts, {self.file_count:,} files"


def backup(out: Path) -> Backup:
    """Writes the warehouse and every file that it names, as of one moment, to the new folder `out` (mode 0700).

    Others may go on working meanwhile. Raises UsageError where `out` holds something, a file of the store is missing or
    damaged, or the client programs of PostgreSQL are too old; `out` is then as it was.
    """
    from etl import submissions, warehouse

    settings = load_settings()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} holds something already", "Name a new folder")
    warehouse.migrate(settings)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    out.chmod(0o700)  # originals may hold contact data
    try:
        with warehouse.snapshot(settings) as (name, content):
            warehouse.dump(settings, name, out / _DUMP)
        # Files are never removed from the store, so that all of the snapshot are still there after it.
        _copy(content.files, submissions.file_store(settings), submissions.FileStore(out / _FILES))
        made = Backup(
            content.moment.isoformat(timespec="seconds"),
            __version__,
            content.schema_revision,
            content.submission_count,
            content.fact_count,
            len(content.files),
            _sha256(out / _DUMP),
            content.accounts,
        )
        (out / _MANIFEST).write_text(json.dumps(asdict(made), indent=2) + "\n", encoding="utf-8")
    except BaseException:
        for path in out.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    return made


def restore(source: Path, *, replace: bool = False) -> tuple[Backup, list[str]]:
    """Puts a backup in the place of the warehouse, and its files into the store; returns what came back.

    The list is what is left for an administrator to say, in SQL. All is checked before anything is changed.
    Raises UsageError where `source` is no whole backup, or one of newer code, and where there is a warehouse already
    and `replace` is not said.
    """
    from etl import submissions, warehouse

    settings = load_settings()
    known = _read(source)
    files = _checked_files(source, known)
    if known.schema_revision not in warehouse.known_revisions():
        raise UsageError(f"{source} was made by newer code ({known.code_version})", "Restore it with that code")
    submission_count = warehouse.count_submissions(settings)
    if submission_count is not None and not replace:
        raise UsageError(
            f"there is a warehouse already, with {submission_count:,} submissions",
            "Say --replace to put the backup in its place",
        )
    _copy(files, submissions.FileStore(source / _FILES), submissions.file_store(settings))
    left = warehouse.restore(settings, source / _DUMP, known.accounts)
    warehouse.migrate(settings)
    return known, left


def _read(source: Path) -> Backup:
    try:
        document = json.loads((source / _MANIFEST).read_text(encoding="utf-8"))
        known = Backup(**document | {"accounts": tuple((account, group) for account, group in document["accounts"])})
        is_whole = _sha256(source / _DUMP) == known.dump_sha256
    except (OSError, ValueError, TypeError, KeyError):
        raise UsageError(f"{source} is no whole backup", "Name a folder that `backup` wrote") from None
    if not is_whole:
        raise UsageError(f"{source / _DUMP} is not as it was written", "Use another backup")
    return known


def _checked_files(source: Path, known: Backup) -> list[str]:
    files = sorted(path for path in (source / _FILES).glob("*/*") if path.is_file())
    for path in files:
        if _sha256(path) != path.name:
            raise UsageError(f"{path} is not as it was written", "Use another backup")
    if len(files) != known.file_count:
        raise UsageError(f"{source} holds {len(files)} files, not {known.file_count}", "Use another backup")
    return [path.name for path in files]


def _copy(files: Sequence[str], source: Store, target: Store) -> None:
    for sha256 in files:
        if target.put(source.get(sha256)) != sha256:
            raise UsageError(f"file {sha256} of the file store is damaged", "Put it back from an older backup")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
