"""What a row says: reported, blank, not applicable, not done, heading or undecidable, and the number that it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from etl.catalogue import CodeList, FormRow, IndicatorKind, Phrases
from etl.decimals import format_decimal, normalize_decimal
from etl.findings import Finding
from etl.observations import ValueStatus
from etl.parsing.formats.grid import Cell
from etl.parsing.layout.appendix_finder import PrintedRow
from etl.parsing.matching.labels import without_marks
from etl.parsing.values.contacts import has_contact
from etl.parsing.values.number_parsing import Cellful, Reading, Writing, decide, read_number
from etl.text import fold

# A recognised figure of which the recognition is less sure than this is undecidable.
MIN_CONFIDENCE = 0.8
_BARE_NUMBER = re.compile(r"^\d[\d.,\s]*$")
_WORD = re.compile(r"\w+")
_WHOLE_NUMBER = re.compile(r"(?<![\d.,/])\d+(?![\d.,/]*\d)")


@dataclass(slots=True)
class Value:
    """What one row says, and the cell that says it. `number` waits to be decided by its column while `status` is
    undecidable."""

    status: ValueStatus
    raw: str = ""
    location: str = ""
    value: Decimal | None = None
    number: Cellful | None = None
    column: int = 0
    finding: Finding | None = None
    decision: str = ""
    is_not_done: bool = False
    cell: Cell | None = None


@dataclass(slots=True)
class Reader:
    """Reads the value cells of rows with the words of a catalogue."""

    phrases: Phrases
    code_lists: Mapping[str, CodeList]
    _placeholders: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._placeholders = tuple(text.rstrip(" .…") for text in self.phrases.placeholders)

    def _is_blank(self, folded: str) -> bool:
        if not folded or folded in self.phrases.blank:
            return True
        return folded in self.phrases.placeholders or (
            folded.endswith((".", "…")) and folded.rstrip(" .…") in self._placeholders
        )

    def read(self, row: PrintedRow, form_row: FormRow | None) -> Value:
        """What the row's value cells say, taken alone: numbers are decided later, with their column."""
        kind = _kind(row, form_row)
        said = [
            (index, cell)
            for index, cell in enumerate(row.values)
            if cell.lacks_result or (cell.text and not self._is_blank(_folded(cell.text)))
        ]
        if not said:
            raw = next((cell.text for cell in row.values if cell.text), "")
            if _BARE_NUMBER.match(row.unit):
                # No unit is a bare number: a figure has slipped out of its column.
                return Value(
                    ValueStatus.UNDECIDABLE, raw, row.location, finding=_slipped(row, form_row), decision="open"
                )
            status = ValueStatus.HEADING if kind == "heading" else ValueStatus.BLANK
            return Value(status, raw, row.location)
        column, cell = said[0]
        location = row.location_of(column)
        value = Value(ValueStatus.UNDECIDABLE, cell.text, location, column=column, decision="open", cell=cell)
        indicator = form_row.indicator.indicator_code if form_row else ""
        if any(other.text != cell.text for _, other in said[1:]):
            value.finding = _finding("value_undecidable", value, indicator, " / ".join(one.text for _, one in said))
        elif cell.confidence is not None and cell.confidence < MIN_CONFIDENCE:
            value.finding = _finding("value_recognised_unsurely", value, indicator, "")
        elif cell.lacks_result:
            value.finding = _finding("value_not_calculated", value, indicator, cell.formula)
        else:
            self._read_cell(value, cell, kind, row, form_row)
        return value

    def _read_cell(
        self, value: Value, cell: Cell, kind: IndicatorKind | None, row: PrintedRow, form_row: FormRow | None
    ) -> None:
        folded = _folded(cell.text)
        code = self._code(folded, cell, form_row) if kind == "code_list" else ""
        indicator = form_row.indicator.indicator_code if form_row else ""
        if code:
            value.status, value.value, value.decision = ValueStatus.REPORTED, Decimal(code), "code words"
        elif folded in self.phrases.not_done:
            value.status, value.is_not_done, value.decision = ValueStatus.NOT_DONE, True, "words"
        elif folded in self.phrases.not_applicable:
            value.status = ValueStatus.NOT_APPLICABLE if kind != "heading" else ValueStatus.HEADING
            value.decision = "words" if kind != "heading" else ""
        elif kind == "heading":
            value.status, value.decision = ValueStatus.HEADING, ""
            value.finding = _finding("value_on_heading", value, indicator, "")
        else:
            reading = _reading(cell, kind, row)
            if reading is not None and reading.values:
                value.number = Cellful(reading, kind in ("count", "code_list"), kind == "rate", cell.kind == "text")
            elif kind == "text":
                value.finding = _finding("text_not_counted", value, indicator, "")
            else:
                value.finding = _finding("value_not_a_number", value, indicator, self._wanted(kind, form_row))

    def _code(self, folded: str, cell: Cell, form_row: FormRow | None) -> str:
        if form_row is None:
            return ""
        codes = self.code_lists[form_row.indicator.code_list]
        if cell.kind == "boolean":
            return cell.text if set(codes.labels_vi) == {"0", "1"} and cell.text in ("0", "1") else ""
        return next((code for code, label in codes.labels_vi.items() if fold(label) == folded), "")

    def _wanted(self, kind: IndicatorKind | None, form_row: FormRow | None) -> str:
        if kind == "code_list" and form_row is not None:
            return " / ".join(self.code_lists[form_row.indicator.code_list].labels_vi)
        return "0–100" if kind == "rate" else "0, 1, 2, …"

    def settle(
        self,
        value: Value,
        row: PrintedRow,
        form_row: FormRow | None,
        writing: Writing | None,
        narrative: Mapping[str, Sequence[Decimal]],
    ) -> None:
        """Decides a number with its column's way of writing, what the prose says of its indicator and the row's note;
        then what the note makes of it."""
        if value.number is not None:
            indicator = form_row.indicator.indicator_code if form_row else ""
            in_note = [Decimal(number) for number in _WHOLE_NUMBER.findall(row.note)] if row.note else []
            decision = decide(value.number, writing, {"narrative": narrative.get(indicator, ()), "note": in_note})
            number, value.decision = decision.number, decision.how
            if number is None or (value.number.is_count and number != number.to_integral_value()):
                choices = " / ".join(dict.fromkeys(_choices(value.number.reading, value.number.is_count)))
                value.finding = _finding("value_undecidable", value, indicator, choices)
                value.decision = "open"
            else:
                value.status, value.value = ValueStatus.REPORTED, normalize_decimal(number)
        says_nothing = value.status is ValueStatus.BLANK or value.value == 0
        if says_nothing and self._is_excused(row.note):
            value.status, value.value, value.decision = ValueStatus.NOT_APPLICABLE, None, "note words"

    def _is_excused(self, note: str) -> bool:
        """Whether a note says that the unit has none of what the row asks for."""
        folded = _folded(note)
        return any(words in folded for words in self.phrases.not_applicable_notes)


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    return fold(without_marks(text)) if text else ""


