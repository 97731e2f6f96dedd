"""The types of the catalogue. Every object is immutable; codes are permanent.

The annotations validate the rows of its tables (etl.catalogue.rows). The constructors themselves check nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, StringConstraints

from etl.catalogue.document import Document
from etl.catalogue.narrative import NarrativePattern
from etl.catalogue.phrases import Phrases
from etl.catalogue.rows import is_code_of
from etl.errors import UsageError
from etl.periods import Period
from etl.text import fold

IndicatorKind = Literal["heading", "count", "rate", "code_list", "text"]
Nature = Literal["flow", "stock", "cumulative", "year_to_date", ""]
Level = Literal["district", "commune"]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Code
OptionalDay = Annotated[date | None, BeforeValidator(lambda text: text or None)]
AREA_LEVEL = 0


@dataclass(frozen=True, slots=True)
class ReformArea:
    reform_area_code: Code
    sort_order: int
    name_vi: Name
    name_en: Name


@dataclass(frozen=True, slots=True)
class Unit:
    unit_code: Code
    name_vi: Name
    name_en: Name


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes that a cell may contain, with their meaning in Vietnamese and English."""

    code_list: str
    labels_vi: Mapping[str, str]
    labels_en: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class District:
    """A version of a reporting unit, valid from `valid_from` (None: before the first report) to `valid_to`, included.

    `unit_code` identifies the unit if its code belonged to another one before; otherwise the code does.
    """

    district_code: Code
    name_vi: Name
    name_en: str
    district_type: Code
    province_code: Code
    commune_count: int
    valid_from: OptionalDay
    valid_to: OptionalDay
    source: str
    level: Level = "district"
    unit_code: str = ""

    @property
    def unit(self) -> str:
        return self.unit_code or self.district_code

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CommuneChange:
    """A commune of a district that became, as a whole, part of a commune with another name, code or border."""

    changed_on: date
    district_code: Code
    old_code: str
    old_name: Name
    new_code: Code
    new_name: Name
    basis: str


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """From `broken_on` an indicator no longer counts what it counted before."""

    indicator_code: Annotated[str, is_code_of("indicators")]
    broken_on: date
    reason_vi: Name
    reason_en: Name
    source: str


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """A period for which reports are expected, and the last day on which one is on time."""

    period: Period
    due_on: date
    deadline_source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator, the same on every form. `nature`: the time over which its number counts (docs/glossary.md)."""

    indicator_code: Code
    reform_area_code: Annotated[str, is_code_of("reform_areas")]
    parent_code: str
    kind: IndicatorKind
    unit_code: Annotated[str, is_code_of("units", optional=True)]
    code_list: Annotated[str, is_code_of("code_lists", optional=True)]
    nature: Nature
    name_vi: Name
    name_en: Name


@dataclass(frozen=True, slots=True)
class FormRow:
    """A printed row of a form. `path`: area, item, then the number among its siblings ("II.2.1.2")."""

    ordinal: int
    path: str
    item: str
    label: str
    unit: str
    indicator: Indicator
    is_required: bool

    @property
    def level(self) -> int:
        """0 for an area heading, 1 for a numbered row, 2 and 3 below."""
        return self.path.count(".")

    @property
    def reform_area_code(self) -> str:
        return self.path.split(".", 1)[0]

    @property
    def parent_path(self) -> str:
        return self.path.rpartition(".")[0]

    @property
    def is_asked(self) -> bool:
        return self.indicator.kind != "heading"


@dataclass(frozen=True)
class Form:
    """A version of the appendix: its issuer, its validity, and its rows as printed, area headings included.

    `is_draft`: a draft of the developers, not issued by an authority. `accepted_by`: who accepted it into
    a province's catalogue (`form accept`); empty for a shipped form.
    """

    form_code: str
    issuer: str
    document_no: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    title_vi: str
    title_en: str
    rows: tuple[FormRow, ...]
    is_draft: bool = False
    accepted_by: str = ""

    @cached_property
    def asked_rows(self) -> tuple[FormRow, ...]:
        return tuple(row for row in self.rows if row.is_asked)

    def is_valid_for(self, period: Period) -> bool:
        return self.valid_from <= period.ends_on and (self.valid_to is None or period.ends_on <= self.valid_to)


@dataclass(frozen=True)
class Catalogue:
    """The reference data of the warehouse, keyed by code, in the order of the files.

    `methods` holds scoring methods as read from YAML; etl.ranking validates them. `districts` has one row for the whole
    life of a code, `district_versions` the versions of those codes of which something changed.
    """

    reform_areas: Mapping[str, ReformArea]
    units: Mapping[str, Unit]
    code_lists: Mapping[str, CodeList]
    districts: Mapping[str, District]
    periods: Mapping[str, ReportingPeriod]
    indicators: Mapping[str, Indicator]
    forms: Mapping[str, Form]
    methods: Mapping[str, Document]
    phrases: Phrases
    abbreviations: Mapping[str, str]
    district_versions: Mapping[str, tuple[District, ...]] = field(default_factory=dict)
    commune_changes: tuple[CommuneChange, ...] = ()
    series_breaks: tuple[SeriesBreak, ...] = ()
    narrative: tuple[NarrativePattern, ...] = ()

    def form_for(self, period: Period) -> Form:
        """Return the newest form in force for a period. Raises UsageError if there is none."""
        forms = [form for form in self.forms.values() if form.is_valid_for(period)]
        if not forms:
            raise UsageError(f"no form is in force for {period.code}", "Add one to the catalogue (CCHC_CATALOGUE)")
        return max(forms, key=lambda form: form.valid_from)

    def expected_districts(self, period: Period) -> tuple[District, ...]:
        """Return the districts that report for a period: those that exist on the last day of its window."""
        units = (self.district_on(code, period.ends_on) for code in self.districts)
        return tuple(unit for unit in units if unit is not None)

    def versions_of(self, code: str) -> tuple[District, ...]:
        """Return the versions of a district code in the order of time; most codes have one."""
        return self.district_versions.get(code) or (self.districts[code],)

    def district_on(self, code: str, day: date) -> District | None:
        """Return the version of a district code that is valid on a day, or None."""
        if code not in self.districts:
            return None
        return next((unit for unit in self.versions_of(code) if unit.is_valid_on(day)), None)

    @cached_property
    def _districts_by_folded_name(self) -> dict[str, list[District]]:
        named: dict[str, list[District]] = {}
        for code in self.districts:
            for unit in self.versions_of(code):
                named.setdefault(fold(unit.name_vi), []).append(unit)
        return named

    def district_named(self, name: str, day: date | None = None) -> District | None:
        """Return the district with a full name ("huyện Long Phú"), however it is typed, valid on `day` if one is given.

        Returns None if there is none.
        """
        named = self._districts_by_folded_name.get(fold(name), ())
        return next((unit for unit in named if day is None or unit.is_valid_on(day)), None)

    def indicator_names(self, code: str) -> tuple[str, str]:
        """Return the Vietnamese and the English name of an indicator, empty for an unknown code."""
        indicator = self.indicators.get(code)
        return (indicator.name_vi, indicator.name_en) if indicator else ("", "")

    def period(self, code: str) -> ReportingPeriod:
        """Return a period. Raises UsageError if no report is expected for it."""
        try:
            return self.periods[code]
        except KeyError:
            raise UsageError(
                f"unknown period {code!r}", f"Known are {min(self.periods)} to {max(self.periods)}"
            ) from None

    def district(self, code: str) -> District:
        """Return a district. Raises UsageError for an unknown code."""
        try:
            return self.districts[code]
        except KeyError:
            raise UsageError(f"unknown district {code!r}", f"Known are {', '.join(self.districts)}") from None
