"""Figures in the note of a row: "Số tiếp nhận mới là 1.798 hồ sơ …", "1.378/1.378 hồ sơ giải quyết".

expectations/note_figures.csv lists what to look for. A figure that occurs twice in a note with different numbers, or
whose digits are not grouped like a count, is ignored: a note is never read by guessing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache

from etl.errors import CatalogueError
from etl.settings import PROJECT_ROOT

FIGURES_FILE = PROJECT_ROOT / "expectations" / "note_figures.csv"
_COLUMNS = ["figure", "pattern", "example", "value"]
_COUNT = r"\d{1,3}(?:[.,]\d{3})+|\d+"
# A count is not a piece of a date, of a document's number or of a longer number.
_NUMBER = rf"(?<![\d.,/-])(?:{_COUNT})(?![\d/-]|[.,]\d)"
_FRACTION_TOP = rf"(?<![\d.,/-])(?:{_COUNT})"
_FRACTION_BOTTOM = rf"(?:{_COUNT})(?![\d/-]|[.,]\d|/)"
_MACROS = {"{number}": _NUMBER, "{numerator}": _FRACTION_TOP, "{denominator}": _FRACTION_BOTTOM}


@lru_cache(maxsize=1)
def load_note_figures() -> Mapping[str, re.Pattern[str]]:
    """Patterns by figure; the group of each matches its number. Raises CatalogueError with the line of a wrong one."""
    patterns: dict[str, re.Pattern[str]] = {}
    with FIGURES_FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != _COLUMNS:
            raise CatalogueError(f"{FIGURES_FILE.name}:1", f"the columns must be {', '.join(_COLUMNS)}")
        for row in reader:
            pattern = row["pattern"]
            for macro, meaning in _MACROS.items():
                pattern = pattern.replace(macro, meaning)
            patterns[row["figure"]] = re.compile(pattern, re.IGNORECASE)
            if patterns[row["figure"]].groups != 1:
                raise CatalogueError(f"{FIGURES_FILE.name}:{reader.line_num}", "the pattern needs one group")
    return patterns


@lru_cache(maxsize=65_536)
def find_note_figure(name: str, note: str) -> float:
    """The number of a figure in a note; NaN if the note does not contain it, or not plainly."""
    numbers = {match[1] for match in load_note_figures()[name].finditer(note)}
    return float(re.sub(r"[.,]", "", numbers.pop())) if len(numbers) == 1 else float("nan")
