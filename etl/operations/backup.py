"""Backup and restore: the warehouse and its file store in one folder, as of one moment."""

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
_HINT = "Use another backup"


@dataclass(frozen=True, slots=True)
class Backup:
    """The manifest of a backup. It is written last: a folder without it is not a complete backup."""

    made_at: str
    code_version: str
    schema_revision: str
    submission_count: int
    fact_count: int
    file_count: int
    dump_sha256: str
    accounts: tuple[tuple[str, str], ...]
    """(account, group role): the members of each group role, without passwords."""

    def __str__(self) -> str:
        return f"{self.submission_count:,} submissions, {self.fact_count:,} facts, {self.file_count:,} files"


def backup(out: Path) -> Backup:
    """Write the warehouse and every file that it names, as of one moment, to the new folder `out` (mode 0700).

    Others may keep working meanwhile. Raises UsageError if `out` is not empty, if a file of the store is missing or
    damaged, or if PostgreSQL's client programs are too old; `out` is then left as it was.
    """
    from etl import submissions, warehouse

    settings = load_settings()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not empty", "Choose a new folder")
    warehouse.migrate(settings)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    out.chmod(0o700)  # originals may hold contact data
    try:
        with warehouse.snapshot(settings) as (name, content):
            warehouse.dump(settings, name, out / _DUMP)
        # Files are never removed from the store, so those of the snapshot still exist afterwards.
        _copy(content.files, submissions.file_store(settings), submissions.FileStore(out / _FILES))
        created = Backup(
            content.moment.isoformat(timespec="seconds"),
            __version__,
            content.schema_revision,
            content.submission_count,
            content.fact_count,
            len(content.files),
            _sha256(out / _DUMP),
            content.accounts,
        )
        (out / _MANIFEST).write_text(json.dumps(asdict(created), indent=2) + "\n", encoding="utf-8")
    except BaseException:
        for path in out.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    return created


def restore(source: Path, *, replace: bool = False) -> tuple[Backup, list[str]]:
    """Replace the warehouse by a backup and add its files to the store.

    Returns the manifest, and SQL statements that remain for an administrator. Everything is checked before anything
    changes. Raises UsageError if `source` is not a complete backup or was made by newer code, and if there is a
    warehouse already unless `replace`.
    """
    from etl import submissions, warehouse

    settings = load_settings()
    manifest = _read_manifest(source)
    files = _verify_files(source, manifest)
    if manifest.schema_revision not in warehouse.known_revisions():
        raise UsageError(f"{source} was made by newer code ({manifest.code_version})", "Restore it with that code")
    existing = warehouse.count_submissions(settings)
    if existing is not None and not replace:
        raise UsageError(f"A warehouse with {existing:,} submissions exists already", "Use --replace to overwrite it")
    _copy(files, submissions.FileStore(source / _FILES), submissions.file_store(settings))
    remaining = warehouse.restore(settings, source / _DUMP, manifest.accounts)
    warehouse.migrate(settings)
    return manifest, remaining


def _read_manifest(source: Path) -> Backup:
    try:
        document = json.loads((source / _MANIFEST).read_text(encoding="utf-8"))
        manifest = Backup(**document | {"accounts": tuple((account, group) for account, group in document["accounts"])})
        is_intact = _sha256(source / _DUMP) == manifest.dump_sha256
    except (OSError, ValueError, TypeError, KeyError):
        raise UsageError(f"{source} is not a complete backup", "Use a folder written by `backup`") from None
    if not is_intact:
        raise UsageError(f"{source / _DUMP} has changed since it was written", _HINT)
    return manifest


def _verify_files(source: Path, manifest: Backup) -> list[str]:
    files = sorted(path for path in (source / _FILES).glob("*/*") if path.is_file())
    for path in files:
        if _sha256(path) != path.name:
            raise UsageError(f"{path} has changed since it was written", _HINT)
    if len(files) != manifest.file_count:
        raise UsageError(f"{source} contains {len(files)} files instead of {manifest.file_count}", _HINT)
    return [path.name for path in files]


def _copy(files: Sequence[str], source: Store, target: Store) -> None:
    for sha256 in files:
        if target.put(source.get(sha256)) != sha256:
            raise UsageError(f"File {sha256} of the file store is damaged", "Restore it from an older backup")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
