"""What a scoring method may name: the catalogue's indicators and areas, or the columns of any table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from etl.catalogue import Catalogue

REFERENCE_FIGURES = ("district.commune_count",)  # figures of the district itself, from the catalogue


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`kinds`: the kind of each input ("" where it is not known). `codes`: those of each code list.

    `areas`: the Vietnamese and the English name of each area; None where any area may be named.
    """

    kinds: Mapping[str, str]
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    areas: Mapping[str, tuple[str, str]] | None = None
    hint: str = ""

    @classmethod
    def from_catalogue(cls, catalogue: Catalogue) -> Self:
        """Return what a method of the warehouse may name."""
        indicators = catalogue.indicators
        return cls(
            {code: indicator.kind for code, indicator in indicators.items()}
            | dict.fromkeys(REFERENCE_FIGURES, "count"),
            {
                code: tuple(catalogue.code_lists[indicator.code_list].labels_vi)
                for code, indicator in indicators.items()
                if indicator.kind == "code_list"
            },
            {code: (area.name_vi, area.name_en) for code, area in catalogue.reform_areas.items()},
            "See docs/glossary.md",
        )

    @classmethod
    def from_table(cls, indicators: Iterable[str]) -> Self:
        """Return what a method over a table may name: its indicators, of any kind."""
        return cls(dict.fromkeys(indicators, ""), hint="The table of values does not contain it")
