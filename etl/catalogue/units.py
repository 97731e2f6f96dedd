"""Units and series over time: which unit a code stood for when, which commune went where, where a series breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

from etl.catalogue.model import CommuneChange, District, Indicator, Level, SeriesBreak
from etl.catalogue.rows import Row, keyed
from etl.errors import CatalogueError


def _district(row: Row) -> District:
    levels: tuple[Level, ...] = get_args(Level)
    level = row.known("level", levels, optional=True)
    return District(
        row.code("district_code"),
        row.code("name_vi"),
        row.text("name_en"),
        row.code("district_type"),
        row.code("province_code"),
        row.number("commune_count"),
        row.day("valid_from"),
        row.day("valid_to"),
        row.text("source"),
        levels[levels.index(level)] if level else "district",
        row.text("unit_code"),
    )


def stretches_by_code(folders: list[Path]) -> dict[str, tuple[District, ...]]:
    """All stretches of each code, in time. Those of a later folder replace the code's earlier ones.

    Raises CatalogueError where two stretches of a code overlap.
    """
    result: dict[str, tuple[District, ...]] = {}
    for folder in folders:
        listed = keyed(
            [folder],
            "districts.csv",
            lambda row: f"{row.code('district_code')} from {row.day('valid_from')}",
            _district,
        )
        own: dict[str, list[District]] = {}
        for unit in listed.values():
            own.setdefault(unit.district_code, []).append(unit)
        for code, units in own.items():
            units.sort(key=lambda unit: unit.valid_from or date.min)
            for earlier, later in pairwise(units):
                if earlier.valid_to is None or (later.valid_from or date.min) <= earlier.valid_to:
                    raise CatalogueError("districts.csv", f"two rows of {code} hold at the same time")
            result[code] = tuple(units)
    return result


def whole_life(units: tuple[District, ...]) -> District:
    """One row for a code: what it is last, from its first day on."""
    return replace(units[-1], valid_from=units[0].valid_from)


def commune_change(row: Row) -> CommuneChange:
    return CommuneChange(
        row.given_day("changed_on"),
        row.code("district_code"),
        row.text("old_code"),
        row.code("old_name"),
        row.code("new_code"),
        row.code("new_name"),
        row.text("basis"),
    )


def series_break(row: Row, indicators: Mapping[str, Indicator]) -> SeriesBreak:
    return SeriesBreak(
        row.known("indicator_code", indicators),
        row.given_day("broken_on"),
        row.code("reason_vi"),
        row.code("reason_en"),
        row.text("source"),
    )
