"""Units and series over time: versions of districts, changes of communes, breaks of series."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from etl.catalogue.model import CommuneChange, District, SeriesBreak
from etl.catalogue.rows import read_table
from etl.errors import CatalogueError


def read_district_versions(folders: list[Path]) -> dict[str, tuple[District, ...]]:
    """Return the versions of each district code, in the order of time. A later folder's replace all earlier ones.

    Raises CatalogueError if two versions of a code overlap.
    """
    versions: dict[str, tuple[District, ...]] = {}
    for folder in folders:
        rows = read_table(
            [folder], "districts.csv", District, lambda unit: f"{unit.district_code} from {unit.valid_from}"
        )
        by_code: dict[str, list[District]] = {}
        for unit in sorted(rows.values(), key=lambda unit: unit.valid_from or date.min):
            by_code.setdefault(unit.district_code, []).append(unit)
        for code, units in by_code.items():
            for earlier, later in pairwise(units):
                if earlier.valid_to is None or (later.valid_from or date.min) <= earlier.valid_to:
                    raise CatalogueError("districts.csv", f"two rows of {code} are valid at the same time")
            versions[code] = tuple(units)
    return versions


def merge_versions(versions: tuple[District, ...]) -> District:
    """Return one row for a code: its last version, valid since the first day of the first."""
    return replace(versions[-1], valid_from=versions[0].valid_from)


def read_commune_changes(folders: list[Path]) -> tuple[CommuneChange, ...]:
    """Return all changes of communes."""
    changes = read_table(
        folders,
        "commune_changes.csv",
        CommuneChange,
        lambda change: f"{change.changed_on}|{change.district_code}|{change.old_name}",
    )
    return tuple(changes.values())


def read_series_breaks(folders: list[Path], indicators: Collection[str]) -> tuple[SeriesBreak, ...]:
    """Return all breaks of series. Raises CatalogueError for an unknown indicator."""
    breaks = read_table(
        folders,
        "series_breaks.csv",
        SeriesBreak,
        lambda series_break: f"{series_break.indicator_code} {series_break.broken_on}",
        {"indicators": indicators},
    )
    return tuple(breaks.values())
