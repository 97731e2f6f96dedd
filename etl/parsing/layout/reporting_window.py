"""The data window that a report declares: "(số liệu từ ngày 15/12/2020 đến ngày 14/3/2021)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

_DAY = r"(?:ngày )?(\d{1,2})(?:\s?[/.-]\s?| tháng )(\d{1,2})(?:(?:\s?[/.-]\s?|,? năm )(\d{4}))?"
_WINDOW = re.compile(rf"từ {_DAY}\s*(?:đến hết|đến|tới|-)\s*{_DAY}")
_END = re.compile(rf"(?:đến hết|đến|tới) {_DAY}")

Window = tuple[date | None, date | None]


def declared_window(folded: Iterable[str], words: Sequence[str]) -> Window:
    """First and last day of the first window that folded lines declare beside one of `words`; None where they do not.

    A report may name its last day alone; a first day without a year is the latest one before the last.
    """
    for line in folded:
        if "đến" not in line and "tới" not in line and "từ" not in line:
            continue
        if not any(word in line for word in words):
            continue
        match = _WINDOW.search(line)
        if match:
            window = _window(match)
            if window is not None:
                return window
        for word in words:
            _, found, rest = line.partition(word)
            end = _END.match(rest.lstrip(" :,(")) if found else None
            if end and end[3]:
                last = _date(end[3], end[2], end[1])
                if last is not None:
                    return None, last
    return None, None


def _window(match: re.Match[str]) -> Window | None:
    first_day, first_month, first_year, last_day, last_month, last_year = match.groups()
    if not last_year:
        return None
    last = _date(last_year, last_month, last_day)
    if last is None:
        return None
    if first_year:
        first = _date(first_year, first_month, first_day)
    else:
        first = _date(last_year, first_month, first_day)
        if first is None or first > last:
            first = _date(str(last.year - 1), first_month, first_day)
    return (first, last) if first is not None and first <= last else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
