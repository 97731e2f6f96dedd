"""Loads the catalogue into the dimensions: COPY into a temporary table, then one MERGE a dimension (sql/load)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg2 import sql

from etl import periods
from etl.catalogue import Catalogue, CodeList, Indicator
from etl.database import Connection, copy_rows, execute_composed, execute_file, lock
from etl.text import without_accents

_OPEN_START, _OPEN_END = "-infinity", "infinity"
Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Dimension:
    table: str
    columns: str
    rows: Callable[[Connection, Catalogue], Rows]


def load_reference(connection: Connection, catalogue: Catalogue) -> int:
    """Inserts and updates what differs from the catalogue, whole or not at all; returns the rows written.

    Surrogate keys never change; what the catalogue no longer holds stays, since facts may stand on it.
    """
    with connection.begin_nested():
        lock(connection, "reference")  # two merges at once would both add what both find missing
        return sum(_merge(connection, dimension, catalogue) for dimension in _DIMENSIONS)


def _merge(connection: Connection, dimension: _Dimension, catalogue: Catalogue) -> int:
    columns = dimension.columns.split()
    execute_composed(
        connection,
        sql.SQL("CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier("warehouse", dimension.table)
        ),
    )
    rows = list(dimension.rows(connection, catalogue))  # read before COPY: one command at a time
    copy_rows(connection, "pg_temp.incoming", columns, rows)
    written = execute_file(connection, f"load/{dimension.table}.sql")
    connection.exec_driver_sql("DROP TABLE pg_temp.incoming")
    return written


def _reform_areas(_: Connection, catalogue: Catalogue) -> Rows:
    for area in catalogue.reform_areas.values():
        yield area.reform_area_code, area.sort_order, area.name_vi, area.name_en


def _districts(_: Connection, catalogue: Catalogue) -> Rows:
    for unit in (unit for code in catalogue.districts for unit in catalogue.versions_of(code)):
        yield (
            unit.district_code,
            unit.valid_from or _OPEN_START,
            unit.name_vi,
            unit.name_en,
            unit.district_type,
            unit.province_code,
            unit.commune_count,
            unit.valid_to or _OPEN_END,
            _sort_name(unit.name_vi, unit.district_type),
            unit.source,
            unit.level,
            unit.unit,
        )


def _commune_changes(_: Connection, catalogue: Catalogue) -> Rows:
    for change in catalogue.commune_changes:
        yield (
            change.changed_on,
            change.district_code,
            change.old_name,
            change.old_code,
            change.new_code,
            change.new_name,
            change.basis,
        )


def _years(catalogue: Catalogue) -> list[int]:
    return sorted({reporting.period.year for reporting in catalogue.periods.values()})


def _derived_periods(_: Connection, catalogue: Catalogue) -> Rows:
    for year in _years(catalogue):
        for period in map(periods.parse, periods.derivations(year)):
            yield (
                period.code,
                period.year,
                period.term,
                period.starts_on,
                period.ends_on,
                period.is_cumulative,
                period.name_vi,
                period.name_en,
            )


def _derived_period_parts(_: Connection, catalogue: Catalogue) -> Rows:
    for year in _years(catalogue):
        for code, ways in periods.derivations(year).items():
            for way, parts in enumerate(ways, start=1):
                for number, (sign, part) in enumerate(parts, start=1):
                    yield code, way, number, part, sign


def _series_breaks(_: Connection, catalogue: Catalogue) -> Rows:
    for one in catalogue.series_breaks:
        yield one.indicator_code, one.broken_on, one.reason_vi, one.reason_en, one.source


def _sort_name(name: str, kind: str) -> str:
    """The name without its type and accents, by which lists are ordered: "Thị xã Vĩnh Châu" → "vinh chau"."""
    bare = name[len(kind) :] if name.lower().startswith(kind.lower()) else name
    return without_accents(bare).strip().lower()


def _periods(_: Connection, catalogue: Catalogue) -> Rows:
    for reporting in catalogue.periods.values():
        period = reporting.period
        yield (
            period.code,
            period.year,
            period.term,
            period.starts_on,
            period.ends_on,
            period.is_cumulative,
            period.name_vi,
            period.name_en,
            periods.end_of_day(reporting.due_on),
            reporting.deadline_source,
        )


def _forms(_: Connection, catalogue: Catalogue) -> Rows:
    for form in catalogue.forms.values():
        valid_to: date | None = form.valid_to
        yield (
            form.form_code,
            form.issuer,
            form.document_no,
            form.issued_on,
            form.valid_from,
            valid_to,
            form.title_vi,
            form.title_en,
            len(form.rows),
            len(form.asked_rows),
            form.is_draft,
        )


def _indicators(_: Connection, catalogue: Catalogue) -> Rows:
    for number, indicator in enumerate(catalogue.indicators.values(), start=1):
        unit = catalogue.units.get(indicator.unit_code)
        codes = catalogue.code_lists.get(indicator.code_list)
        yield (
            indicator.indicator_code,
            indicator.reform_area_code,
            indicator.parent_code,
            indicator.kind,
            unit.name_vi if unit else "",
            unit.name_en if unit else "",
            _labels(codes, indicator, "labels_vi"),
            _labels(codes, indicator, "labels_en"),
            indicator.nature,
            number,
            indicator.name_vi,
            indicator.name_en,
        )


def _labels(codes: CodeList | None, indicator: Indicator, language: str) -> str:
    """What the codes of a cell mean, "0 = Không; 1 = Có"; empty for anything but a code."""
    if codes is None or indicator.kind != "code_list":
        return ""
    labels: Mapping[str, str] = getattr(codes, language)
    return "; ".join(f"{code} = {label}" for code, label in labels.items())


def _form_rows(connection: Connection, catalogue: Catalogue) -> Rows:
    keys: dict[str, int] = dict(
        connection.exec_driver_sql("SELECT form_code, form_key FROM warehouse.dim_form").fetchall()
    )
    for form in catalogue.forms.values():
        for row in form.rows:
            yield (
                keys[form.form_code],
                row.ordinal,
                row.path,
                row.item,
                row.label,
                row.unit,
                row.indicator.indicator_code,
                row.is_asked,
                row.is_required,
            )


_DIMENSIONS = (
    _Dimension("dim_reform_area", "reform_area_code sort_order name_vi name_en", _reform_areas),
    _Dimension(
        "dim_district",
        "district_code valid_from name_vi name_en district_type province_code commune_count valid_to sort_name source "
        "level unit_code",
        _districts,
    ),
    _Dimension(
        "commune_change",
        "changed_on district_code old_name old_code new_code new_name basis",
        _commune_changes,
    ),
    _Dimension(
        "derived_period",
        "period_code year term period_start period_end is_cumulative name_vi name_en",
        _derived_periods,
    ),
    _Dimension("derived_period_part", "period_code way part_number part_code sign", _derived_period_parts),
    _Dimension(
        "dim_period",
        "period_code year term period_start period_end is_cumulative name_vi name_en due_at deadline_source",
        _periods,
    ),
    _Dimension(
        "dim_form",
        "form_code issuer document_no issued_on valid_from valid_to title_vi title_en row_count asked_count is_draft",
        _forms,
    ),
    _Dimension(
        "dim_indicator",
        "indicator_code reform_area_code parent_code kind unit_vi unit_en code_labels_vi code_labels_en nature "
        "sort_order name_vi name_en",
        _indicators,
    ),
    _Dimension("series_break", "indicator_code broken_on reason_vi reason_en source", _series_breaks),
    _Dimension("form_row", "form_key row_number path item label unit indicator_code is_asked is_required", _form_rows),
)
