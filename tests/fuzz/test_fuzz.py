"""A fixed part of the fuzz run, the seeds that once showed a fault, and that the checks see what they look for."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from etl.errors import UnreadableFile
from etl.observations import ReportContent
from etl.parsing import read
from tests.fuzz import checking
from tests.fuzz.checking import Figures, check, is_said
from tests.fuzz.mutants import SHARES, examine, mutant
from tests.fuzz.origins import VALUES, origin
from tests.unit.parsing.rendering import CATALOGUE

FILES = 700
KEPT = [*csv.DictReader((Path(__file__).with_name("kept.csv")).open(encoding="utf-8"))]
TABBED = origin("txt", 1)


@pytest.mark.parametrize("file_format", SHARES)
def test_no_mutant_crashes_hangs_or_gives_a_value_that_its_cell_does_not_say(file_format: str) -> None:
    figures = sum(
        (examine(file_format, seed) for seed in range(1_000_000, 1_000_000 + FILES * SHARES[file_format] // 1000)),
        Figures(),
    )
    assert figures.wrong == []
    assert figures.ends["read"] > 0  # the mutants are not all so broken that nothing of them is read
    assert figures.values > 0


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept['file_format']}:{kept['seed']}")
def test_what_once_went_wrong_stays_right(kept: dict[str, str]) -> None:
    assert examine(kept["file_format"], int(kept["seed"])).wrong == []


def parts_of(content: bytes) -> list[bytes]:
    """What a mutant says: a zip file's parts without the hour at which it was packed."""
    if not content.startswith(b"PK"):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [packed.read(name) for name in packed.namelist() if not name.startswith("docProps")]


def fingerprint() -> str:
    said = [part for file_format in SHARES for seed in range(8) for part in parts_of(mutant(file_format, seed).content)]
    return hashlib.sha256(b"".join(said)).hexdigest()


def test_a_seed_alone_gives_the_same_file_in_another_process() -> None:
    code = "from tests.fuzz.test_fuzz import fingerprint; print(fingerprint())"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert told.stdout.strip() == fingerprint()


@pytest.mark.parametrize("file_format", SHARES)
def test_whole_files_pass(file_format: str) -> None:
    whole = origin(file_format, 1)
    figures = check(file_format, whole.name, whole.content)
    assert figures.wrong == []
    assert figures.values > 10


def spoiled(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Figures:
    """What the checks say where the first reported row is read with other contents."""
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
def test_the_checks_see_a_value_that_its_cell_does_not_say(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    assert len(spoiled(monkeypatch, **changes).wrong) == 1


def test_the_checks_see_a_crash_and_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise IndexError("pop from empty list")

    monkeypatch.setattr(checking, "read", crash)
    assert check("txt", TABBED.name, TABBED.content).ends["crash"] == 1
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    monkeypatch.setattr(checking, "read", lambda *_: time.sleep(5))
    assert check("txt", TABBED.name, TABBED.content).ends["hang"] == 1


def test_a_refusal_is_counted_by_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise UnreadableFile("file_damaged", "what", "mend")

    monkeypatch.setattr(checking, "read", refuse)
    figures = check("txt", TABBED.name, TABBED.content)
    assert (figures.ends["file_damaged"], figures.wrong) == (1, [])


@pytest.mark.parametrize("value", [Decimal("1.5e3"), Decimal("5.0"), Decimal("-0"), Decimal("1E+3"), None])
def test_no_other_form_of_a_number_is_canonical(value: Decimal | None) -> None:
    row = read(TABBED.name, TABBED.content, CATALOGUE).rows[0]
    assert not is_said(row._replace(value=value, raw_value=str(value)))


def test_the_odd_values_are_in_the_origins() -> None:
    said = {
        row.raw_value for number in range(8) for row in read("a.txt", origin("txt", number).content, CATALOGUE).rows
    }
    assert len(said & set(VALUES)) > 30
