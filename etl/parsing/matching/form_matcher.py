"""Which form an appendix is on, and which of its rows is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from etl import periods
from etl.catalogue import AREA_LEVEL, Catalogue, Form, FormRow
from etl.parsing.formats.container import too_large
from etl.parsing.layout.appendix_finder import Appendix, PrintedRow, Section
from etl.parsing.matching.alignment import Alignment, Entry, align
from etl.parsing.matching.labels import Labels
from etl.parsing.matching.wrapped_rows import KnownLabels, unwrapped
from etl.periods import Period
from etl.text import fold

# Of the printed rows this share must be the form's, and of the form's rows this share must be printed.
MIN_FIT, MIN_COVERAGE = 0.7, 0.2
# A table among others belongs to the appendix if this share of its labels stands on a form.
MIN_KNOWN_LABELS = 0.3
MAX_ROWS = 3_000
_TOO_MANY_TWICE = 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """An appendix laid on a form. `fit` is the share of printed rows that the form has (0 to 1)."""

    rows: list[PrintedRow]
    form: Form
    alignment: Alignment
    fit: float
    is_partial: bool = False
    """A report that only adds to or corrects another need not print much of the form."""

    @property
    def is_known(self) -> bool:
        matched = sum(index is not None for index in self.alignment.form_index)
        return self.fit >= MIN_FIT and (self.is_partial or matched >= MIN_COVERAGE * len(self.form.rows))


@lru_cache(maxsize=4_096)
def _folded_unit(unit: str) -> str:
    return fold(unit)


def printed_item(row: FormRow) -> str:
    """What the form prints in the first column: the area's numeral, the number of a numbered row, else nothing."""
    if row.level == AREA_LEVEL:
        return row.path
    return row.item if row.level == 1 else ""


class Matcher:
    """The forms of a catalogue, made comparable once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.labels = Labels(catalogue.abbreviations, catalogue.phrases.telling_words)
        self._forms: Sequence[Form] = tuple(catalogue.forms.values())
        self._entries: Mapping[str, list[Entry]] = {
            form.form_code: [
                Entry(self.labels.key(row.label), printed_item(row), _folded_unit(row.unit)) for row in form.rows
            ]
            for form in self._forms
        }
        self.labels.learn(entry.key for entries in self._entries.values() for entry in entries)
        self._keys = {code: {entry.key for entry in entries} for code, entries in self._entries.items()}
        self._all_keys: set[str] = set().union(*self._keys.values())
        self._known_labels = KnownLabels(self._all_keys)

    def _known_share(self, section: Section) -> float:
        known = sum(self.labels.key(row.label) in self._all_keys for row in section.rows)
        return known / len(section.rows) if section.rows else 0.0

    def _unwrap(self, sections: Sequence[Section]) -> None:
        """Puts rows together that a page broke, each in the section in which it begins."""
        if not any(row.may_continue for section in sections for row in section.rows):
            return
        owner = {id(row): section for section in sections for row in section.rows}
        rows = [row for section in sections for row in section.rows]
        for section in sections:
            section.rows = []
        for first, row in unwrapped(rows, self.labels, self._known_labels):
            owner[id(first)].rows.append(row)

    def choose(self, appendix: Appendix) -> list[Section]:
        """The sections that are the appendix: those with labels of a form, and those cut off from them.

        Without any such section every one with a header is taken, since the form may be a new one.
        """
        self._unwrap(appendix.sections)
        headed = [section for section in appendix.sections if section.has_header]
        known = [section for section in appendix.sections if self._known_share(section) >= MIN_KNOWN_LABELS]
        shown = [section for section in known if not section.is_hidden]
        known = shown or known
        if not known:
            return headed
        widths = {(section.columns, section.width) for section in known}
        return [
            section
            for section in appendix.sections
            if section in known
            or (section.has_header and not section.is_hidden and (section.columns, section.width) in widths)
        ]

    def _align(self, rows: list[PrintedRow], period: Period | None) -> Match:
        labels = self.labels
        entries = [
            Entry(labels.key(row.label), row.item, _folded_unit(row.unit), labels.is_misprinted(row.label))
            for row in rows
        ]
        keys = {entry.key for entry in entries}
        # Forms share most labels; where as many rows speak for two, the one in force for the report's period is meant.
        form = max(
            self._forms,
            key=lambda form: (
                len(keys & self._keys[form.form_code]),
                period is not None and form.is_valid_for(period),
                form.valid_from,
            ),
        )
        alignment = align(entries, self._entries[form.form_code], self.labels)
        return Match(rows, form, alignment, alignment.score / len(rows) if rows else 0.0)

    def match(self, sections: Sequence[Section], period_code: str) -> Match:
        """Lays the rows on the form that fits best; of an appendix that stands twice, the table that fits best."""
        period = periods.parse(period_code) if period_code else None
        rows = [row for section in sections for row in section.rows]
        if len(rows) > MAX_ROWS:
            raise too_large(f"The appendix has {len(rows)} rows")
        best = self._align(rows, period)
        twice = best.alignment.changes.count("twice")
        grids = dict.fromkeys(section.grid for section in sections)
        if twice > _TOO_MANY_TWICE * len(best.form.rows) and len(grids) > 1:
            alone = (self._align([row for row in rows if row.grid == grid], period) for grid in grids)
            return max(alone, key=lambda match: match.alignment.score)
        return best
