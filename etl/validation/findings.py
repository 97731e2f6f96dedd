"""Turns failed expectations into findings: the cell, what was found, what was expected, and the difference."""

from __future__ import annotations

from decimal import Decimal

from etl.decimals import format_decimal
from etl.findings import Finding
from etl.validation.evaluation import Failure
from etl.validation.frames import Batch
from etl.validation.suite import Expectation

_OF_HISTORY = ("history.newly_blank", "history.exchanged", "history.departure")


def make_finding(expectation: Expectation, failure: Failure, line: int, batch: Batch) -> Finding:
    """The finding for one failing row. `line` is the position of its report in the batch."""
    rule_code, kwargs = expectation["meta"]["rule_code"], expectation["kwargs"]
    column = kwargs.get("column", "")
    if column in batch.facts[line]:
        fact = batch.facts[line][column]
        return Finding(rule_code, found=fact.found, expected=fact.expected)
    code = failure.indicator_code or _first_reported(expectation["meta"]["indicator_codes"], line, batch)
    row = batch.rows[line].get(code)
    location = row.location if row else ""
    if column in _OF_HISTORY:
        return Finding(rule_code, location, code, *_history_texts(column, code, line, batch))
    if failure.found is not None and failure.expected is not None:
        numbers = (failure.found, failure.expected, failure.found - failure.expected)
        return Finding(rule_code, location, code, *map(format_number, numbers))
    return Finding(rule_code, location, code, *_cell_texts(expectation, code, line, batch))


def _first_reported(codes: list[str], line: int, batch: Batch) -> str:
    """The cell to name: the first operand of the left side that is reported, else the rule's own row."""
    reported = (code for code in codes[:-1] if batch.numbers[line, batch.column_of[code]] >= 0)
    return next(reported, codes[-1])


def _cell_texts(expectation: Expectation, code: str, line: int, batch: Batch) -> tuple[str, str]:
    """What a cell contains and what it should contain."""
    row, kwargs = batch.rows[line][code], expectation["kwargs"]
    column = kwargs["column"]
    expected = ""
    if "min_value" in kwargs:
        expected = "–".join(format_number(kwargs[bound]) for bound in ("min_value", "max_value"))
    elif column == "value_text" and "value_set" in kwargs:
        codes = batch.catalogue.code_lists[batch.catalogue.indicators[code].code_list]
        expected = ", ".join(f"{value} = {label}" for value, label in codes.labels_vi.items())
    elif column == "status":
        expected = row.unit
    if column in ("value", "value_text", "status"):
        return row.raw_value or format_decimal(row.value), expected
    return batch.text(line, code, column), expected


def _history_texts(column: str, code: str, line: int, batch: Batch) -> tuple[str, ...]:
    """The value and what the earlier reports contain: the last one, or the usual range with the distance from it."""
    position = line, batch.column_of[code]
    value = batch.numbers[position]
    if column != "history.departure":
        return format_number(value), format_number(batch.history.last[position])
    usual = "–".join(format_number(edge[position]) for edge in batch.usual_range())
    return format_number(value), usual, format_number(batch.history_figure("departure")[position])


def format_number(number: float) -> str:
    """A number in its canonical text: no exponent, no trailing zeros; empty for NaN."""
    if number != number:  # noqa: PLR0124 - NaN is not itself
        return ""
    return format_decimal(Decimal(f"{number:.9f}"))
