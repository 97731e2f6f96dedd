"""What could tell that a cell is wrong, by what stands in the correct reports: knows no rule.

identity   the form makes it a total or a part, and the others are there
note       a note of the appendix gives the number, or the fraction that makes the rate
narrative  the prose tells the number
history    the earlier reports, four or more, held it steady: all within a tenth of their median (flows quarter by
           quarter, see below), and what is put there now leaves them by more than that
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median

from etl import periods
from etl.observations import Observation
from etl.validation import Candidate
from tests.mutation.errors import SUMS, Mutant
from tests.mutation.reports import World

CLASSES = ("identity", "note", "narrative", "history", "nothing")
_FRACTION = re.compile(r"\d/\d")
# Counts that a note gives: of their own row, or of the rate that counts them.
_COUNTED_IN_NOTE_OF = {
    "dossiers_received_district": "dossiers_received_district",
    "dossiers_received_commune": "dossiers_received_commune",
    "documents_sent": "documents_sent",
    "dossiers_resolved_district": "dossiers_on_time_district_pct",
    "dossiers_resolved_commune": "dossiers_on_time_commune_pct",
    "survey_forms": "survey_satisfaction_pct",
    "civil_servants_streamlined": "civil_servants_streamlined_pct",
    "public_employees_streamlined": "public_employees_streamlined_pct",
}
_FEWEST, _STEADY = 4, 0.1


def cover_of(mutant: Mutant, correct: Candidate, world: World) -> str:
    """The strongest thing that covers any of the cells that the error touched."""
    rows = {row.indicator_code: row for row in correct.rows}
    now = {row.indicator_code: row for row in mutant.candidate.rows}
    found = {_cover_of_cell(code, rows, now[code], correct, world) for code in mutant.codes}
    return next(one for one in CLASSES if one in found)


def _cover_of_cell(
    code: str, rows: Mapping[str, Observation], now: Observation, correct: Candidate, world: World
) -> str:
    if any(code in one and all(rows[part].status == "reported" for part in one) for one in SUMS):
        return "identity"
    noted = rows.get(_COUNTED_IN_NOTE_OF.get(code, code))
    if noted and _FRACTION.search(noted.note):
        return "note"
    if code in _COUNTED_IN_NOTE_OF and noted and noted.note:
        return "note"
    if any(figure.indicator_code == code for figure in correct.narrative):
        return "narrative"
    return "history" if _is_told_by_history(code, now, correct, world) else "nothing"


def _is_told_by_history(code: str, now: Observation, correct: Candidate, world: World) -> bool:
    period = periods.parse(correct.head.period_code)
    earlier = world.earlier(correct.head.district_code, period)
    said = [report[code] for report in earlier.values() if code in report]  # the form of the year before may lack it
    if now.status == "blank":
        return bool(said) and said[-1] not in ("", "not_done", "not_applicable")
    numbers = [float(text) for text in said if text not in ("", "not_done", "not_applicable")]
    if now.value == 0 and not numbers:
        return len(said) >= _FEWEST and not any(said)
    series, base = numbers, 0.0
    if world.catalogue.indicators[code].kind == "count" and world.catalogue.indicators[code].nature == "flow":
        series, base = _quarters(code, earlier), _so_far(code, period.code, earlier)
    if len(series) < _FEWEST:
        return False
    middle = median(series)
    is_steady = all(abs(one - middle) <= _STEADY * middle for one in series)
    return is_steady and now.value is not None and abs(float(now.value) - base - middle) > 2 * _STEADY * middle


def _number(code: str, period_code: str, earlier: Mapping[str, Mapping[str, str]]) -> float:
    said = earlier[period_code].get(code, "")
    return float(said) if said.isdigit() else 0.0


def _so_far(code: str, period_code: str, earlier: Mapping[str, Mapping[str, str]]) -> float:
    year, term = period_code.split("-")
    before = {"Q1": (), "H1": ("Q1",), "Q3": (), "FY": ("H1", "Q3")}[term]
    return sum(_number(code, f"{year}-{one}", earlier) for one in before)


def _quarters(code: str, earlier: Mapping[str, Mapping[str, str]]) -> list[float]:
    told = [one for one, report in earlier.items() if report.get(code, "").isdigit()]
    return [_number(code, one, earlier) - _so_far(code, one, earlier) for one in told]