def _choices(reading: Reading, is_count: bool) -> list[str]:
    """The numbers between which a text leaves the choice; a fraction of a count may be a thousands separator."""
    result = []
    for number in reading.values:
        text = format_decimal(number)
        if is_count and "." in text and len(text.partition(".")[2]) <= 3:
            result.append(format_decimal(number * 1000))
        result.append(text)
    return result


def _slipped(row: PrintedRow, form_row: FormRow | None) -> Finding:
    code = form_row.indicator.indicator_code if form_row else ""
    return Finding("value_undecidable", row.location, code, row.unit, "")


def _finding(rule: str, value: Value, indicator: str, expected: str) -> Finding:
    return Finding(rule, value.location, indicator, value.raw, expected)


def _kind(row: PrintedRow, form_row: FormRow | None) -> IndicatorKind | None:
    """What the row asks for; for a row that the form lacks as much as its unit tells."""
    if form_row is not None:
        return form_row.indicator.kind
    if row.unit == "%":
        return "rate"
    return None if row.unit or any(cell.text for cell in row.values) else "heading"


def _reading(cell: Cell, kind: IndicatorKind | None, row: PrintedRow) -> Reading | None:
    if cell.kind in ("number", "percent"):
        number = read_number(cell.text).en
        if number is not None and cell.kind == "percent":
            return Reading(number * 100, number * 100, "percent format")
        return Reading(number, number)
    if cell.kind != "text" or has_contact(cell.text):
        return None
    unit = fold(row.unit) if kind != "code_list" else ""
    parts = (unit, *map(str.strip, unit.split(",")), *_WORD.findall(unit))  # "cơ quan, đơn vị": 5 cơ quan
    words = tuple(word for word in parts if word and word[-1].isalpha())
    return read_number(without_marks(cell.text), is_rate=kind == "rate", unit_words=words)
