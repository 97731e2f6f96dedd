"""The words by which a report is read: headers, absences, periods (data/phrases.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args

from etl.errors import CatalogueError
from etl.text import fold

ColumnRole = Literal["ordinal", "label", "unit", "value", "note"]
COLUMN_ROLES: tuple[ColumnRole, ...] = get_args(ColumnRole)


@dataclass(frozen=True)
class Phrases:
    """All words folded (etl.text.fold), but `masked` and `report_symbols`. See the comments in data/phrases.yml."""

    columns: Mapping[str, tuple[str, ...]]
    other_columns: tuple[str, ...]
    contact_columns: tuple[str, ...]
    appendix_titles: tuple[str, ...]
    report_symbols: tuple[str, ...]
    titled: tuple[str, ...]
    partial_titles: tuple[str, ...]
    not_done: tuple[str, ...]
    not_applicable: tuple[str, ...]
    blank: tuple[str, ...]
    not_applicable_notes: tuple[str, ...]
    placeholders: tuple[str, ...]
    window_words: tuple[str, ...]
    period_terms: Mapping[str, tuple[str, ...]]
    part_of_a_year: tuple[str, ...]
    natures: Mapping[str, tuple[str, ...]]
    telling_words: tuple[tuple[str, ...], ...]
    masked: str

    @cached_property
    def role_of_header(self) -> Mapping[str, ColumnRole]:
        """What a column holds, by the folded words of its header."""
        return {word: role for role in COLUMN_ROLES for word in self.columns[role]}


def _words(place: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise CatalogueError(place, "this is not a list of words", "Put numbers and signs in quotes")
    return tuple(fold(word) for word in value)


def _groups(place: str, value: Any, keys: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or set(value) != set(keys):
        raise CatalogueError(place, "the keys are wrong", f"They must be {', '.join(keys)}")
    return {key: _words(f"{place}.{key}", words) for key, words in value.items()}


def make_phrases(name: str, document: Mapping[str, Any]) -> Phrases:
    """Phrases from the YAML document of the file `name`. Raises CatalogueError for unknown or missing keys."""
    known = tuple(field.name for field in fields(Phrases))
    if set(document) != set(known):
        wrong = sorted(set(document) ^ set(known))
        raise CatalogueError(f"{name}:1", f"unknown or missing keys: {', '.join(wrong)}")
    values: dict[str, Any] = {}
    for key, value in document.items():
        place = f"{name}:{key}"
        if key == "columns":
            values[key] = _groups(place, value, COLUMN_ROLES)
        elif key == "period_terms":
            values[key] = _groups(place, value, ("Q1", "Q2", "H1", "Q3", "9M", "Q4", "FY"))
        elif key == "natures":
            values[key] = _groups(place, value, ("cumulative", "year_to_date", "stock", "flow"))
        elif key == "telling_words":
            values[key] = tuple(_words(place, group) for group in value)
        elif key == "report_symbols":
            values[key] = tuple(value)
        else:
            values[key] = value if key == "masked" else _words(place, value)
    return Phrases(**values)
