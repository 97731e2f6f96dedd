"""Made-up reports: seeded, plausible, and true to every identity of the form unless a defect is planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import get_args

from etl import periods
from etl.catalogue import Catalogue, District, Form
from etl.errors import UsageError
from etl.periods import Period
from etl.simulation.appendix import Appendix, NumberStyle, PrintedRow, ReportHead, printed
from etl.simulation.defects import known_defects, plant
from etl.simulation.letter import place_of
from etl.simulation.overlay import made_up_district, write_overlay
from etl.simulation.profile import load
from etl.simulation.quantities import Quantities
from etl.simulation.render import FILE_FORMATS, render
from etl.text import without_accents

_STYLES: tuple[NumberStyle, ...] = get_args(NumberStyle)
# One defect of a district, or several.
Defects = Mapping[str, str | Sequence[str]]


def simulate(  # noqa: PLR0913, PLR0917 - the terminal's own arguments
    period_code: str,
    districts: int | Sequence[str],
    seed: int,
    out: Path,
    file_formats: Sequence[str],
    catalogue: Catalogue,
    defects: Defects | None = None,
) -> list[Path]:
    """Writes out/<period>/<code>_<name>_<period>.<file format>, one report a district, and returns the paths.

    `districts` is how many (beyond those that report for the period, they are made up) or which, by code. `formats`
    are taken in turn. What the catalogue lacks is written beside the reports, as out/catalogue. Raises UsageError for
    an unknown period, district, file format or defect, before anything is written.
    """
    period = periods.parse(period_code)
    if not period.is_reported:
        raise UsageError(f"no report is ever sent for {period.code}", "Give a period such as 2021-Q1, H1, Q3, 9M or FY")
    units, defects = _units(districts, period, catalogue), defects or {}
    _check(units, file_formats, defects)
    folder = out / period.code
    for unit in units:
        if unit.district_code in defects:  # an error that cannot be planted shows before anything is written
            _with_defects(report(period, unit, seed, catalogue), defects)
    folder.mkdir(parents=True, exist_ok=True)
    write_overlay(out, catalogue, units, period)
    paths = []
    for place, unit in enumerate(units):
        appendix = _with_defects(report(period, unit, seed, catalogue), defects)
        file_format = file_formats[place % len(file_formats)]
        path = folder / file_name(appendix.head, file_format)
        path.write_bytes(render(appendix, file_format))
        paths.append(path)
    return paths


def file_name(head: ReportHead, file_format: str) -> str:
    """`946_long-phu_2021-Q1.docx`: ASCII, so that it survives every drive."""
    name = without_accents(place_of(head.district)).lower().replace(" ", "-")
    return f"{head.district.district_code}_{name}_{head.period.code}.{file_format}"


def report(period: Period, district: District, seed: int, catalogue: Catalogue) -> Appendix:
    """One district's correct report; the same arguments give the same report."""
    form = catalogue.form_for(period)
    drawn = Quantities(load(), seed, district.district_code, period, district.commune_count)
    days = int(drawn.of_window("_days_to_signature"))
    head = ReportHead(
        district,
        period,
        f"{drawn.of_window('_report_number')}/BC-UBND",
        period.ends_on + timedelta(days=days),
        is_simulated=True,
    )
    return Appendix(form, head, _rows(form, drawn), _STYLES[int(drawn.of_window("_number_style"))])


def _rows(form: Form, drawn: Quantities) -> tuple[PrintedRow, ...]:
    """The form's rows, filled; a row whose group says something in words ("Chưa thực hiện") stays blank."""
    rows: list[PrintedRow] = []
    spoken_for: set[str] = set()
    for row in form.rows:
        code = row.indicator.indicator_code
        if not row.is_asked or code not in load() or row.parent_path in spoken_for:
            rows.append(printed(row))
            continue
        value = drawn.value(code)
        if isinstance(value, str) and value:
            spoken_for.add(row.path)
        rows.append(printed(row, value, drawn.note(code)))
    return tuple(rows)


def _units(districts: int | Sequence[str], period: Period, catalogue: Catalogue) -> list[District]:
    if not isinstance(districts, int):
        return [catalogue.district_on(code, period.ends_on) or catalogue.district(code) for code in districts]
    if districts < 1:
        raise UsageError(f"{districts} districts cannot report", "Give one or more")
    expected = catalogue.expected_districts(period)
    real = [unit for unit in expected if unit.level == "district"][:districts]  # a commune has no communes to report
    province = next((unit.province_code for unit in catalogue.districts.values()), "")
    return real + [made_up_district(number, province) for number in range(len(real) + 1, districts + 1)]


def _check(units: Sequence[District], file_formats: Sequence[str], defects: Defects) -> None:
    if not file_formats or set(file_formats) - set(FILE_FORMATS):
        raise UsageError(
            f"unknown file format in {', '.join(file_formats) or 'nothing'}", f"Known are {', '.join(FILE_FORMATS)}"
        )
    unknown = set(defects) - {unit.district_code for unit in units}
    if unknown:
        raise UsageError(
            f"a defect for {', '.join(sorted(unknown))}, which sends no report", "Check the district codes"
        )
    for names in defects.values():
        for name in _names(names):
            if name not in known_defects():
                raise UsageError(f"unknown defect {name!r}", f"Known are {', '.join(known_defects())}")


def _names(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


def _with_defects(appendix: Appendix, defects: Defects) -> Appendix:
    for name in _names(defects.get(appendix.head.district.district_code, ())):
        appendix = plant(appendix, name)
    return appendix
