"""A fixed part of the fuzz run, the seeds that once showed a fault, and tests of the checks themselves."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from etl.errors import UnreadableFile
from etl.observations import ReportContent
from etl.parsing import read
from tests.fuzz import checking
from tests.fuzz.checking import Figures, check, is_meant
from tests.fuzz.mutants import SHARES, examine, mutant
from tests.fuzz.origins import VALUES, origin
from tests.unit.parsing.rendering import CATALOGUE

FILES = 700
KEPT = [*csv.DictReader((Path(__file__).with_name("kept.csv")).open(encoding="utf-8"))]
TABBED = origin("txt", 1)


@pytest.mark.parametrize("file_format", SHARES)
def test_no_mutant_crashes_hangs_or_gives_a_value_that_is_not_in_its_cell(file_format: str) -> None:
    figures = sum(
        (examine(file_format, seed) for seed in range(1_000_000, 1_000_000 + FILES * SHARES[file_format] // 1000)),
        Figures(),
    )
    assert figures.wrong == []
    assert figures.ends["read"] > 0  # some mutants are intact enough to be read
    assert figures.values > 0


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept['file_format']}:{kept['seed']}")
def test_faults_of_earlier_seeds_stay_fixed(kept: dict[str, str]) -> None:
    assert examine(kept["file_format"], int(kept["seed"])).wrong == []


def parts_of(content: bytes) -> list[bytes]:
    """The content of a mutant: of a zip file its parts, without the time at which it was packed."""
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [packed.read(name) for name in packed.namelist() if not name.startswith("docProps")]


def fingerprint() -> str:
    parts = [
        part for file_format in SHARES for seed in range(8) for part in parts_of(mutant(file_format, seed).content)
    ]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def test_a_seed_gives_the_same_file_in_another_process() -> None:
    code = "from tests.fuzz.test_fuzz import fingerprint; print(fingerprint())"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert process.stdout.strip() == fingerprint()


@pytest.mark.parametrize("file_format", SHARES)
def test_undamaged_files_pass(file_format: str) -> None:
    report = origin(file_format, 1)
    figures = check(file_format, report.name, report.content)
    assert figures.wrong == []
    assert figures.values > 10


def check_with(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Figures:
    """The result of the checks if the first reported row is read with these changes."""
    content = read(TABBED.name, TABBED.content, CATALOGUE)
    place = next(index for index, row in enumerate(content.rows) if row.status == "reported")
    rows = (*content.rows[:place], content.rows[place]._replace(**changes), *content.rows[place + 1 :])
    other = ReportContent(content.head, rows)
    monkeypatch.setattr(checking, "read", lambda *_: other)
    return check("txt", TABBED.name, TABBED.content)


@pytest.mark.parametrize(
    "changes",
    [
        {"value": Decimal(98765)},
        {"value": Decimal("7.50")},
        {"value": None},
        {"status": "blank"},
        {"location": "line[1]/col[1]"},
    ],
)
def test_the_checks_find_a_value_that_is_not_in_its_cell(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    assert len(check_with(monkeypatch, **changes).wrong) == 1


def test_the_checks_find_a_crash_and_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise IndexError("pop from empty list")

    monkeypatch.setattr(checking, "read", crash)
    assert check("txt", TABBED.name, TABBED.content).ends["crash"] == 1

    def hang(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(checking, "MAX_REPORTS", 1)
    monkeypatch.setattr(checking, "read", hang)
    assert check("txt", TABBED.name, TABBED.content).ends["hang"] == 1


def test_a_refusal_is_counted_by_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UnreadableFile("file_damaged", "message", "hint")

    monkeypatch.setattr(checking, "read", refuse)
    figures = check("txt", TABBED.name, TABBED.content)
    assert (figures.ends["file_damaged"], figures.wrong) == (1, [])


@pytest.mark.parametrize("value", [Decimal("1.5e3"), Decimal("5.0"), Decimal("-0"), Decimal("1E+3"), None])
def test_other_forms_of_a_number_are_not_canonical(value: Decimal | None) -> None:
    row = read(TABBED.name, TABBED.content, CATALOGUE).rows[0]
    assert not is_meant(row._replace(value=value, raw_value=str(value)))


def test_the_origins_contain_the_odd_values() -> None:
    raw_values = {
        row.raw_value for number in range(8) for row in read("a.txt", origin("txt", number).content, CATALOGUE).rows
    }
    assert len(raw_values & set(VALUES)) > 30
