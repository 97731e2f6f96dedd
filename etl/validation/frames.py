"""The two frames that a batch of reports is validated in, each with the columns that its suite asks for.

`cells` has a row for each asked row of a report: its texts, its number, the figures in its note and of its history.
`reports` has a row for each report: a column for each indicator, figure (`survey_forms.last`) and fact (`head.…`).
Numbers are NaN where nothing is reported or where a cell is not a number; texts are None where a condition does not
apply. Of a row that a report contains twice the first one counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeGuard

from etl.catalogue import Catalogue, Form
from etl.decimals import format_decimal
from etl.observations import NarrativeFigure, Observation
from etl.periods import Period
from etl.validation.expressions import NUMBER
from etl.validation.facts import Fact, head_facts
from etl.validation.history import ROW_FIGURES, History
from etl.validation.model import Candidate, Report
from etl.validation.notes import find_note_figure
from etl.validation.plausibility import Plausibility
from etl.validation.suite import CELLS, INDICATOR, NARRATIVE, REPORTS, SUBMISSION, Expectation, Suites

if TYPE_CHECKING:
    import pandas as pd

    from etl.validation.history import Array

ROUNDING = ".rounding"

_MEASURED = ("count", "rate", "code_list")
_MOST_DECIMALS = 6  # a rate from a spreadsheet carries the noise of binary fractions beyond them
_IS_NUMBER = re.compile(NUMBER)
_PRINTED_DECIMALS = re.compile(r"^\d+[.,](\d+)\s*%?$")


class Batch:
    """Reports of one period that are validated together: what rules about them need, computed for all at once."""

    def __init__(
        self, candidates: Sequence[Candidate], period: Period, catalogue: Catalogue, accepted: Mapping[str, Report]
    ) -> None:
        import numpy as np

        self.candidates, self.catalogue = candidates, catalogue
        self.rows = [
            {row.indicator_code: row for row in reversed(candidate.rows) if row.indicator_code}
            for candidate in candidates
        ]
        measured = [one for one in catalogue.indicators.values() if one.kind in _MEASURED]
        self.column_of = {indicator.indicator_code: column for column, indicator in enumerate(measured)}
        self.numbers: Array = np.array(
            [[_number_of(rows.get(code)) for code in self.column_of] for rows in self.rows], dtype="float64"
        ).reshape(len(candidates), len(measured))
        self.history = History([candidate.earlier for candidate in candidates], period, measured)
        plausibility = Plausibility(candidates, self.numbers, self.history, accepted, catalogue)
        self.facts: list[Mapping[str, Fact]] = [
            head_facts(candidate, period, catalogue) | plausibility.facts(line)
            for line, candidate in enumerate(candidates)
        ]
        self._below = [
            dict(pairwise(row.indicator_code for row in candidate.rows if row.status != "heading"))
            for candidate in candidates
        ]
        self._narrative = [_by_indicator(candidate.narrative) for candidate in candidates]

    def build_frames(self, lines: Sequence[int], form: Form, suites: Suites) -> dict[str, pd.DataFrame]:
        """Both frames for those reports of the batch that use a form."""
        return {
            CELLS: self._build_cells(lines, form, suites[CELLS]),
            REPORTS: self._build_reports(lines, suites[REPORTS]),
        }

    def _build_cells(self, lines: Sequence[int], form: Form, suite: Sequence[Expectation]) -> pd.DataFrame:
        import pandas as pd

        asked = {row.indicator.indicator_code: row for row in form.asked_rows}
        cells = [(line, code) for line in lines for code in asked if code in self.rows[line]]
        rows = [self.rows[line][code] for line, code in cells]
        indicators = [asked[code].indicator for _, code in cells]
        is_reported = [row.status == "reported" for row in rows]
        columns: dict[str, Any] = {
            SUBMISSION: [self.candidates[line].submission_id for line, _ in cells],
            INDICATOR: [code for _, code in cells],
            "kind": [indicator.kind for indicator in indicators],
            "nature": [indicator.nature for indicator in indicators],
            "is_required": [asked[code].is_required for _, code in cells],
            "status": [str(row.status) for row in rows],
            "value_text": [
                format_decimal(row.value) if told else None for row, told in zip(rows, is_reported, strict=True)
            ],
            "note_of_value": [clean(row.note) if told else None for row, told in zip(rows, is_reported, strict=True)],
            **{name: [clean(getattr(row, name)) for row in rows] for name in ("note", "label", "unit")},
            "value": self._take(self.numbers, cells),
        }
        for name in _columns_of(suite) - set(columns):
            columns[name] = pd.Series(self._cell_column(name, cells, rows, columns), dtype="float64")
        return pd.DataFrame(columns)

    def _cell_column(
        self, name: str, cells: Sequence[tuple[int, str]], rows: Sequence[Observation], columns: Mapping[str, Any]
    ) -> Iterable[float | None]:
        owner, _, figure = name.partition(".")
        if owner == "note":
            return [find_note_figure(figure, note) if note else float("nan") for note in columns["note_of_value"]]
        if name.startswith(NARRATIVE):
            figures = [self._in_narrative(line, code) for line, code in cells]
            return [half_a_unit(figure) if name.endswith(ROUNDING) else _nan(figure) for figure in figures]
        if name == "value" + ROUNDING:
            return [half_a_unit(row.value, row.raw_value) for row in rows]
        if figure in ROW_FIGURES:
            return self._take(self.history_figure(figure), cells)
        return [_nan(self.facts[line][name].number) for line, _ in cells]

    def _build_reports(self, lines: Sequence[int], suite: Sequence[Expectation]) -> pd.DataFrame:
        import pandas as pd

        columns: dict[str, Any] = {SUBMISSION: [self.candidates[line].submission_id for line in lines]}
        for name in sorted(_columns_of(suite)):
            columns[name] = pd.Series(self._report_column(name, lines), dtype="float64")
        return pd.DataFrame(columns)

    def _report_column(self, name: str, lines: Sequence[int]) -> Iterable[float | None]:
        code, _, figure = name.partition(".")
        if not figure or figure in ROW_FIGURES:
            values = self.history_figure(figure) if figure else self.numbers
            return self._take(values, [(line, code) for line in lines])
        if code not in self.column_of:
            return [_nan(self.facts[line][name].number) for line in lines]
        rows = [self.rows[line].get(code) for line in lines]
        reported = [row if row is not None and row.status == "reported" else None for row in rows]
        if name.endswith(ROUNDING):
            return [_nan(row and half_a_unit(row.value, row.raw_value)) for row in rows]
        return [_nan(row and find_note_figure(figure, clean(row.note))) for row in reported]

    def _take(self, values: Array, cells: Sequence[tuple[int, str]]) -> Array:
        """The values of some cells; NaN for an indicator that holds no numbers."""
        import numpy as np

        padded = np.column_stack([values, np.full(len(values), np.nan)])
        columns = [self.column_of.get(code, -1) for _, code in cells]
        taken: Array = padded[[line for line, _ in cells], columns]
        return taken

    def history_figure(self, name: str) -> Array:
        """A figure of ROW_FIGURES for all reports and indicators."""
        import numpy as np

        if name == "departure":
            low, high = self.usual_range()
            is_usual = (self.history.usual[0] <= self.numbers) & (self.numbers <= self.history.usual[1])
            departure = np.minimum(self.numbers - low, 0.0) + np.maximum(self.numbers - high, 0.0)
            return np.where(is_usual, 0.0, departure)
        if name == "newly_blank":
            is_blank = [
                [code in rows and rows[code].status == "blank" for code in self.column_of] for rows in self.rows
            ]
            is_there = [[code in rows for code in self.column_of] for rows in self.rows]
            return np.where(np.isnan(self.history.last) | ~np.array(is_there), np.nan, np.array(is_blank, dtype=float))
        return self._exchanged() if name == "exchanged" else self.history.figure(name)

    def usual_range(self) -> tuple[Array, Array]:
        """The usual values as they can be printed, rounded inwards: whole numbers for a count, tenths for a rate."""
        import numpy as np

        scale = np.array([1.0 if one.kind == "count" else 10.0 for one in self.history.indicators])
        low, high = self.history.usual
        return np.ceil(low * scale - 1e-9) / scale, np.floor(high * scale + 1e-9) / scale

    def _exchanged(self) -> Array:
        """1 where a row and the one below it hold what the other held last time; flows vary too much to tell."""
        import numpy as np

        below = np.full(self.numbers.shape, -1)
        for line, neighbours in enumerate(self._below):
            for code, other in neighbours.items():
                if code in self.column_of and other and self.catalogue.indicators[other].nature != "flow":
                    below[line, self.column_of[code]] = self.column_of.get(other, -1)
        lines = np.arange(len(below))[:, None]
        now, last = (
            np.column_stack([values, np.full(len(values), np.nan)]) for values in (self.numbers, self.history.last)
        )
        pairs = (now[:, :-1], now[lines, below], last[lines, below], last[:, :-1])
        is_known = ~np.isnan(np.stack(pairs)).any(axis=0)
        is_exchanged = (pairs[0] == pairs[2]) & (pairs[1] == pairs[3]) & (pairs[0] != pairs[1])
        return np.where(is_known, is_exchanged, np.nan)

    def text(self, line: int, code: str, column: str) -> str:
        """A text of a cell; see build_frames."""
        row = self.rows[line][code]
        return clean(getattr(row, "note" if column == "note_of_value" else column))

    def _in_narrative(self, line: int, code: str) -> Decimal | None:
        """The number in the prose about an indicator; of several the one that agrees with its cell, else the first."""
        figures = self._narrative[line].get(code, ())
        row = self.rows[line].get(code)
        return next((figure for figure in figures if row and figure == row.value), figures[0] if figures else None)


def _columns_of(suite: Iterable[Expectation]) -> set[str]:
    return {
        name for one in suite for name in one["kwargs"].get("column_list", [one["kwargs"].get("column")])
    }  # fmt: skip


def _by_indicator(narrative: Iterable[NarrativeFigure]) -> Mapping[str, list[Decimal]]:
    figures: dict[str, list[Decimal]] = {}
    for figure in narrative:
        if is_number(figure.value):
            figures.setdefault(figure.indicator_code, []).append(figure.value)
    return figures


def is_number(value: Decimal | None) -> TypeGuard[Decimal]:
    """Whether there is a value, of no more digits than a number of a report can have."""
    return value is not None and bool(_IS_NUMBER.match(format_decimal(value)))


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """A text of the form in composed Unicode, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def half_a_unit(value: Decimal | None, raw_value: str = "") -> float:
    """Half a unit of the last digit that a number was printed with, as far as its cell shows the same number."""
    if not is_number(value):
        return float("nan")
    decimals = len(format_decimal(value).partition(".")[2])
    printed = _PRINTED_DECIMALS.match(raw_value)
    if printed and Decimal(raw_value.rstrip(" %").replace(",", ".")) == value:
        decimals = len(printed[1])
    return 0.5 / 10.0 ** min(decimals, _MOST_DECIMALS)


def _number_of(row: Observation | None) -> float:
    return float(row.value) if row is not None and is_number(row.value) else float("nan")


def _nan(number: float | Decimal | None) -> float:
    return float("nan") if number is None else float(number)
