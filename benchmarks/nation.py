"""Simulated reports of a whole country for benchmarks of the loader, stored as parsed rows, one file per period.

No report is rendered or parsed. A file holds the reports one after another, each as marshalled tuples.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from etl import periods
from etl.catalogue import Catalogue, District, load_catalogue
from etl.decimals import format_decimal
from etl.observations import DocumentHead, Observation, ReportContent, ValueStatus
from etl.periods import Period
from etl.simulation import OVERLAY_FOLDER, Appendix, PrintedRow, simulate_report
from etl.simulation.overlay import simulate_district, write_overlay

_NO_DECISION = ("", "", None)  # decision, box and confidence: none, since no page was read by OCR
_SEED = 705
_SIZE = 8  # bytes of the length that precedes each report
_FIRST_YEAR = 2021


@dataclass(frozen=True)
class Nation:
    """The folder of the reports, the catalogue with the simulated districts, and the periods in order."""

    folder: Path
    catalogue: Catalogue | None
    period_codes: tuple[str, ...]

    def reports(self, period_code: str) -> Iterator[ReportContent]:
        """Read the reports of a period, with one in memory at a time."""
        with (self.folder / period_code).open("rb") as file:
            while size := int.from_bytes(file.read(_SIZE), "big"):
                head, rows = marshal.loads(file.read(size))  # noqa: S302 - written by write_reports
                yield ReportContent(
                    DocumentHead(**head | {"signed_on": date.fromisoformat(head["signed_on"])}),
                    tuple(map(_observation, rows)),
                )


def _observation(fields: Sequence[Any]) -> Observation:
    return Observation.from_record([*fields[:5], Decimal(fields[5]) if fields[5] else None, *fields[6:]])


def reported_periods(count: int) -> list[Period]:
    """The first `count` reporting periods, four per year."""
    years = (f"{year}-{term}" for year in range(_FIRST_YEAR, 2100) for term in ("Q1", "H1", "Q3", "FY"))
    return [periods.parse(code) for code in islice(years, count)]


def write_reports(folder: Path, district_count: int, period_count: int) -> Nation:
    """Write the reports and the catalogue overlay, replacing files in `folder`."""
    shipped = load_catalogue(None)
    units = [simulate_district(number, "00") for number in range(1, district_count + 1)]
    spans = reported_periods(period_count)
    folder.mkdir(parents=True, exist_ok=True)
    for span in spans:
        write_overlay(folder, shipped, units if span is spans[0] else (), span)
    catalogue = load_catalogue(folder / OVERLAY_FOLDER)
    with ProcessPoolExecutor() as pool:
        list(pool.map(_write_period, *zip(*((folder, span, units) for span in spans), strict=True)))
    return Nation(folder, catalogue, tuple(span.code for span in spans))


def _write_period(folder: Path, span: Period, units: Sequence[District]) -> None:
    catalogue = load_catalogue(folder / OVERLAY_FOLDER)
    with (folder / span.code).open("wb") as file:
        for unit in units:
            content = marshal.dumps(_parsed(simulate_report(span, unit, _SEED, catalogue)))
            file.write(len(content).to_bytes(_SIZE, "big") + content)


def _parsed(appendix: Appendix) -> tuple[dict[str, Any], list[tuple[str | None, ...]]]:
    head = {
        "district_code": appendix.head.district.district_code,
        "period_code": appendix.head.period.code,
        "document_no": appendix.head.document_no,
        "signed_on": appendix.head.signed_on.isoformat(),
        "form_code": appendix.form.form_code,
        "is_simulated": True,
    }
    asked = {row.indicator.indicator_code for row in appendix.form.asked_rows}
    rows = zip(appendix.form.rows, appendix.rows, strict=True)
    return head, [
        (
            form_row.reform_area_code,
            form_row.item,
            printed.indicator_code,
            printed.label,
            printed.unit,
            format_decimal(printed.value) if isinstance(printed.value, Decimal) else "",
            str(_status(printed, asked)),
            str(printed.value),
            printed.note,
            f"table[2]/row[{number}]/col[4]",
            *_NO_DECISION,
        )
        for number, (form_row, printed) in enumerate(rows, start=3)
        if printed.level
    ]


def _status(printed: PrintedRow, asked: set[str]) -> ValueStatus:
    if printed.indicator_code not in asked:
        return ValueStatus.HEADING
    if isinstance(printed.value, Decimal):
        return ValueStatus.REPORTED
    return ValueStatus.NOT_DONE if printed.value else ValueStatus.BLANK
