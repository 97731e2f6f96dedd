"""Reference data: upserts the catalogue into the dimensions, one MERGE per table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from psycopg2 import sql

from etl import periods
from etl.catalogue import Catalogue, CodeList, Indicator
from etl.database import Connection, copy_rows, execute_composed, lock
from etl.periods import Period
from etl.text import without_accents

Rows = Iterator[dict[str, Any]]

_MERGE = """
MERGE INTO {table} AS current
USING pg_temp.incoming ON {keys_match}
WHEN MATCHED AND ({current}) IS DISTINCT FROM ({incoming}) THEN UPDATE SET ({columns}) = ROW ({incoming})
WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({incoming})
"""


def load_reference(connection: Connection, catalogue: Catalogue) -> int:
    """Insert and update rows that differ from the catalogue, in one transaction; return the number of rows written.

    Surrogate keys never change. Rows that are no longer in the catalogue stay, because facts may refer to them.
    """
    with connection.begin_nested():
        lock(connection, "reference")  # concurrent merges would both insert the same new row
        return sum(_merge(connection, table, keys, list(rows(connection, catalogue))) for table, keys, rows in _TABLES)


def _merge(connection: Connection, table: str, keys: str, rows: Sequence[dict[str, Any]]) -> int:
    if not rows:
        return 0
    columns = list(rows[0])
    target, names = sql.Identifier("warehouse", table), sql.SQL(", ").join(map(sql.Identifier, columns))
    execute_composed(
        connection,
        sql.SQL("CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
            names, target
        ),
    )
    copy_rows(connection, "pg_temp.incoming", columns, (list(row.values()) for row in rows))
    same = [sql.SQL("current.{0} = incoming.{0}").format(sql.Identifier(key)) for key in keys.split()]
    statement = sql.SQL(_MERGE).format(
        table=target,
        keys_match=sql.SQL(" AND ").join(same),
        columns=names,
        current=sql.SQL(", ").join(sql.Identifier("current", column) for column in columns),
        incoming=sql.SQL(", ").join(sql.Identifier("incoming", column) for column in columns),
    )
    written = execute_composed(connection, statement).rowcount
    connection.exec_driver_sql("DROP TABLE pg_temp.incoming")
    return written


def _columns(item: object, names: str) -> dict[str, Any]:
    """Columns that have the name of an attribute of `item`."""
    return {name: getattr(item, name) for name in names.split()}


def _reform_areas(_: Connection, catalogue: Catalogue) -> Rows:
    for area in catalogue.reform_areas.values():
        yield _columns(area, "reform_area_code sort_order name_vi name_en")


def _districts(_: Connection, catalogue: Catalogue) -> Rows:
    same = "district_code level name_vi name_en district_type province_code commune_count source"
    for version in (version for code in catalogue.districts for version in catalogue.versions_of(code)):
        yield _columns(version, same) | {
            "unit_code": version.unit,
            "sort_name": _sort_name(version.name_vi, version.district_type),
            "valid_from": version.valid_from or "-infinity",
            "valid_to": version.valid_to or "infinity",
        }


def _sort_name(name: str, district_type: str) -> str:
    """The name without type and accents, for sorting: "Thị xã Vĩnh Châu" → "vinh chau"."""
    bare = name[len(district_type) :] if name.lower().startswith(district_type.lower()) else name
    return without_accents(bare).strip().lower()


def _commune_changes(_: Connection, catalogue: Catalogue) -> Rows:
    for change in catalogue.commune_changes:
        yield _columns(change, "changed_on district_code old_name old_code new_code new_name basis")


def _period_columns(period: Period) -> dict[str, Any]:
    return _columns(period, "year term is_cumulative name_vi name_en") | {
        "period_code": period.code,
        "period_start": period.starts_on,
        "period_end": period.ends_on,
    }


def _periods(_: Connection, catalogue: Catalogue) -> Rows:
    for reporting in catalogue.periods.values():
        yield _period_columns(reporting.period) | {
            "due_at": periods.end_of_day(reporting.due_on),
            "deadline_source": reporting.deadline_source,
        }


def _derivations(catalogue: Catalogue) -> Iterator[tuple[str, Sequence[Sequence[tuple[int, str]]]]]:
    for year in sorted({reporting.period.year for reporting in catalogue.periods.values()}):
        yield from periods.derivations(year).items()


def _derived_periods(_: Connection, catalogue: Catalogue) -> Rows:
    for code, _ways in _derivations(catalogue):
        yield _period_columns(periods.parse(code))


def _derived_period_parts(_: Connection, catalogue: Catalogue) -> Rows:
    for code, ways in _derivations(catalogue):
        for way, parts in enumerate(ways, start=1):
            for number, (sign, part_code) in enumerate(parts, start=1):
                yield {"period_code": code, "way": way, "part_number": number, "part_code": part_code, "sign": sign}


def _forms(_: Connection, catalogue: Catalogue) -> Rows:
    for form in catalogue.forms.values():
        yield _columns(
            form, "form_code issuer document_no issued_on valid_from valid_to title_vi title_en is_draft"
        ) | {"row_count": len(form.rows), "asked_count": len(form.asked_rows)}


def _indicators(_: Connection, catalogue: Catalogue) -> Rows:
    for number, indicator in enumerate(catalogue.indicators.values(), start=1):
        unit = catalogue.units.get(indicator.unit_code)
        codes = catalogue.code_lists.get(indicator.code_list)
        yield _columns(indicator, "indicator_code reform_area_code parent_code kind nature name_vi name_en") | {
            "unit_vi": unit.name_vi if unit else "",
            "unit_en": unit.name_en if unit else "",
            "code_labels_vi": _labels(codes, indicator, "labels_vi"),
            "code_labels_en": _labels(codes, indicator, "labels_en"),
            "sort_order": number,
        }


def _labels(codes: CodeList | None, indicator: Indicator, language: str) -> str:
    """The meaning of each code, "0 = Không; 1 = Có"; empty unless the indicator is a code list."""
    if codes is None or indicator.kind != "code_list":
        return ""
    return "; ".join(f"{code} = {label}" for code, label in getattr(codes, language).items())


def _series_breaks(_: Connection, catalogue: Catalogue) -> Rows:
    for series_break in catalogue.series_breaks:
        yield _columns(series_break, "indicator_code broken_on reason_vi reason_en source")


def _form_rows(connection: Connection, catalogue: Catalogue) -> Rows:
    rows = connection.exec_driver_sql("SELECT form_code, form_key FROM warehouse.dim_form").fetchall()
    form_keys: dict[str, int] = dict(rows)
    for form in catalogue.forms.values():
        for row in form.rows:
            yield _columns(row, "path item label unit is_asked is_required") | {
                "form_key": form_keys[form.form_code],
                "row_number": row.ordinal,
                "indicator_code": row.indicator.indicator_code,
            }


# Table, key columns, rows; a table comes after those that it refers to.
_TABLES: tuple[tuple[str, str, Callable[[Connection, Catalogue], Rows]], ...] = (
    ("dim_reform_area", "reform_area_code", _reform_areas),
    ("dim_district", "district_code valid_from", _districts),
    ("commune_change", "changed_on district_code old_name", _commune_changes),
    ("derived_period", "period_code", _derived_periods),
    ("derived_period_part", "period_code way part_number", _derived_period_parts),
    ("dim_period", "period_code", _periods),
    ("dim_form", "form_code", _forms),
    ("dim_indicator", "indicator_code", _indicators),
    ("series_break", "indicator_code broken_on", _series_breaks),
    ("form_row", "form_key row_number", _form_rows),
)
