"""The engine hash covers the version of the project and all code by which a ranking is computed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from etl import database
from etl.database import SQL_ROOT, Connection
from etl.ranking.releases import engine
from etl.ranking.releases.content import compute_content, read_basis
from etl.settings import PROJECT_ROOT
from tests.ranking import province

# Database access: it transports values and computes none.
INFRASTRUCTURE = {PROJECT_ROOT / "etl" / "database.py"}
_CREATED = re.compile(r"^CREATE (?:FUNCTION|AGGREGATE|VIEW|MATERIALIZED VIEW) (warehouse\.\w+)", re.MULTILINE)


@contextmanager
def python_files() -> Iterator[set[Path]]:
    """Collect the files of etl/ of which a function is called."""
    files: set[Path] = set()

    def record(frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(PROJECT_ROOT / "etl"):
            files.add(path)

    sys.setprofile(record)
    try:
        yield files
    finally:
        sys.setprofile(None)


def sql_files(statements: list[str]) -> set[Path]:
    """The SQL files that create the functions and views of the statements, including their own dependencies."""
    texts = {path: path.read_text(encoding="utf-8") for path in SQL_ROOT.rglob("*.sql") if "schema" not in path.parts}
    creators = {name: path for path, text in texts.items() for name in _CREATED.findall(text)}
    files = {path for path, text in texts.items() if text in statements}
    pending = [*statements]
    while pending:
        named = set(re.findall(r"warehouse\.\w+", pending.pop()))
        new = {creators[name] for name in named if name in creators} - files
        files |= new
        pending += [texts[path] for path in new]
    return files


def test_every_file_that_computes_a_ranking_is_part_of_the_engine_hash(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.prepare(connection, tmp_path, province.RICH, {code: {} for code in "ABC"}, province.RICH_INDICATORS)
    for code, value in zip("ABC", (10, 60, 80), strict=True):
        province.report(connection, code, {"r": value, "s": 100 - value, "t": "blank", "d": 50, "code": 1})
    statements: list[str] = []
    execute = database.Connection.exec_driver_sql

    def record(self: Connection, statement: str, *arguments: Any) -> Any:
        statements.append(statement)
        return execute(self, statement, *arguments)

    monkeypatch.setattr(database.Connection, "exec_driver_sql", record)
    with python_files() as files:
        content = compute_content(connection, read_basis(connection, "2021-Q1", "method-a"))
    assert content.sample is not None
    used = (files | sql_files(statements)) - INFRASTRUCTURE
    assert used - set(engine.list_engine_files()) == set(), "add these files to the engine"
    for pattern in engine.ENGINE_FILES:
        assert used & set(PROJECT_ROOT.glob(pattern)), f"{pattern} is not used"


def test_the_version_and_every_file_change_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine.engine_sha256()
    assert engine.engine_sha256() == before
    with monkeypatch.context() as patch:
        patch.setattr(engine, "__version__", "0.0.1")
        assert engine.engine_sha256() != before
    for file in engine.list_engine_files():
        path = tmp_path / file.relative_to(PROJECT_ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.read_bytes())
    monkeypatch.setattr(engine, "PROJECT_ROOT", tmp_path)
    assert engine.engine_sha256() == before
    for file in engine.list_engine_files():
        text = file.read_bytes()
        file.write_bytes(text + b"\n")
        assert engine.engine_sha256() != before, file
        file.write_bytes(text)
