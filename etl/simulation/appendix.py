"""A filled report, file format by file format the same: its head and the printed rows of one form of the catalogue."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from etl.catalogue import Catalogue, District, Form, FormRow
from etl.errors import CatalogueError, UsageError
from etl.periods import Period

# What a cell of the value column holds: a number, a text such as "Chưa thực hiện", or nothing ("").
CellValue = Decimal | str
NumberStyle = Literal["vi", "en"]

_FIGURE_COLUMNS = ["ordinal", "label", "unit", "value", "note"]
_ENGLISH_NUMBER = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What a report says of itself. `remark` is one line on where its figures come from, printed under the titles."""

    district: District
    period: Period
    document_no: str
    signed_on: date
    is_simulated: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of the appendix as printed; `level` is 0 for an area heading, 1 for a numbered row, 2 and 3 below."""

    indicator_code: str
    level: int
    stt: str
    label: str
    unit: str
    value: CellValue
    note: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """A report's head and rows; `number_style` is how its clerk writes numbers in the value column of a text."""

    form: Form
    head: ReportHead
    rows: tuple[PrintedRow, ...]
    number_style: NumberStyle = "en"

    def value_of(self, indicator_code: str) -> CellValue:
        """The value printed for an indicator; "" where the row is blank or not there."""
        return next((row.value for row in self.rows if row.indicator_code == indicator_code), "")

    def with_value(self, indicator_code: str, value: CellValue) -> Appendix:
        """The same report but for one cell. Raises UsageError where it has no such row."""
        if all(row.indicator_code != indicator_code for row in self.rows):
            raise UsageError(
                f"the form {self.form.form_code} has no row {indicator_code!r}", "Name one of its indicators"
            )
        rows = (replace(row, value=value) if row.indicator_code == indicator_code else row for row in self.rows)
        return replace(self, rows=tuple(rows))


def printed(row: FormRow, value: CellValue = "", note: str = "") -> PrintedRow:
    """A row of a form, filled. Only area headings and numbered rows print something under STT."""
    stt = {0: row.reform_area_code, 1: row.item}.get(row.level, "")
    return PrintedRow(row.indicator.indicator_code, row.level, stt, row.label, row.unit, value, note)


def from_figures(path: Path, catalogue: Catalogue, head: ReportHead, number_style: NumberStyle = "en") -> Appendix:
    """The report whose rows stand in a CSV (ordinal, label, unit, value as 2,574 or 62.15, note), one a form row.

    Labels and units are the file's own. Raises CatalogueError naming the line that does not fit the form.
    """
    form = catalogue.form_for(head.period)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _FIGURE_COLUMNS:
            raise CatalogueError(f"{path.name}:1", f"the columns must be {', '.join(_FIGURE_COLUMNS)}")
        rows = tuple(_filled(form, line, f"{path.name}:{reader.line_num}") for line in reader)
    if len(rows) != len(form.rows):
        raise CatalogueError(path.name, f"{len(rows)} rows, but the form {form.form_code} has {len(form.rows)}")
    return Appendix(form, head, rows, number_style)


def _filled(form: Form, line: dict[str, str], place: str) -> PrintedRow:
    ordinal = line["ordinal"]
    if not ordinal.isdigit() or not 1 <= int(ordinal) <= len(form.rows):
        raise CatalogueError(place, f"ordinal {ordinal!r} is not a row of the form {form.form_code}")
    text = line["value"].strip()
    value: CellValue = Decimal(text.replace(",", "")) if _ENGLISH_NUMBER.match(text) else text
    return replace(printed(form.rows[int(ordinal) - 1], value, line["note"]), label=line["label"], unit=line["unit"])
