"""The value of each row: reported, blank, not applicable, not done, heading or undecidable, and the number it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from etl.catalogue import CodeList, IndicatorKind, Phrases
from etl.decimals import format_decimal, normalize_decimal
from etl.findings import Finding
from etl.observations import ValueStatus
from etl.parsing.formats.grid import Cell
from etl.parsing.layout.printed_row import PrintedRow
from etl.parsing.layout.printed_text import without_marks
from etl.parsing.values.contacts import has_contact
from etl.parsing.values.number_parsing import (
    UNDECIDED,
    Expected,
    Notation,
    NumberReading,
    column_notation,
    read_number,
)
from etl.text import fold

MIN_CONFIDENCE = 0.8  # a figure recognised with less is undecidable
_EXPECTED: dict[IndicatorKind | None, Expected] = {"count": "count", "code_list": "count", "rate": "rate"}
_BARE_NUMBER = re.compile(r"^\d[\d.,\s]*$")
_WORD = re.compile(r"\w+")
_WHOLE_NUMBER = re.compile(r"(?<![\d.,/])\d+(?![\d.,/]*\d)")
_MAX_GROUPED_DECIMALS = 3


@dataclass(slots=True)
class CellValue:
    """The value of one row. While its number waits for the notation of its column, `reading` is set and the status is
    UNDECIDABLE. `cell` is None for a row without a value; `column` is the index among the row's value cells.
    """

    row: PrintedRow
    status: ValueStatus
    raw: str
    cell: Cell | None = None
    column: int = 0
    value: Decimal | None = None
    decision: str = ""
    reading: NumberReading | None = None
    finding: Finding | None = None

    @property
    def location(self) -> str:
        return self.row.locate(self.cell or self.row.place)

    def report(self, rule_code: str, expected: str = "") -> None:
        """Attach the parser's finding on this value."""
        self.finding = Finding(rule_code, self.location, self.row.indicator_code, self.raw, expected)

    def leave_open(self, choices: str) -> None:
        """Mark a number as undecidable between some choices."""
        self.status, self.value, self.decision = ValueStatus.UNDECIDABLE, None, UNDECIDED
        self.report("value_undecidable", choices)


class ValueReader:
    """Reads the value cells of matched rows with the words of a catalogue."""

    def __init__(self, phrases: Phrases, code_lists: Mapping[str, CodeList]) -> None:
        self._phrases = phrases
        self._code_lists = code_lists
        self._placeholder_stems = tuple(text.rstrip(" .…") for text in phrases.placeholders)

    def read_values(self, rows: Iterable[PrintedRow], narrative: Mapping[str, Sequence[Decimal]]) -> list[CellValue]:
        """The value of each row. `narrative` are the numbers that the prose gives for each indicator."""
        values = [self._read_row(row) for row in rows]
        notations = {
            column: column_notation(value.reading for value in values if value.reading and value.column == column)
            for column in {value.column for value in values}
        }
        for value in values:
            if value.reading is not None:
                _decide_number(value, value.reading, notations[value.column], narrative)
            is_empty_or_zero = value.status is ValueStatus.BLANK or value.value == 0
            if is_empty_or_zero and self._is_excused(value.row.note):
                value.status, value.value, value.decision = ValueStatus.NOT_APPLICABLE, None, "note words"
        _assign_merged_cells(values)
        _extend_not_done(values)
        return values

    def _is_blank(self, text: str) -> bool:
        folded = _folded(text)
        if not folded or folded in self._phrases.blank or folded in self._phrases.placeholders:
            return True
        return folded.endswith((".", "…")) and folded.rstrip(" .…") in self._placeholder_stems

    def _is_excused(self, note: str) -> bool:
        """Whether a note says that the unit has none of what the row asks for."""
        folded = _folded(note)
        return any(words in folded for words in self._phrases.not_applicable_notes)

    def _read_row(self, row: PrintedRow) -> CellValue:
        """The value of a row on its own; ambiguous numbers stay undecidable until their column is known."""
        filled = [
            (column, cell)
            for column, cell in enumerate(row.values)
            if cell.lacks_result or (cell.text and not self._is_blank(cell.text))
        ]
        if not filled:
            return _blank_value(row)
        column, cell = filled[0]
        value = CellValue(row, ValueStatus.UNDECIDABLE, cell.text, cell, column, decision=UNDECIDED)
        if any(other.text != cell.text for _, other in filled[1:]):
            value.report("value_undecidable", " / ".join(other.text for _, other in filled))
        elif cell.confidence is not None and cell.confidence < MIN_CONFIDENCE:
            value.report("value_recognised_unsurely")
        elif cell.lacks_result:
            value.report("value_not_calculated", cell.formula)
        else:
            self._read_cell(value, cell)
        return value

    def _read_cell(self, value: CellValue, cell: Cell) -> None:
        folded, kind = _folded(cell.text), value.row.kind
        code = self._code(value.row, cell, folded) if kind == "code_list" else ""
        if code:
            value.status, value.value, value.decision = ValueStatus.REPORTED, Decimal(code), "code words"
        elif folded in self._phrases.not_done:
            value.status, value.decision = ValueStatus.NOT_DONE, "words"
        elif kind == "heading":
            value.status, value.decision = ValueStatus.HEADING, ""
            if folded not in self._phrases.not_applicable:
                value.report("value_on_heading")
        elif folded in self._phrases.not_applicable:
            value.status, value.decision = ValueStatus.NOT_APPLICABLE, "words"
        else:
            reading = _read_cell_number(cell, value.row)
            if reading is not None and reading.values:
                value.reading = reading
            elif kind == "text":
                value.report("text_not_counted")
            else:
                value.report("value_not_a_number", self._expected_values(value.row))

    def _labels(self, row: PrintedRow) -> Mapping[str, str]:
        return self._code_lists[row.form_row.indicator.code_list].labels_vi if row.form_row else {}

    def _code(self, row: PrintedRow, cell: Cell, folded: str) -> str:
        """The code whose label the cell holds, or that its boolean means; "" if there is none."""
        labels = self._labels(row)
        if cell.kind == "boolean":
            return cell.text if set(labels) == {"0", "1"} and cell.text in labels else ""
        return next((code for code, label in labels.items() if fold(label) == folded), "")

    def _expected_values(self, row: PrintedRow) -> str:
        if row.kind == "code_list":
            return " / ".join(self._labels(row))
        return "0–100" if row.kind == "rate" else "0, 1, 2, …"


