"""The words by which a report is read: headers, absences, periods (data/phrases.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from etl.catalogue.document import CatalogueModel
from etl.text import fold

ColumnRole = Literal["ordinal", "label", "unit", "value", "note"]
Words = tuple[Annotated[str, AfterValidator(fold)], ...]


def _has_all(keys: Any) -> AfterValidator:
    def check(groups: dict[str, Words]) -> dict[str, Words]:
        missing = [key for key in get_args(keys) if key not in groups]
        if missing:
            raise PydanticCustomError("missing_keys", "lacks {missing}", {"missing": ", ".join(missing)})
        return groups

    return AfterValidator(check)


_Period = Literal["Q1", "Q2", "H1", "Q3", "9M", "Q4", "FY"]
_Nature = Literal["cumulative", "year_to_date", "stock", "flow"]


class Phrases(CatalogueModel):
    """All words are folded (etl.text.fold), except `masked` and `report_symbols`; see data/phrases.yml for the keys."""

    columns: Annotated[dict[ColumnRole, Words], _has_all(ColumnRole)]
    other_columns: Words
    contact_columns: Words
    appendix_titles: Words
    report_symbols: tuple[str, ...]
    titled: Words
    partial_titles: Words
    not_done: Words
    not_applicable: Words
    blank: Words
    not_applicable_notes: Words
    placeholders: Words
    window_words: Words
    period_terms: Annotated[dict[_Period, Words], _has_all(_Period)]
    part_of_a_year: Words
    natures: Annotated[dict[_Nature, Words], _has_all(_Nature)]
    telling_words: tuple[Words, ...]
    masked: str

    @cached_property
    def role_of_header(self) -> Mapping[str, ColumnRole]:
        """What a column holds, by the folded words of its header."""
        return {word: role for role, words in self.columns.items() for word in words}
