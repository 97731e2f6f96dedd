"""Districts and periods that do not exist, as a catalogue folder (CCHC_CATALOGUE) beside the reports that name them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from etl import periods
from etl.catalogue import Catalogue, District
from etl.periods import Period
from etl.simulation.profile import load
from etl.simulation.quantities import Quantities

FOLDER = "catalogue"
_SOURCE = "simulated: no such {thing} exists"
_DISTRICT_COLUMNS = (
    "district_code",
    "name_vi",
    "name_en",
    "district_type",
    "province_code",
    "commune_count",
    "valid_from",
    "valid_to",
    "source",
)
_PERIOD_COLUMNS = ("period_code", "due_on", "deadline_source")
# The shipped deadlines stand four days after the window's end; made-up ones follow them.
_DAYS_TO_REPORT = 4
# A made-up district has the same communes in every period and whatever the seed.
_ANY_PERIOD = periods.parse("2021-Q1")


def made_up_district(number: int, province_code: str) -> District:
    """The n-th district that does not exist: code S0012, "Huyện Mô Phỏng 0012"."""
    code = f"S{number:04d}"
    communes = Quantities(load(), 0, code, _ANY_PERIOD, None).of_window("_communes")
    return District(
        code,
        f"Huyện Mô Phỏng {number:04d}",
        f"Simulated District {number:04d}",
        "huyện",
        province_code,
        int(communes),
        None,
        None,
        _SOURCE.format(thing="district"),
    )


def write_overlay(out: Path, catalogue: Catalogue, districts: Sequence[District], period: Period) -> Path | None:
    """Writes out/catalogue with what the catalogue lacks, adding to what stands there; None where it lacks nothing."""
    folder = out / FOLDER
    new = [unit for unit in districts if unit.district_code not in catalogue.districts]
    if new:
        rows = [
            (
                u.district_code,
                u.name_vi,
                u.name_en,
                u.district_type,
                u.province_code,
                str(u.commune_count),
                "",
                "",
                u.source,
            )
            for u in new
        ]
        _merge(folder / "districts.csv", _DISTRICT_COLUMNS, rows)
    if period.code not in catalogue.periods:
        due = period.ends_on + timedelta(days=_DAYS_TO_REPORT)
        _merge(
            folder / "periods.csv", _PERIOD_COLUMNS, [(period.code, due.isoformat(), _SOURCE.format(thing="deadline"))]
        )
    return folder if folder.exists() else None


def _merge(path: Path, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    known: dict[str, tuple[str, ...]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            known = {line[0]: tuple(line) for line in list(csv.reader(file))[1:]}
    known |= {row[0]: row for row in rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(known[key] for key in sorted(known))
