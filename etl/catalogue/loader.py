"""Loads the catalogue: reads every file into its type; invalid entries are errors with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from etl import periods
from etl.catalogue.document import CatalogueModel, Document, read_document, validate_document
from etl.catalogue.model import (
    Catalogue,
    Code,
    CodeList,
    Form,
    FormRow,
    Indicator,
    Name,
    ReformArea,
    ReportingPeriod,
    Unit,
)
from etl.catalogue.narrative import read_patterns
from etl.catalogue.phrases import Phrases
from etl.catalogue.rows import is_code_of, read_rows, read_table
from etl.catalogue.units import merge_versions, read_commune_changes, read_district_versions, read_series_breaks
from etl.errors import CatalogueError, UsageError
from etl.text import fold

SHIPPED = Path(__file__).parent / "data"


def _check_period(code: str) -> str:
    try:
        return periods.parse(code).code
    except UsageError as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class _PeriodRow:
    period_code: Annotated[str, AfterValidator(_check_period)]
    due_on: date
    deadline_source: str


@dataclass(frozen=True, slots=True)
class _CodeRow:
    code_list: Code
    code: Code
    label_vi: str
    label_en: str


@dataclass(frozen=True, slots=True)
class _AbbreviationRow:
    abbreviation: Code
    expansion: Name


@dataclass(frozen=True, slots=True)
class _FormRow:
    ordinal: int
    path: Code
    item: str
    label: Name
    unit: str
    indicator_code: Annotated[str, is_code_of("indicators")]
    is_required: Literal["", "yes"]


class _FormDocument(CatalogueModel):
    """The YAML file of a form; `rows` names the table of its rows."""

    form_code: str
    issuer: str
    document_no: str
    issued_on: Annotated[date, Field(strict=True)]
    valid_from: Annotated[date, Field(strict=True)]
    valid_to: Annotated[date, Field(strict=True)] | None
    title_vi: str
    title_en: str
    rows: str
    is_draft: StrictBool = False
    accepted_by: str = ""


def _read_code_lists(folders: list[Path]) -> dict[str, CodeList]:
    rows = read_table(folders, "code_lists.csv", _CodeRow, lambda row: f"{row.code_list}={row.code}").values()
    return {
        name: CodeList(
            name,
            {row.code: row.label_vi for row in rows if row.code_list == name},
            {row.code: row.label_en for row in rows if row.code_list == name},
        )
        for name in dict.fromkeys(row.code_list for row in rows)
    }


def _read_periods(folders: list[Path]) -> dict[str, ReportingPeriod]:
    return {
        code: ReportingPeriod(periods.parse(code), row.due_on, row.deadline_source)
        for code, row in read_table(folders, "periods.csv", _PeriodRow, "period_code").items()
    }


def _read_indicators(
    folders: list[Path], areas: Mapping[str, ReformArea], units: Mapping[str, Unit], code_lists: Mapping[str, CodeList]
) -> dict[str, Indicator]:
    context = {"reform_areas": areas, "units": units, "code_lists": code_lists}
    indicators = read_table(folders, "indicators.csv", Indicator, "indicator_code", context)
    for code, indicator in indicators.items():
        if indicator.parent_code and indicator.parent_code not in indicators:
            raise CatalogueError("indicators.csv", f"{code}: parent_code {indicator.parent_code!r} is unknown")
        if not indicator.unit_code and indicator.kind not in ("heading", "text"):
            raise CatalogueError("indicators.csv", f"{code}: unit_code is empty")
        if not indicator.code_list and indicator.kind == "code_list":
            raise CatalogueError("indicators.csv", f"{code}: code_list is empty")
    return indicators


def _read_form(path: Path, indicators: Mapping[str, Indicator]) -> Form:
    form = validate_document(read_document(path), _FormDocument)
    rows = tuple(
        FormRow(
            *(row.ordinal, row.path, row.item, row.label, row.unit),
            indicators[row.indicator_code],
            row.is_required == "yes",
        )
        for _, row in read_rows(path.parent / form.rows, _FormRow, {"indicators": indicators})
    )
    if [row.ordinal for row in rows] != list(range(1, len(rows) + 1)):
        raise CatalogueError(form.rows, "the ordinals do not run from 1 without a gap")
    return Form(**{**dict(form), "rows": rows})


def _list_documents(folders: list[Path], kind: str) -> dict[str, Path]:
    """Return the YAML files of a kind by stem; a later folder's replaces an earlier one's of the same name."""
    return {path.stem: path for folder in folders for path in sorted((folder / kind).glob("*.yml"))}


def _read_phrases(folders: list[Path]) -> Phrases:
    """Return the words of reading; a key in a later folder's file replaces the earlier one's."""
    merged = Document("phrases.yml", 1)
    for folder in folders:
        if (path := folder / "phrases.yml").exists():
            document = read_document(path)
            merged.update(document)
            merged.lines.update(document.lines)
    return validate_document(merged, Phrases)


@lru_cache(maxsize=4)
def load_catalogue(overlay: Path | None = None) -> Catalogue:
    """Return the shipped catalogue with a province's own folder laid over it.

    Raises CatalogueError with file and line if a file is invalid, UsageError if the folder does not exist.
    """
    if overlay is not None and not overlay.is_dir():
        raise UsageError(f"the catalogue folder {overlay} does not exist", "Check CCHC_CATALOGUE")
    folders = [SHIPPED, *([overlay] if overlay else [])]
    areas = read_table(folders, "reform_areas.csv", ReformArea, "reform_area_code")
    units = read_table(folders, "units.csv", Unit, "unit_code")
    code_lists = _read_code_lists(folders)
    indicators = _read_indicators(folders, areas, units, code_lists)
    forms = (_read_form(path, indicators) for path in _list_documents(folders, "forms").values())
    versions = read_district_versions(folders)
    abbreviations = read_table(folders, "abbreviations.csv", _AbbreviationRow, lambda row: fold(row.abbreviation))
    return Catalogue(
        reform_areas=areas,
        units=units,
        code_lists=code_lists,
        districts={code: merge_versions(units) for code, units in versions.items()},
        district_versions={code: units for code, units in versions.items() if len(units) > 1},
        commune_changes=read_commune_changes(folders),
        series_breaks=read_series_breaks(folders, indicators),
        periods=_read_periods(folders),
        indicators=indicators,
        forms={form.form_code: form for form in forms},
        phrases=_read_phrases(folders),
        abbreviations={code: fold(row.expansion) for code, row in abbreviations.items()},
        narrative=read_patterns(folders, indicators),
        methods={name: read_document(path) for name, path in _list_documents(folders, "methods").items()},
    )
