"""Catalogue tables (CSV), row by row, so that a complaint about any field can name its file and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from etl.catalogue.document import read_text
from etl.errors import CatalogueError

T = TypeVar("T")

COLUMNS = {
    "reform_areas.csv": ("reform_area_code", "sort_order", "name_vi", "name_en"),
    "units.csv": ("unit_code", "name_vi", "name_en"),
    "code_lists.csv": ("code_list", "code", "label_vi", "label_en"),
    "districts.csv": (
        "district_code",
        "name_vi",
        "name_en",
        "district_type",
        "province_code",
        "commune_count",
        "valid_from",
        "valid_to",
        "source",
    ),
    "abbreviations.csv": ("abbreviation", "expansion"),
    "periods.csv": ("period_code", "due_on", "deadline_source"),
    "indicators.csv": (
        "indicator_code",
        "reform_area_code",
        "parent_code",
        "kind",
        "unit_code",
        "code_list",
        "nature",
        "name_vi",
        "name_en",
    ),
}
COLUMNS["commune_changes.csv"] = (
    "changed_on",
    "district_code",
    "old_code",
    "old_name",
    "new_code",
    "new_name",
    "basis",
)
COLUMNS["series_breaks.csv"] = ("indicator_code", "broken_on", "reason_vi", "reason_en", "source")
# Columns that a province's own file may leave out from the right: they are empty then.
OPTIONAL = {"districts.csv": ("level", "unit_code")}


class Row:
    """One line of a CSV, whose accessors raise errors that name the file and the line."""

    def __init__(self, place: str, values: Mapping[str, str]) -> None:
        self.place = place
        self._values = values

    def error(self, what: str, hint: str = "") -> CatalogueError:
        return CatalogueError(self.place, what, hint)

    def text(self, column: str) -> str:
        return self._values[column]

    def code(self, column: str) -> str:
        value = self._values[column].strip()
        if not value:
            raise self.error(f"{column} is empty")
        return value

    def number(self, column: str) -> int:
        try:
            return int(self._values[column])
        except ValueError:
            raise self.error(f"{column} is {self._values[column]!r}, not a whole number") from None

    def day(self, column: str) -> date | None:
        value = self._values[column]
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise self.error(f"{column} is {value!r}, not a date such as 2021-03-18") from None

    def given_day(self, column: str) -> date:
        day = self.day(column)
        if day is None:
            raise self.error(f"{column} is empty")
        return day

    def known(self, column: str, known: Mapping[str, object] | tuple[str, ...], *, optional: bool = False) -> str:
        value = self._values[column]
        if value in known or (optional and not value):
            return value
        raise self.error(f"{column} {value!r} is unknown", f"Known are {', '.join(known)}")


def read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    optional = OPTIONAL.get(path.name, ())
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    header = tuple(next(reader, ()))
    if header != (columns + optional)[: max(len(header), len(columns))]:
        raise CatalogueError(
            f"{path.name}:1", f"the columns are {', '.join(header)}", f"They must be {', '.join(columns)}"
        )
    for values in reader:
        place = f"{path.name}:{reader.line_num}"
        if len(values) != len(header):
            raise CatalogueError(place, f"{len(values)} fields instead of {len(header)}", "Check the commas")
        yield Row(place, dict.fromkeys(optional, "") | dict(zip(header, values, strict=True)))


def keyed(folders: list[Path], name: str, key: Callable[[Row], str], make: Callable[[Row], T]) -> dict[str, T]:
    """Objects by key; a later folder's rows replace an earlier one's, a key twice in one file is an error."""
    result: dict[str, T] = {}
    for path in (folder / name for folder in folders if (folder / name).exists()):
        seen: set[str] = set()
        for row in read_csv(path, COLUMNS[name]):
            code = key(row)
            if code in seen:
                raise row.error(f"{code!r} stands twice")
            seen.add(code)
            result[code] = make(row)
    return result
