"""The catalogue's terms. Every object is immutable; codes are permanent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from etl.catalogue.document import Document
from etl.catalogue.narrative import NarrativePattern
from etl.catalogue.phrases import Phrases
from etl.errors import UsageError
from etl.periods import Period
from etl.text import fold

IndicatorKind = Literal["heading", "count", "rate", "code_list", "text"]
Nature = Literal["flow", "stock", "cumulative", "year_to_date", ""]
Level = Literal["district", "commune"]
AREA_LEVEL = 0


@dataclass(frozen=True, slots=True)
class ReformArea:
    reform_area_code: str
    sort_order: int
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Unit:
    unit_code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes that a cell may hold, with what they mean in Vietnamese and English."""

    code_list: str
    labels_vi: Mapping[str, str]
    labels_en: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class District:
    """A reporting unit, valid from `valid_from` (None: since before the first report) to `valid_to`, included."""

    district_code: str
    name_vi: str
    name_en: str
    district_type: str
    province_code: str
    commune_count: int
    valid_from: date | None
    valid_to: date | None
    source: str
    level: Level = "district"
    unit_code: str = ""
    """Names the unit itself where its code belonged to another one before; else the code does."""

    @property
    def unit(self) -> str:
        return self.unit_code or self.district_code

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CommuneChange:
    """A commune of a district that went, wholly, into a commune with another name, code or border on a day."""

    changed_on: date
    district_code: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    basis: str


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """From `broken_on` an indicator no longer counts what it counted before: its series is broken there."""

    indicator_code: str
    broken_on: date
    reason_vi: str
    reason_en: str
    source: str


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """A period for which reports are expected, with the last day on which one is on time."""

    period: Period
    due_on: date
    deadline_source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A stable indicator, whatever the form. `nature` says over which time its number counts (docs/glossary.md)."""

    indicator_code: str
    reform_area_code: str
    parent_code: str
    kind: IndicatorKind
    unit_code: str
    code_list: str
    nature: Nature
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """One printed row of a form. `path` places it: area, item, then its place among its siblings ("II.2.1.2")."""

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
    """A version of the appendix: who issued it, from when it holds, and its rows as printed, area headings included."""

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
    """Whether nobody issued it: drawn up by the developers until the department's own form is at hand."""
    accepted_by: str = ""
    """Who took it into a province's catalogue (`form accept`); empty for a shipped one."""

    @cached_property
    def asked_rows(self) -> tuple[FormRow, ...]:
        return tuple(row for row in self.rows if row.is_asked)

    def is_valid_for(self, period: Period) -> bool:
        return self.valid_from <= period.ends_on and (self.valid_to is None or period.ends_on <= self.valid_to)


@dataclass(frozen=True)
class Catalogue:
    """Everything that the warehouse knows of the world, keyed by code, in the files' order.

    `methods` holds scoring-method documents as read from YAML; etl.ranking gives them their types.
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
    district_stretches: Mapping[str, tuple[District, ...]] = field(default_factory=dict)
    """The stretches, in time, of a code of which something changed; `districts` has each code's whole life."""
    commune_changes: tuple[CommuneChange, ...] = ()
    series_breaks: tuple[SeriesBreak, ...] = ()
    narrative: tuple[NarrativePattern, ...] = ()

    def form_for(self, period: Period) -> Form:
        """The newest form in force for a period. Raises UsageError where there is none."""
        fitting = [form for form in self.forms.values() if form.is_valid_for(period)]
        if not fitting:
            raise UsageError(f"no form is in force for {period.code}", "Add one to the catalogue (CCHC_CATALOGUE)")
        return max(fitting, key=lambda form: form.valid_from)

    def expected_districts(self, period: Period) -> tuple[District, ...]:
        """The districts that report for a period: those in being on the last day of its window."""
        units = (self.district_on(code, period.ends_on) for code in self.districts)
        return tuple(unit for unit in units if unit is not None)

    def stretches(self, code: str) -> tuple[District, ...]:
        """What a code stood for, one after the other; most stood for the same all the time."""
        return self.district_stretches.get(code) or (self.districts[code],)

    def district_on(self, code: str, day: date) -> District | None:
        """The unit that a code stood for on a day; None where there was none."""
        if code not in self.districts:
            return None
        return next((unit for unit in self.stretches(code) if unit.is_valid_on(day)), None)

    @cached_property
    def _districts_by_folded_name(self) -> dict[str, list[District]]:
        named: dict[str, list[District]] = {}
        for code in self.districts:
            for unit in self.stretches(code):
                named.setdefault(fold(unit.name_vi), []).append(unit)
        return named

    def district_named(self, name: str, day: date | None = None) -> District | None:
        """The district of a full name with its type ("huyện Long Phú"), however it is typed; None if there is none.

        With a day only one in being on it.
        """
        named = self._districts_by_folded_name.get(fold(name), ())
        return next((unit for unit in named if day is None or unit.is_valid_on(day)), None)

    def indicator_names(self, code: str) -> tuple[str, str]:
        """The Vietnamese and the English name of an indicator; empty for a code that is none."""
        indicator = self.indicators.get(code)
        return (indicator.name_vi, indicator.name_en) if indicator else ("", "")

    def period(self, code: str) -> ReportingPeriod:
        """Raises UsageError for a period for which no report is expected."""
        try:
            return self.periods[code]
        except KeyError:
            raise UsageError(
                f"unknown period {code!r}", f"Known are {min(self.periods)} to {max(self.periods)}"
            ) from None

    def district(self, code: str) -> District:
        """Raises UsageError for an unknown district code."""
        try:
            return self.districts[code]
        except KeyError:
            raise UsageError(f"unknown district {code!r}", f"Known are {', '.join(self.districts)}") from None
