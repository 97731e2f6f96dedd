"""Reads the catalogue files into typed objects; an unknown or missing column or key is an error with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, get_args

from etl import periods
from etl.catalogue.document import read_document
from etl.catalogue.model import (
    Catalogue,
    CodeList,
    Form,
    FormRow,
    Indicator,
    IndicatorKind,
    Nature,
    ReformArea,
    ReportingPeriod,
    Unit,
)
from etl.catalogue.narrative import COLUMNS as _NARRATIVE_COLUMNS
from etl.catalogue.narrative import NarrativePattern, make_patterns
from etl.catalogue.phrases import Phrases, make_phrases
from etl.catalogue.rows import Row, keyed, read_csv
from etl.catalogue.units import commune_change, series_break, stretches_by_code, whole_life
from etl.errors import CatalogueError, UsageError
from etl.text import fold

T = TypeVar("T")

SHIPPED = Path(__file__).parent / "data"

_FORM_COLUMNS = ("ordinal", "path", "item", "label", "unit", "indicator_code", "is_required")
_FORM_KEYS = (
    "form_code",
    "issuer",
    "document_no",
    "issued_on",
    "valid_from",
    "valid_to",
    "title_vi",
    "title_en",
    "rows",
)
_OPTIONAL_FORM_KEYS = ("is_draft", "accepted_by")


def _code_lists(folders: list[Path]) -> dict[str, CodeList]:
    pairs = keyed(
        folders,
        "code_lists.csv",
        lambda row: f"{row.code('code_list')}={row.code('code')}",
        lambda row: (row.text("code_list"), row.text("code"), row.text("label_vi"), row.text("label_en")),
    )
    names = dict.fromkeys(name for name, *_ in pairs.values())
    return {
        name: CodeList(
            name,
            {code: vi for owner, code, vi, _ in pairs.values() if owner == name},
            {code: en for owner, code, _, en in pairs.values() if owner == name},
        )
        for name in names
    }


def _period(row: Row) -> ReportingPeriod:
    due_on = row.day("due_on")
    if due_on is None:
        raise row.error("due_on is empty")
    try:
        return ReportingPeriod(periods.parse(row.code("period_code")), due_on, row.text("deadline_source"))
    except UsageError as error:
        raise row.error(str(error)) from None


def _indicators(
    folders: list[Path], areas: Mapping[str, ReformArea], units: Mapping[str, Unit], codes: Mapping[str, CodeList]
) -> dict[str, Indicator]:
    kinds: tuple[IndicatorKind, ...] = get_args(IndicatorKind)
    natures: tuple[Nature, ...] = get_args(Nature)

    def make(row: Row) -> Indicator:
        kind = kinds[kinds.index(row.known("kind", kinds))]
        nature = natures[natures.index(row.known("nature", natures))]
        has_unit = kind not in ("heading", "text")
        return Indicator(
            row.code("indicator_code"),
            row.known("reform_area_code", areas),
            row.text("parent_code"),
            kind,
            row.known("unit_code", units, optional=not has_unit),
            row.known("code_list", codes, optional=kind != "code_list"),
            nature,
            row.code("name_vi"),
            row.code("name_en"),
        )

    result = keyed(folders, "indicators.csv", lambda row: row.code("indicator_code"), make)
    for indicator in result.values():
        if indicator.parent_code and indicator.parent_code not in result:
            raise CatalogueError(
                "indicators.csv", f"{indicator.indicator_code}: parent_code {indicator.parent_code!r} is unknown"
            )
    return result


def _form(path: Path, indicators: Mapping[str, Indicator]) -> Form:
    document = read_document(path)
    document.check_keys(_FORM_KEYS, _OPTIONAL_FORM_KEYS)
    if not isinstance(document.get("is_draft", False), bool):
        raise document.error("is_draft is neither true nor false", key="is_draft")
    rows = tuple(
        FormRow(
            row.number("ordinal"),
            row.code("path"),
            row.text("item"),
            row.code("label"),
            row.text("unit"),
            indicators[row.known("indicator_code", indicators)],
            row.known("is_required", ("", "yes")) == "yes",
        )
        for row in read_csv(path.parent / document["rows"], _FORM_COLUMNS)
    )
    if [row.ordinal for row in rows] != list(range(1, len(rows) + 1)):
        raise CatalogueError(document["rows"], "the ordinals do not run from 1 without a gap")
    for key in ("issued_on", "valid_from"):
        if not isinstance(document[key], date):
            raise CatalogueError(f"{path.name}:1", f"{key} is {document[key]!r}, not a date such as 2021-03-02")
    return Form(**{**document, "rows": rows})


def _documents(folders: list[Path], kind: str) -> dict[str, Path]:
    """YAML files of a kind by stem; a later folder's replaces an earlier one's of the same name."""
    return {path.stem: path for folder in folders for path in sorted((folder / kind).glob("*.yml"))}


def _phrases(folders: list[Path]) -> Phrases:
    """The words of reading; a key in a later folder's file replaces the earlier one's."""
    paths = [path for folder in folders if (path := folder / "phrases.yml").exists()]
    return make_phrases("phrases.yml", {key: value for path in paths for key, value in read_document(path).items()})


def _narrative(folders: list[Path], indicators: Mapping[str, Indicator]) -> tuple[NarrativePattern, ...]:
    """The patterns of prose of all folders: a province adds its own ways to say a figure."""
    paths = [path for folder in folders if (path := folder / "narrative.csv").exists()]
    return tuple(one for path in paths for one in make_patterns(read_csv(path, _NARRATIVE_COLUMNS), indicators))


@lru_cache(maxsize=4)
def load_catalogue(overlay: Path | None = None) -> Catalogue:
    """The shipped catalogue with a province's own folder laid over it.

    Raises CatalogueError (file and line) where a file cannot be used, UsageError where the folder does not exist.
    """
    if overlay is not None and not overlay.is_dir():
        raise UsageError(f"the catalogue folder {overlay} does not exist", "Check CCHC_CATALOGUE")
    folders = [SHIPPED, *([overlay] if overlay else [])]
    areas = keyed(
        folders,
        "reform_areas.csv",
        lambda row: row.code("reform_area_code"),
        lambda row: ReformArea(
            row.code("reform_area_code"), row.number("sort_order"), row.code("name_vi"), row.code("name_en")
        ),
    )
    units = keyed(
        folders,
        "units.csv",
        lambda row: row.code("unit_code"),
        lambda row: Unit(row.code("unit_code"), row.code("name_vi"), row.code("name_en")),
    )
    codes = _code_lists(folders)
    indicators = _indicators(folders, areas, units, codes)
    forms = (_form(path, indicators) for path in _documents(folders, "forms").values())
    stretches = stretches_by_code(folders)
    changes = keyed(
        folders,
        "commune_changes.csv",
        lambda row: "|".join(map(row.text, ("changed_on", "district_code", "old_name"))),
        commune_change,
    )
    breaks = keyed(
        folders,
        "series_breaks.csv",
        lambda row: f"{row.text('indicator_code')} {row.text('broken_on')}",
        lambda row: series_break(row, indicators),
    )
    return Catalogue(
        reform_areas=areas,
        units=units,
        code_lists=codes,
        districts={code: whole_life(units) for code, units in stretches.items()},
        district_stretches={code: units for code, units in stretches.items() if len(units) > 1},
        commune_changes=tuple(changes.values()),
        series_breaks=tuple(breaks.values()),
        periods=keyed(folders, "periods.csv", lambda row: row.code("period_code"), _period),
        indicators=indicators,
        forms={form.form_code: form for form in forms},
        phrases=_phrases(folders),
        abbreviations=keyed(
            folders,
            "abbreviations.csv",
            lambda row: fold(row.code("abbreviation")),
            lambda row: fold(row.code("expansion")),
        ),
        narrative=_narrative(folders, indicators),
        methods={name: read_document(path) for name, path in _documents(folders, "methods").items()},
    )
