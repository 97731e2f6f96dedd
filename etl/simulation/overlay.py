"""Writes simulated districts and periods as a catalogue folder (CCHC_CATALOGUE) beside the reports that name them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from etl import periods
from etl.catalogue import Catalogue, District
from etl.periods import Period
from etl.simulation.profile import load_profile
from etl.simulation.quantities import Quantities

FOLDER = "catalogue"
_SOURCE = "simulated: no such {thing} exists"
_DAYS_TO_REPORT = 4  # between the end of a window and its deadline, as in the shipped periods
_ANY_PERIOD = periods.parse("2021-Q1")  # a simulated district has the same communes in every period


def simulate_district(number: int, province_code: str) -> District:
    """Return the n-th simulated district: code S0012, "Huyện Mô Phỏng 0012". It does not depend on the seed."""
    code = f"S{number:04d}"
    communes = Quantities(load_profile(), 0, code, _ANY_PERIOD, None).of_window("_communes")
    names = (f"Huyện Mô Phỏng {number:04d}", f"Simulated District {number:04d}")
    return District(code, *names, "huyện", province_code, int(communes), None, None, _SOURCE.format(thing="district"))


def write_overlay(out: Path, catalogue: Catalogue, districts: Sequence[District], period: Period) -> Path | None:
    """Add what the catalogue lacks to out/catalogue and return that folder; None if it does not exist."""
    folder = out / FOLDER
    _merge(
        folder / "districts.csv",
        [asdict(district) for district in districts if district.district_code not in catalogue.districts],
    )
    if period.code not in catalogue.periods:
        due_on = period.ends_on + timedelta(days=_DAYS_TO_REPORT)
        row = {"period_code": period.code, "due_on": due_on, "deadline_source": _SOURCE.format(thing="deadline")}
        _merge(folder / "periods.csv", [row])
    return folder if folder.exists() else None


def _merge(path: Path, rows: list[dict[str, Any]]) -> None:
    """Add rows to a table, sorted by their first column; a row of the same key is replaced."""
    if not rows:
        return
    columns = list(rows[0])
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            rows = [*csv.DictReader(file), *rows]
    merged = {row[columns[0]]: row for row in rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(merged[key] for key in sorted(merged))
