"""The content of one report: its head, and one typed observation for each row of the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Self

from etl.findings import Finding

# The head line of every simulated report, in every file format; reading sets is_simulated from it.
SIMULATION_MARK = "SỐ LIỆU MÔ PHỎNG, KHÔNG PHẢI SỐ LIỆU THẬT"


class ValueStatus(StrEnum):
    """Why a row has a value or none. The strings are those of the output and of the database."""

    REPORTED = "reported"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    NOT_DONE = "not_done"
    HEADING = "heading"
    UNDECIDABLE = "undecidable"


class Observation(NamedTuple):
    """One printed row below an area heading, in document order: the form of a value from the parser to the loader.

    A NamedTuple, because staging transposes a report's rows into one array per column. `indicator_code` is empty for
    a row that the form lacks. `value` is a number exactly if `status` is REPORTED; a code list's is its code.
    `raw_value` is the cell's trimmed text and `location` its address: `table[2]/row[37]/col[4]` (docx), `Sheet1!D41`
    (xlsx), `line[248]/col[4]` (txt). `decision` is the reading taken and its evidence (docs/reading.md), empty where
    the text has only one. PDF cells have a `box` (left, top, right, bottom in points from the top left of the page),
    scanned ones the `confidence` of their recognition (0 to 1).
    """

    reform_area: str
    item: str
    indicator_code: str
    label: str
    unit: str
    value: Decimal | None
    status: ValueStatus
    raw_value: str
    note: str
    location: str
    decision: str = ""
    box: str = ""
    confidence: float | None = None

    @classmethod
    def from_record(cls, record: Sequence[Any]) -> Self:
        """An observation from a database row with the columns above, where the status is plain text."""
        return cls(*record)._replace(status=ValueStatus(record[6]))


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What the document states about itself; empty or None where it states nothing readable.

    The window is the declared data window, both days included. `is_partial`: the title calls the report an addition or
    a correction, so that values it leaves out keep theirs. `unknown_unit` is the name of the reporting unit if the
    catalogue has no such unit ("huyện Phú Long").
    """

    district_code: str = ""
    period_code: str = ""
    document_no: str = ""
    signed_on: date | None = None
    form_code: str = ""
    is_simulated: bool = False
    window_starts_on: date | None = None
    window_ends_on: date | None = None
    is_partial: bool = False
    unknown_unit: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeFigure:
    """A number in the report's prose about an indicator, kept for cross-checks; the prose itself is not stored.

    `raw_value` is the number as printed, `location` its paragraph or line (`paragraph[31]`, `line[57]`).
    """

    indicator_code: str
    value: Decimal
    raw_value: str
    location: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report as read, with the parser's own findings (rows missing, added, …) and no validation yet.

    `form_fit` is the share of printed rows that the nearest form has (0 to 1); if it is too low, head.form_code is
    empty. `converted` holds the docx made from a legacy doc, which the locations refer to.
    """

    head: DocumentHead
    rows: tuple[Observation, ...]
    findings: tuple[Finding, ...] = ()
    narrative: tuple[NarrativeFigure, ...] = ()
    form_fit: Decimal | None = None
    converted: bytes = b""
