"""The data window that a report declares: "(số liệu từ ngày 15/12/2020 đến ngày 14/3/2021)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

_DAY = r"(?:ngày )?(\d{1,2})(?:\s?[/.-]\s?| tháng )(\d{1,2})(?:(?:\s?[/.-]\s?|,? năm )(\d{4}))?"
_WINDOW = re.compile(rf"từ {_DAY}\s*(?:đến hết|đến|tới|-)\s*{_DAY}")
_END = re.compile(rf"(?:đến hết|đến|tới) {_DAY}")

Window = tuple[date | None, date | None]


def declared_window(folded_lines: Iterable[str], words: Sequence[str]) -> Window:
    """First and last day of the first window declared beside one of `words`; None for what is not declared.

    A report may declare its last day alone; a first day without a year is the latest one before the last.
    """
    for line in folded_lines:
        if not any(word in line for word in words):
            continue
        window = _WINDOW.search(line)
        if window and (days := _first_and_last_day(*window.groups())) is not None:
            return days
        for word in words:
            end = _END.match(line.partition(word)[2].lstrip(" :,("))
            last = _date(end[3], end[2], end[1]) if end else None
            if last is not None:
                return None, last
    return None, None


def _first_and_last_day(
    first_day: str, first_month: str, first_year: str | None, last_day: str, last_month: str, last_year: str | None
) -> Window | None:
    last = _date(last_year, last_month, last_day)
    if last is None:
        return None
    for year in [first_year] if first_year else [last.year, last.year - 1]:
        first = _date(year, first_month, first_day)
        if first is not None and first <= last:
            return first, last
    return None


def _date(year: int | str | None, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if year else None
    except ValueError:
        return None
