"""A filled report, the same in every file format: its head and the printed rows of a form of the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from etl.catalogue import Catalogue, District, Form, FormRow
from etl.catalogue.rows import read_rows
from etl.errors import CatalogueError, UsageError
from etl.periods import Period

CellValue = Decimal | str  # a number, a text such as "Chưa thực hiện", or "" for a blank
NumberStyle = Literal["vi", "en"]

_ENGLISH_NUMBER = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class ReportHead:
    """The head of a report. `remark` is one line on the origin of its figures, printed under the titles."""

    district: District
    period: Period
    document_no: str
    signed_on: date
    is_simulated: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of the appendix as printed. `level`: 0 for an area heading, 1 for a numbered row, 2 and 3 below."""

    indicator_code: str
    level: int
    stt: str
    label: str
    unit: str
    value: CellValue
    note: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """The head and rows of a report. `number_style` is how its clerk writes numbers in a text."""

    form: Form
    head: ReportHead
    rows: tuple[PrintedRow, ...]
    number_style: NumberStyle = "en"

    def value_of(self, indicator_code: str) -> CellValue:
        """Return the value printed for an indicator, "" if the row is blank or missing."""
        return next((row.value for row in self.rows if row.indicator_code == indicator_code), "")

    def with_value(self, indicator_code: str, value: CellValue) -> Appendix:
        """Return the report with another value in one cell. Raises UsageError if it has no such row."""
        if all(row.indicator_code != indicator_code for row in self.rows):
            raise UsageError(
                f"the form {self.form.form_code} has no row {indicator_code!r}", "Name one of its indicators"
            )
        rows = (replace(row, value=value) if row.indicator_code == indicator_code else row for row in self.rows)
        return replace(self, rows=tuple(rows))


def print_row(row: FormRow, value: CellValue = "", note: str = "") -> PrintedRow:
    """Fill a row of a form. Only area headings and numbered rows print something under STT."""
    stt = {0: row.reform_area_code, 1: row.item}.get(row.level, "")
    return PrintedRow(row.indicator.indicator_code, row.level, stt, row.label, row.unit, value, note)


@dataclass(frozen=True, slots=True)
class _FigureRow:
    """A row of a file of figures; `value` is written as 2,574 or 62.15, or a text."""

    ordinal: int
    label: str
    unit: str
    value: str
    note: str


def read_figures(path: Path, catalogue: Catalogue, head: ReportHead, number_style: NumberStyle = "en") -> Appendix:
    """Return the report with the figures of a CSV (ordinal, label, unit, value, note), which has every row of the form.

    Labels and units are those of the file. Raises CatalogueError with the line that does not fit the form.
    """
    form = catalogue.form_for(head.period)
    rows = []
    for line, figure in read_rows(path, _FigureRow):
        if not 1 <= figure.ordinal <= len(form.rows):
            raise CatalogueError(f"{path.name}:{line}", f"the form {form.form_code} has no row {figure.ordinal}")
        text = figure.value.strip()
        value: CellValue = Decimal(text.replace(",", "")) if _ENGLISH_NUMBER.match(text) else text
        row = print_row(form.rows[figure.ordinal - 1], value, figure.note)
        rows.append(replace(row, label=figure.label, unit=figure.unit))
    if len(rows) != len(form.rows):
        raise CatalogueError(path.name, f"{len(rows)} rows, but the form {form.form_code} has {len(form.rows)}")
    return Appendix(form, head, tuple(rows), number_style)
