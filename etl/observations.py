"""What reading a report gives: the head of the document and one observation for each row of its appendix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from etl.findings import Finding

# The one head line that every simulated report carries, whatever its file format; reading sets is_simulated from it.
SIMULATION_MARK = "SỐ LIỆU MÔ PHỎNG, KHÔNG PHẢI SỐ LIỆU THẬT"

ValueStatus = Literal["reported", "blank", "not_applicable", "not_done", "heading", "undecidable"]
VALUE_STATUSES: tuple[ValueStatus, ...] = (
    "reported",
    "blank",
    "not_applicable",
    "not_done",
    "heading",
    "undecidable",
)


class Observation(NamedTuple):
    """One printed row under an area heading, in document order.

    `value` is canonical (no grouping, a dot for decimals, no trailing zeros) and empty unless `status` is "reported";
    `raw_value` is the cell's own text, trimmed; `location` re-opens to it: `table[2]/row[37]/col[4]` (docx),
    `Sheet1!D41` (xlsx), `line[248]/col[4]` (txt). `indicator_code` is empty for a row that the form lacks.
    `box` is the cell of a page: left, top, right, bottom in points from its top left; `confidence` (0 to 1) how surely
    a scanned cell was recognised.
    """

    reform_area: str
    item: str
    indicator_code: str
    label: str
    unit: str
    value: str
    status: ValueStatus
    raw_value: str
    note: str
    location: str
    decision: str = ""
    """Which reading of the cell was taken, by which evidence (docs/reading.md); empty where nothing was to decide."""
    box: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What the document says of itself; empty or None where it says nothing that can be read."""

    district_code: str = ""
    period_code: str = ""
    document_no: str = ""
    signed_on: date | None = None
    form_code: str = ""
    is_simulated: bool = False
    window_starts_on: date | None = None
    window_ends_on: date | None = None
    """The data window that the document declares, both days included; None where it declares none."""
    is_partial: bool = False
    """Whether its title says that it adds to or corrects an earlier report: what it does not say stays as it was."""
    unknown_unit: str = ""
    """The unit that it names as the one reporting, where the catalogue knows none of that name: "huyện Phú Long"."""


@dataclass(frozen=True, slots=True)
class NarrativeFigure:
    """A number of the report's prose that speaks of an indicator, for cross-checks; the prose itself is not kept.

    `value` is canonical, `raw_value` the number as printed, `location` where it stands (`paragraph[31]`, `line[57]`).
    """

    indicator_code: str
    value: str
    raw_value: str
    location: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report as read: pure data, without any judgement but the reader's own findings (rows missing, added, …).

    `converted` are the bytes of the docx that was made of a legacy doc, whose cells the locations are; to be kept.
    """

    head: DocumentHead
    rows: tuple[Observation, ...]
    findings: tuple[Finding, ...] = ()
    narrative: tuple[NarrativeFigure, ...] = ()
    form_fit: Decimal | None = None
    """The share of the printed rows that the nearest form has, 0 to 1; too little, and head.form_code is empty."""
    converted: bytes = b""