def _blank_value(row: PrintedRow) -> CellValue:
    raw = next((cell.text for cell in row.values if cell.text), "")
    if _BARE_NUMBER.match(row.unit):  # no unit is a bare number: the figure is in the wrong column
        value = CellValue(row, ValueStatus.UNDECIDABLE, raw, decision=UNDECIDED)
        value.finding = Finding("value_undecidable", row.location, row.indicator_code, row.unit)
        return value
    return CellValue(row, ValueStatus.HEADING if row.kind == "heading" else ValueStatus.BLANK, raw)


def _read_cell_number(cell: Cell, row: PrintedRow) -> NumberReading | None:
    expected = _EXPECTED.get(row.kind, "any")
    if cell.kind in ("number", "percent"):
        number = read_number(cell.text).en
        if number is not None and cell.kind == "percent":
            return NumberReading(number * 100, number * 100, "percent format", expected, is_stored=True)
        return NumberReading(number, number, "", expected, is_stored=True)
    if cell.kind != "text" or has_contact(cell.text):
        return None
    unit = fold(row.unit) if row.kind != "code_list" else ""
    parts = (unit, *map(str.strip, unit.split(",")), *_WORD.findall(unit))  # "cơ quan, đơn vị": 5 cơ quan
    return read_number(without_marks(cell.text), expected, tuple(part for part in parts if part and part[-1].isalpha()))


def _decide_number(
    value: CellValue, reading: NumberReading, notation: Notation | None, narrative: Mapping[str, Sequence[Decimal]]
) -> None:
    """Decide an ambiguous number by its column, by what the prose says about the indicator and by the row's note."""
    note = value.row.note
    in_note = [Decimal(number) for number in _WHOLE_NUMBER.findall(note)] if note else []
    evidence = {"narrative": narrative.get(value.row.indicator_code, ()), "note": in_note}
    number, value.decision = reading.decide(notation, evidence)
    if number is None or (reading.expected == "count" and number != number.to_integral_value()):
        value.leave_open(" / ".join(dict.fromkeys(_choices(reading))))
    else:
        value.status, value.value = ValueStatus.REPORTED, normalize_decimal(number)


def _choices(reading: NumberReading) -> Iterable[str]:
    """The numbers that a text leaves open; the mark in a fraction of a count may be a thousands separator."""
    for number in reading.values:
        text = format_decimal(number)
        _, mark, decimals = text.partition(".")
        if reading.expected == "count" and mark and len(decimals) <= _MAX_GROUPED_DECIMALS:
            yield format_decimal(number * 1000)
        yield text


def _assign_merged_cells(values: Sequence[CellValue]) -> None:
    """Give a figure in a cell merged over several rows to the one row that asks for it; to none if several ask."""
    by_cell: dict[int, list[CellValue]] = {}
    for value in values:
        for cell in value.row.values:
            if cell.row_span > 1 and cell.text:
                by_cell.setdefault(id(cell), []).append(value)
    for shared in by_cell.values():
        asked = [value for value in shared if value.row.form_row is None or value.row.form_row.is_asked]
        for value in shared if len(shared) > 1 else ():
            if value.status is ValueStatus.HEADING and len(asked) == 1:
                value.finding = None
            elif value.status is ValueStatus.REPORTED and len(asked) > 1:
                value.leave_open("")


def _extend_not_done(values: Sequence[CellValue]) -> None:
    """Let "Chưa thực hiện" on a heading or a text row speak for the blank rows below it."""
    paths = tuple(
        form_row.path + "."
        for value in values
        if value.status is ValueStatus.NOT_DONE
        and (form_row := value.row.form_row) is not None
        and form_row.indicator.kind in ("heading", "text")
    )
    for value in values:
        form_row = value.row.form_row
        if form_row is not None and value.status is ValueStatus.BLANK and form_row.path.startswith(paths):
            value.status, value.decision = ValueStatus.NOT_DONE, "heading words"


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    return fold(without_marks(text)) if text else ""
