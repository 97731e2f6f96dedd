"""Which form an appendix is on, and which of its rows is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from etl import periods
from etl.catalogue import AREA_LEVEL, Catalogue, Form, FormRow
from etl.parsing.formats.container import too_large
from etl.parsing.layout.appendix_finder import Section
from etl.parsing.layout.printed_row import PrintedRow
from etl.parsing.matching.alignment import Alignment, RowKey, align
from etl.parsing.matching.labels import LabelIndex
from etl.parsing.matching.wrapped_rows import LabelPrefixes, join_wrapped_rows
from etl.text import fold

# The share of the printed rows that a form must have, and of the form's rows that must be printed.
MIN_FIT, MIN_COVERAGE = 0.7, 0.2
# A table among others belongs to the appendix if a form has this share of its labels.
MIN_KNOWN_LABELS = 0.3
MAX_ROWS = 3_000
# Of an appendix that is printed twice, more than this share of the form's rows is.
_MAX_PRINTED_TWICE = 0.2


@dataclass(frozen=True, slots=True)
class FormMatch:
    """The rows of an appendix, each with its form row, and the form rows that are missing.

    `fit` is the share of printed rows that the form has (0 to 1); with too little, the form is not `is_known`.
    """

    form: Form
    rows: list[PrintedRow]
    missing: list[FormRow]
    fit: float
    is_known: bool


class FormMatcher:
    """The forms of a catalogue, made comparable once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._forms = tuple(catalogue.forms.values())
        self.labels = LabelIndex(
            catalogue.abbreviations,
            catalogue.phrases.telling_words,
            (row.label for form in self._forms for row in form.rows),
        )
        self._row_keys = {
            form.form_code: [
                RowKey(self.labels.key(row.label), _printed_item(row), _folded_unit(row.unit)) for row in form.rows
            ]
            for form in self._forms
        }
        self._label_keys = {code: {row.label for row in rows} for code, rows in self._row_keys.items()}
        self._known_labels = LabelPrefixes(set().union(*self._label_keys.values()))

    def choose_sections(self, sections: Sequence[Section]) -> list[Section]:
        """The sections that belong to the appendix: those with labels of a form, and those cut off from them.

        Without any such section every one with a header is taken, since the form may be a new one.
        """
        self._join_wrapped_rows(sections)
        known = [section for section in sections if self._known_share(section) >= MIN_KNOWN_LABELS]
        known = [section for section in known if not section.grid.is_hidden] or known
        if not known:
            return [section for section in sections if section.has_header]
        shapes = {(section.columns, section.width) for section in known}
        return [
            section
            for section in sections
            if section in known
            or (section.has_header and not section.grid.is_hidden and (section.columns, section.width) in shapes)
        ]

    def match(self, sections: Sequence[Section], period_code: str, *, is_partial: bool) -> FormMatch:
        """Match the rows with the form that fits best; of an appendix printed twice, the table that fits best.

        A partial report need not print much of the form.
        """
        rows = [row for section in sections for row in section.rows]
        if len(rows) > MAX_ROWS:
            raise too_large(f"The appendix has {len(rows)} rows")
        form, alignment = self._align(rows, period_code)
        tables = {id(section.grid): section.grid for section in sections}
        if len(tables) > 1 and alignment.changes.count("twice") > _MAX_PRINTED_TWICE * len(form.rows):
            candidates = []
            for table in tables.values():
                rows_of_table = [row for section in sections if section.grid is table for row in section.rows]
                candidates.append((rows_of_table, *self._align(rows_of_table, period_code)))
            rows, form, alignment = max(candidates, key=lambda candidate: candidate[2].score)
        for row, index, change in zip(rows, alignment.form_index, alignment.changes, strict=True):
            row.form_row, row.change = form.rows[index] if index is not None else None, change
        fit = alignment.score / len(rows) if rows else 0.0
        is_covered = sum(row.form_row is not None for row in rows) >= MIN_COVERAGE * len(form.rows)
        missing = [form.rows[index] for index in alignment.missing]
        return FormMatch(form, _trim(rows), missing, fit, fit >= MIN_FIT and (is_partial or is_covered))

    def _align(self, rows: Sequence[PrintedRow], period_code: str) -> tuple[Form, Alignment]:
        """The form that has most of the labels, and the rows aligned with it.

        Forms share most labels: among those that have as many, the one in force in the report's period is meant.
        """
        period = periods.parse(period_code) if period_code else None
        keys = []
        for row in rows:
            label, is_misprinted = self.labels.normalize(row.label)
            keys.append(RowKey(label, row.item, _folded_unit(row.unit), is_misprinted))
        labels = {key.label for key in keys}
        form = max(
            self._forms,
            key=lambda form: (
                len(labels & self._label_keys[form.form_code]),
                period is not None and form.is_valid_for(period),
                form.valid_from,
            ),
        )
        return form, align(keys, self._row_keys[form.form_code], self.labels)

    def _known_share(self, section: Section) -> float:
        known = sum(self.labels.key(row.label) in self._known_labels.labels for row in section.rows)
        return known / len(section.rows) if section.rows else 0.0

    def _join_wrapped_rows(self, sections: Sequence[Section]) -> None:
        """Join the rows that a page break cut, each in the section where it starts."""
        rows = [row for section in sections for row in section.rows]
        if not any(row.may_continue for row in rows):
            return
        section_of = {id(row): section for section in sections for row in section.rows}
        for section in sections:
            section.rows = []
        for first_line, row in join_wrapped_rows(rows, self.labels, self._known_labels):
            section_of[id(first_line)].rows.append(row)


def _trim(rows: list[PrintedRow]) -> list[PrintedRow]:
    """The rows from the first to the last that the form has or that hold more than a label: what is printed around
    them in the same columns (a subtitle, the signature) is not part of the appendix."""
    kept = [
        index
        for index, row in enumerate(rows)
        if row.form_row is not None or row.unit or row.item or any(cell.text for cell in row.values)
    ]
    return rows[kept[0] : kept[-1] + 1] if kept else []


def _printed_item(row: FormRow) -> str:
    """What the form prints in the first column: the numeral of an area, the number of a numbered row, else nothing."""
    if row.level == AREA_LEVEL:
        return row.path
    return row.item if row.level == 1 else ""


@lru_cache(maxsize=4_096)
def _folded_unit(unit: str) -> str:
    return fold(unit)
