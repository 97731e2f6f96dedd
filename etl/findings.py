"""A finding: what a rule found wrong with a submission, where, and what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from etl.errors import UnreadableFile

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One offence against one rule. The sentences live in expectations/rules.csv and are filled from these fields.

    `location` is the cell (see Observation.location) or empty for the file as a whole; `difference` is found minus
    expected where both are numbers.
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


_PLACE = re.compile(r"([a-z]+)\[(\d+)\]")
_PLACE_VI = {"page": "trang", "paragraph": "đoạn", "table": "bảng", "row": "dòng", "line": "dòng", "col": "cột"}
_PLACE_EN = {"page": "page", "paragraph": "paragraph", "table": "table", "row": "row", "line": "line", "col": "column"}


def describe_location(location: str) -> tuple[str, str]:
    """A location in words, Vietnamese and English: `table[3]/row[50]/col[4]` → "bảng 3, dòng 50, cột 4".

    What people read on their screen already, such as `Phụ lục!D72`, stays as it is.
    """
    if not _PLACE.match(location):
        return location, location
    steps = _PLACE.findall(location)
    return (
        ", ".join(f"{_PLACE_VI.get(kind, kind)} {number}" for kind, number in steps),
        ", ".join(f"{_PLACE_EN.get(kind, kind)} {number}" for kind, number in steps),
    )


@dataclass(frozen=True, slots=True)
class RenderedFinding:
    """A finding with the severity that its rule gives it and its sentences in Vietnamese and English."""

    finding: Finding
    severity: Severity
    message_vi: str
    message_en: str
