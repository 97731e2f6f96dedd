"""What a scoring method may name: the catalogue's indicators and areas, or the columns of a table of somebody's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from etl.catalogue import Catalogue

REFERENCE_PREFIX = "district."
REFERENCE_FIGURES = ("commune_count",)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`kinds` gives the kind of each indicator ("" where nobody knows it); `areas` is None where any name will do."""

    kinds: Mapping[str, str]
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    areas: Mapping[str, tuple[str, str]] | None = None
    figures: tuple[str, ...] = ()
    hint: str = ""

    def is_figure(self, name: object) -> bool:
        """Whether `name` is a figure of the district itself, such as district.commune_count."""
        return isinstance(name, str) and name in self.figures


def of_catalogue(catalogue: Catalogue) -> Vocabulary:
    """What a method of the warehouse may name."""
    return Vocabulary(
        {code: indicator.kind for code, indicator in catalogue.indicators.items()},
        {
            code: tuple(catalogue.code_lists[indicator.code_list].labels_vi)
            for code, indicator in catalogue.indicators.items()
            if indicator.kind == "code_list"
        },
        {code: (area.name_vi, area.name_en) for code, area in catalogue.reform_areas.items()},
        tuple(f"{REFERENCE_PREFIX}{name}" for name in REFERENCE_FIGURES),
        "See docs/glossary.md",
    )


def of_table(indicators: Iterable[str]) -> Vocabulary:
    """What a method over a table may name: the indicators that stand there, of whatever kind."""
    return Vocabulary(dict.fromkeys(indicators, ""), hint="The table of values does not hold it")
