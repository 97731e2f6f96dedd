"""Simulated reports: seeded, plausible, and consistent with every identity of the form unless a defect is planted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import get_args

from etl import periods
from etl.catalogue import Catalogue, District, Form
from etl.errors import UsageError
from etl.periods import Period
from etl.simulation.appendix import Appendix, NumberStyle, PrintedRow, ReportHead, print_row
from etl.simulation.defects import plant
from etl.simulation.letter import get_place_name
from etl.simulation.overlay import simulate_district, write_overlay
from etl.simulation.profile import load_profile
from etl.simulation.quantities import Quantities
from etl.simulation.render import FILE_FORMATS, render
from etl.text import without_accents

_STYLES: tuple[NumberStyle, ...] = get_args(NumberStyle)
Defects = Mapping[str, Sequence[str]]  # names of defects by district code


def simulate(  # noqa: PLR0913, PLR0917 - the options of the command
    period_code: str,
    districts: int | Sequence[str],
    seed: int,
    out: Path,
    file_formats: Sequence[str],
    catalogue: Catalogue,
    defects: Defects | None = None,
) -> list[Path]:
    """Write out/<period>/<code>_<name>_<period>.<file format>, one report per district, and return the paths.

    `districts` are codes, or a number: beyond those that report for the period, districts are simulated. File formats
    alternate. What the catalogue lacks is written to out/catalogue. Raises UsageError for an unknown period, district,
    file format or defect, before anything is written.
    """
    return list(simulate_each(period_code, districts, seed, out, file_formats, catalogue, defects))


def simulate_each(  # noqa: PLR0913, PLR0917 - as simulate
    period_code: str,
    districts: int | Sequence[str],
    seed: int,
    out: Path,
    file_formats: Sequence[str],
    catalogue: Catalogue,
    defects: Defects | None = None,
) -> Iterator[Path]:
    """Like `simulate`, but yield each path as soon as its report is written."""
    period = periods.parse(period_code)
    if not period.is_reported:
        raise UsageError(f"{period.code} is not a reporting period", "Give a period such as 2021-Q1, H1, Q3, 9M or FY")
    units, defects = _choose_districts(districts, period, catalogue), defects or {}
    _check(units, file_formats, defects)
    appendices = [
        _plant_all(simulate_report(period, unit, seed, catalogue), defects.get(unit.district_code, ()))
        for unit in units
    ]
    folder = out / period.code
    folder.mkdir(parents=True, exist_ok=True)
    write_overlay(out, catalogue, units, period)
    for appendix, file_format in zip(appendices, cycle(file_formats), strict=False):
        path = folder / name_file(appendix.head, file_format)
        path.write_bytes(render(appendix, file_format))
        yield path


def name_file(head: ReportHead, file_format: str) -> str:
    """Return a name such as 946_long-phu_2021-Q1.docx, in ASCII, which every drive can store."""
    name = without_accents(get_place_name(head.district)).lower().replace(" ", "-")
    return f"{head.district.district_code}_{name}_{head.period.code}.{file_format}"


def simulate_report(period: Period, district: District, seed: int, catalogue: Catalogue) -> Appendix:
    """Return a correct report of a district; the same arguments give the same report."""
    form = catalogue.form_for(period)
    quantities = Quantities(load_profile(), seed, district.district_code, period, district.commune_count)
    days = int(quantities.of_window("_days_to_signature"))
    head = ReportHead(
        district,
        period,
        f"{quantities.of_window('_report_number')}/BC-UBND",
        period.ends_on + timedelta(days=days),
        is_simulated=True,
    )
    return Appendix(form, head, _fill_rows(form, quantities), _STYLES[int(quantities.of_window("_number_style"))])


def _fill_rows(form: Form, quantities: Quantities) -> tuple[PrintedRow, ...]:
    """Return the filled rows of a form; rows below one with a text ("Chưa thực hiện") stay blank."""
    rows: list[PrintedRow] = []
    blank_groups: set[str] = set()
    for row in form.rows:
        code = row.indicator.indicator_code
        if not row.is_asked or code not in load_profile() or row.parent_path in blank_groups:
            rows.append(print_row(row))
            continue
        value = quantities.value(code)
        if isinstance(value, str) and value:
            blank_groups.add(row.path)
        rows.append(print_row(row, value, quantities.note(code)))
    return tuple(rows)


def _choose_districts(districts: int | Sequence[str], period: Period, catalogue: Catalogue) -> list[District]:
    if not isinstance(districts, int):
        return [catalogue.district_on(code, period.ends_on) or catalogue.district(code) for code in districts]
    if districts < 1:
        raise UsageError(f"{districts} districts cannot report", "Give one or more")
    expected = catalogue.expected_districts(period)
    real = [unit for unit in expected if unit.level == "district"][:districts]  # a commune has no communes to report
    province = next((unit.province_code for unit in catalogue.districts.values()), "")
    return real + [simulate_district(number, province) for number in range(len(real) + 1, districts + 1)]


def _check(units: Sequence[District], file_formats: Sequence[str], defects: Defects) -> None:
    if not file_formats or set(file_formats) - set(FILE_FORMATS):
        raise UsageError(
            f"unknown file format in {', '.join(file_formats) or 'nothing'}", f"Known are {', '.join(FILE_FORMATS)}"
        )
    unknown = set(defects) - {unit.district_code for unit in units}
    if unknown:
        raise UsageError(f"{', '.join(sorted(unknown))} with a defect has no report", "Check the district codes")


def _plant_all(appendix: Appendix, defects: Sequence[str]) -> Appendix:
    for defect in defects:
        appendix = plant(appendix, defect)
    return appendix
