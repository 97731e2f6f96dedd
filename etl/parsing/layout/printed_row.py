"""One row of the appendix as printed, before and after it is matched with a row of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from etl.catalogue import AREA_LEVEL, FormRow, IndicatorKind
from etl.parsing.formats.grid import Cell, Grid, Row
from etl.parsing.layout.header import Columns
from etl.parsing.layout.printed_text import clean_label, ordinal, split_numbering, without_marks

RowChange = Literal["same", "renamed", "moved", "twice", "added"]


@dataclass(slots=True, eq=False)
class PrintedRow:
    """`values` are the cells of all columns that may hold the period's figure; `place` is the one that the row's
    location names, the first of them that is filled.

    `may_continue`: the row may be the rest of the row before (wrapped_rows.py). The matching fills in `form_row`, None
    for a row that the form lacks, and `change`, how the row differs from the form.
    """

    item: str
    label: str
    unit: str
    note: str
    values: list[Cell]
    place: Cell
    grid: Grid
    may_continue: bool = False
    form_row: FormRow | None = None
    change: RowChange = "added"

    def locate(self, cell: Cell) -> str:
        return self.grid.locate(cell.row, cell.column)

    @property
    def location(self) -> str:
        return self.locate(self.place)

    @property
    def is_filled(self) -> bool:
        """Whether a value cell has text or a formula without a result."""
        return any(cell.text or cell.lacks_result for cell in self.values)

    @property
    def indicator_code(self) -> str:
        return self.form_row.indicator.indicator_code if self.form_row else ""

    @property
    def kind(self) -> IndicatorKind | None:
        """What the row asks for; for a row that the form lacks as far as its unit and its cells show."""
        if self.form_row is not None:
            return self.form_row.indicator.kind
        if self.unit == "%":
            return "rate"
        return None if self.unit or any(cell.text for cell in self.values) else "heading"

    @property
    def is_area_heading(self) -> bool:
        return self.form_row is not None and self.form_row.level == AREA_LEVEL


def read_printed_row(grid: Grid, row: Row, columns: Columns) -> PrintedRow | None:
    """A row of a grid as printed; None for a row without label, value, unit and note."""
    label_cell, ordinal_cell = row.cell(columns.label), row.cell(columns.ordinal)
    label, item = clean_label(label_cell.text) if label_cell is not None else "", ""
    if ordinal_cell is not None and ordinal_cell is not label_cell and ordinal_cell.row == row.number:
        item = ordinal(ordinal_cell.text)
    if not item:
        item, label = split_numbering(label)

    def other_cell(index: int | None) -> Cell | None:
        """The cell of a column, unless a merged label or number covers it."""
        cell = row.cell(index)
        return None if cell is label_cell or (cell is ordinal_cell and index in columns.values) else cell

    values = [cell for index in columns.values if (cell := other_cell(index)) is not None]
    unit_cell, note_cell = other_cell(columns.unit), other_cell(columns.note)
    unit = clean_label(unit_cell.text) if unit_cell is not None else ""
    note = without_marks(note_cell.text) if note_cell is not None else ""
    has_text = bool(label) or any(cell.text for cell in values)
    if not has_text and (grid.flow == "rows" or not (unit or note)):
        return None
    filled = (cell for cell in values if cell.text or cell.lacks_result)
    place = next(filled, None) or other_cell(columns.values[0]) or Cell("", row.number, columns.values[0] + 1)
    return PrintedRow(item, label, unit, note, values, place, grid)
