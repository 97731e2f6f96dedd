"""Correct simulated reports as the reader would hand them over, with the reports that came before them.

Knows the simulator and the catalogue; knows no rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter

import yaml

from etl import periods
from etl.catalogue import Catalogue, District, load_catalogue
from etl.decimals import format_decimal
from etl.observations import DocumentHead, NarrativeFigure, Observation, ValueStatus
from etl.periods import Period
from etl.simulation import Appendix, simulate_report
from etl.simulation.numbers import format_value
from etl.simulation.overlay import simulate_district
from etl.validation import Candidate

SEED = 2021
PERIODS = ("2022-Q1", "2022-H1", "2022-Q3", "2022-FY")
BEFORE = ("2021-Q1", "2021-H1", "2021-Q3", "2021-FY")
_WORDING = Path(__file__).parents[2] / "etl" / "simulation" / "data" / "wording.yml"


@lru_cache(maxsize=1)
def _told() -> tuple[str, ...]:
    """The indicators whose numbers the simulated prose tells."""
    texts = [part["text"] for part in yaml.safe_load(_WORDING.read_text(encoding="utf-8"))["narrative"]]
    names = (name for text in texts for _, name, _, _ in Formatter().parse(text) if name)
    return tuple(dict.fromkeys(name for name in names if name in load_catalogue().indicators))


@dataclass(frozen=True)
class World:
    """Districts with their correct reports, by period and district."""

    catalogue: Catalogue
    reports: Mapping[tuple[str, str], Candidate]
    seed: int

    @cached_property
    def _said(self) -> dict[str, dict[str, dict[str, str]]]:
        """What each report says, by period in the order of time, then by district."""
        said: dict[str, dict[str, dict[str, str]]] = {}
        for code in sorted({code for code, _ in self.reports}, key=periods.parse):
            said[code] = {unit: values(one) for (of, unit), one in self.reports.items() if of == code}
        return said

    def earlier(self, district_code: str, period: Period) -> dict[str, dict[str, str]]:
        """What the district's accepted reports before a period say, oldest first."""
        return {
            code: reports[district_code]
            for code, reports in self._said.items()
            if periods.parse(code).ends_on < period.ends_on
        }

    def accepted(self, period_code: str) -> dict[str, dict[str, str]]:
        """What all districts' reports of a period say."""
        return self._said[period_code]


def values(candidate: Candidate) -> dict[str, str]:
    """A report as the warehouse would remember it."""
    return {
        row.indicator_code: "" if row.status == "blank" else format_decimal(row.value) or str(row.status)
        for row in candidate.rows
        if row.status != "heading"
    }


def world(districts: int, period_codes: Sequence[str] = (*BEFORE, *PERIODS), seed: int = SEED) -> World:
    """Correct reports of so many districts that do not exist, for the validated year and the year before it."""
    shipped = load_catalogue()
    units = [simulate_district(number, "94") for number in range(1, districts + 1)]
    known = replace(shipped, districts={unit.district_code: unit for unit in units})
    reports = {
        (code, unit.district_code): _candidate(simulate_report(periods.parse(code), unit, seed, shipped), unit)
        for code in period_codes
        for unit in units
    }
    return World(known, reports, seed)


def _candidate(appendix: Appendix, unit: District) -> Candidate:
    head = appendix.head
    rows = tuple(_observations(appendix))
    told = tuple(
        NarrativeFigure(
            row.indicator_code, row.value, format_value(appendix.value_of(row.indicator_code), "vi"), "paragraph[1]"
        )
        for row in rows
        if row.indicator_code in _told() and row.value is not None
    )
    declared = DocumentHead(
        unit.district_code,
        head.period.code,
        head.document_no,
        head.period.ends_on + timedelta(days=(head.signed_on - head.period.ends_on).days),
        appendix.form.form_code,
        True,
        head.period.starts_on,
        head.period.ends_on,
    )
    return Candidate(0, declared, rows, (), told)


def _observations(appendix: Appendix) -> list[Observation]:
    rows: list[Observation] = []
    not_done = False
    for number, (row, asked) in enumerate(zip(appendix.rows, appendix.form.rows, strict=True), start=2):
        if not asked.level:
            continue
        status = ValueStatus.REPORTED if asked.is_asked else ValueStatus.HEADING
        text = format_value(row.value, "en").replace(",", "")
        if isinstance(row.value, str):
            if row.value:
                not_done = True  # "Chưa thực hiện" speaks for the blank rows below it
            elif asked.level <= 1:
                not_done = False
            status = ValueStatus("heading" if not asked.is_asked else "not_done" if row.value or not_done else "blank")
        elif text == "0" and "không có lĩnh vực" in row.note:
            status = ValueStatus.NOT_APPLICABLE
        elif asked.level <= 1:
            not_done = False
        rows.append(
            Observation(
                asked.reform_area_code,
                asked.item,
                row.indicator_code,
                row.label,
                row.unit,
                Decimal(text) if status is ValueStatus.REPORTED else None,
                status,
                text,
                row.note,
                f"table[1]/row[{number}]/col[4]",
            )
        )
    return rows
