"""How figures are read in every file format and way of writing: `python -m benchmarks.file formats [SEEDS]`.

Every case is drawn for several seeds and rendered to each file format (tests/unit/parsing/varying.py). Right: the value
that the cell says, or none where it says none, or undecidable where nothing decides. Open: undecidable, or without an
indicator, or in a file that is refused, though evidence decides. Wrong: another value, or a figure lost without a word.
Recognised scans are apart.
"""

from __future__ import annotations

import sys

from etl.errors import UnreadableFile
from etl.parsing import read
from etl.settings import PROJECT_ROOT
from tests import needs
from tests.unit.parsing.file_formats import scanned
from tests.unit.parsing.rendering import CATALOGUE
from tests.unit.parsing.value_notations import (
    FILE_FORMATS,
    UNPRINTABLE,
    WITH_NUMBERS,
    Outcome,
    ReportCase,
    cases,
    compare,
)

FILES = PROJECT_ROOT / "tests" / "unit" / "parsing" / "formats" / "files"
_ALL = {**FILE_FORMATS, **WITH_NUMBERS}
Table = dict[str, dict[str, Outcome]]


def _measured(case: ReportCase, file_format: str) -> Outcome:
    name, render = _ALL[file_format]
    try:
        return compare(read(name, render(case.report), CATALOGUE), case.truth)
    except UnreadableFile:
        return Outcome(undecided=len(case.truth))


def measure(seeds: int) -> Table:
    """The outcomes by case and file format."""
    table: Table = {}
    for seed in range(seeds):
        for name, case in cases(seed).items():
            row = table.setdefault(name, {})
            for file_format in _ALL if case.is_plain else FILE_FORMATS:
                if (name, file_format) in UNPRINTABLE:
                    continue
                row[file_format] = row.get(file_format, Outcome()) + _measured(case, file_format)
    return table


def _told(outcome: Outcome | None) -> str:
    return f"{outcome.right}/{outcome.undecided}/{len(outcome.wrong)}" if outcome else "–"


def _print(table: Table) -> Outcome:
    """Right/open/wrong in each place, then the sums."""
    print("right/open/wrong figures")
    print("| case | " + " | ".join(_ALL) + " |")
    print("|---" * (len(_ALL) + 1) + "|")
    sums: dict[str, Outcome] = {}
    for name, row in table.items():
        print(f"| {name} | " + " | ".join(_told(row.get(file_format)) for file_format in _ALL) + " |")
        for file_format, outcome in row.items():
            sums[file_format] = sums.get(file_format, Outcome()) + outcome
    print("| all | " + " | ".join(_told(sums[file_format]) for file_format in _ALL) + " |")
    return sum(sums.values(), Outcome())


def _scan() -> Outcome | None:
    """What is recognised of a scan of Long Phú's figures, printed by LibreOffice; None where Tesseract is not there."""
    if needs.found("tesseract") is None:
        return None
    content = read("scan.pdf", scanned((FILES / "long_phu.pdf").read_bytes(), slope=0.004), CATALOGUE)
    return compare(content, cases(0)["Long Phú's figures"].truth)


def main(arguments: list[str]) -> int:
    """Prints the tables; 1 if any figure was wrong or fewer than 98 % were right."""
    total = _print(measure(int(arguments[0]) if arguments else 3))
    figures = total.total
    share = total.right / figures
    print(
        f"\nall file formats: {figures} figures, {share:.2%} right, {total.undecided} open, {len(total.wrong)} wrong",
        end="; ",
    )
    print(f"wrong = 0 {'met' if not total.wrong else 'NOT MET'}, right ≥ 98 % {'met' if share >= 0.98 else 'NOT MET'}")
    scan = _scan()
    print(f"scan of Long Phú's figures, right/open/wrong: {_told(scan) if scan else 'Tesseract is not installed'}")
    total += scan or Outcome()
    for line in total.wrong[:30]:
        print("wrong:", line)
    return 1 if total.wrong or share < 0.98 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
