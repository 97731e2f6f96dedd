"""The hash of the code that computes a ranking: shows whether a difference to a release may come from the code."""

from __future__ import annotations

import hashlib
from pathlib import Path

from etl import __version__
from etl.settings import PROJECT_ROOT

# tests/ranking/test_engine.py compares this list with the files that a ranking really uses.
ENGINE_FILES = (
    "etl/ranking/releases/content.py",
    "etl/ranking/robustness/*.py",
    "etl/ranking/scoring/mixture.py",
    "sql/functions/ranking/method_in_force.sql",
    "sql/functions/ranking/release_content.sql",
    "sql/functions/ranking/score_inputs.sql",
    "sql/functions/scoring/*.sql",
    "sql/queries/mixed_ranking.sql",
    "sql/queries/release_units_now.sql",
    "sql/queries/robustness_tree.sql",
    "sql/views/current_submission.sql",
    "sql/views/expected_report.sql",
)


def list_engine_files() -> list[Path]:
    """Return all files of Python and SQL that determine a ranking, its rank intervals or its hashes."""
    return sorted(path for pattern in ENGINE_FILES for path in PROJECT_ROOT.glob(pattern))


def engine_sha256() -> str:
    """Return the hash of the version of the project and of all engine files with their names."""
    digest = hashlib.sha256(f"{__version__}\0".encode())
    for path in list_engine_files():
        digest.update(f"{path.relative_to(PROJECT_ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
