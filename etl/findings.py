"""Findings: what a rule found wrong in a submission, where, and what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from etl.errors import UnreadableFile

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of one rule. The messages in expectations/rules.csv are filled from these fields.

    `location` is the cell (see Observation) or empty for the whole file; `difference` is found minus expected if both
    are numbers.
    """

    rule_code: str
    location: str = ""
    indicator_code: str = ""
    found: str = ""
    expected: str = ""
    difference: str = ""


def unreadable_finding(error: UnreadableFile) -> Finding:
    """The finding recorded for a file that cannot be read."""
    return Finding(error.rule, found=error.message, expected=error.expected)


_STEP = re.compile(r"([a-z]+)\[(\d+)\]")
_STEP_VI = {"page": "trang", "paragraph": "đoạn", "table": "bảng", "row": "dòng", "line": "dòng", "col": "cột"}
_STEP_EN = {"page": "page", "paragraph": "paragraph", "table": "table", "row": "row", "line": "line", "col": "column"}


def describe_location(location: str) -> tuple[str, str]:
    """A location in Vietnamese and English words: `table[3]/row[50]/col[4]` → "bảng 3, dòng 50, cột 4".

    Addresses that people see on their screen, such as `Phụ lục!D72`, stay unchanged.
    """
    if not _STEP.match(location):
        return location, location
    steps = _STEP.findall(location)
    return (
        ", ".join(f"{_STEP_VI.get(kind, kind)} {number}" for kind, number in steps),
        ", ".join(f"{_STEP_EN.get(kind, kind)} {number}" for kind, number in steps),
    )


@dataclass(frozen=True, slots=True)
class RenderedFinding:
    """A finding with the severity of its rule and its message in Vietnamese and English."""

    finding: Finding
    severity: Severity
    message_vi: str
    message_en: str
