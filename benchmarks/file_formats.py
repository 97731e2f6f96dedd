"""Accuracy of reading in every file format and notation: `python -m benchmarks.file_formats [SEEDS]`.

Every case is generated for several seeds and written in each file format (tests/unit/parsing/value_notations.py).
Right: the value of the cell, no value if it has none, or undecidable if nothing decides. Undecided: undecidable,
without an indicator or in a refused file although there is evidence. Wrong: another value, or one lost without a
finding. Scans are apart.
"""

from __future__ import annotations

import sys

from etl.errors import UnreadableFile
from etl.parsing import read
from etl.settings import PROJECT_ROOT
from tests import needs
from tests.unit.parsing.file_formats import FILE_FORMATS
from tests.unit.parsing.pdf_writer import scanned
from tests.unit.parsing.rendering import CATALOGUE
from tests.unit.parsing.value_notations import (
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


def _read(case: ReportCase, file_format: str) -> Outcome:
    written = _ALL[file_format]
    try:
        return compare(read(written.file_name, written.write(case.report), CATALOGUE), case.truth)
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
                row[file_format] = row.get(file_format, Outcome()) + _read(case, file_format)
    return table


def _format(outcome: Outcome | None) -> str:
    return f"{outcome.right}/{outcome.undecided}/{len(outcome.wrong)}" if outcome else "–"


def _print(table: Table) -> Outcome:
    """Print right/undecided/wrong by case and file format, then the sums."""
    print("right/undecided/wrong values")
    print("| case | " + " | ".join(_ALL) + " |")
    print("|---" * (len(_ALL) + 1) + "|")
    sums: dict[str, Outcome] = {}
    for name, row in table.items():
        print(f"| {name} | " + " | ".join(_format(row.get(file_format)) for file_format in _ALL) + " |")
        for file_format, outcome in row.items():
            sums[file_format] = sums.get(file_format, Outcome()) + outcome
    print("| all | " + " | ".join(_format(sums[file_format]) for file_format in _ALL) + " |")
    return sum(sums.values(), Outcome())


def _scan() -> Outcome | None:
    """The outcome for a scan of Long Phú's report, printed by LibreOffice; None if Tesseract is not installed."""
    if needs.find_program("tesseract") is None:
        return None
    content = read("scan.pdf", scanned((FILES / "long_phu.pdf").read_bytes(), slope=0.004), CATALOGUE)
    return compare(content, cases(0)["Long Phú's figures"].truth)


def main(arguments: list[str]) -> int:
    """Print the tables. Returns 1 if a value was wrong or fewer than 98 % were right."""
    total = _print(measure(int(arguments[0]) if arguments else 3))
    values = total.total
    share = total.right / values
    print(f"\n{values} values, {share:.2%} right, {total.undecided} undecided, {len(total.wrong)} wrong", end="; ")
    print(f"wrong = 0 {'met' if not total.wrong else 'NOT MET'}, right ≥ 98 % {'met' if share >= 0.98 else 'NOT MET'}")
    scan = _scan()
    print(
        f"scan of Long Phú's report, right/undecided/wrong: {_format(scan) if scan else 'Tesseract is not installed'}"
    )
    total += scan or Outcome()
    for line in total.wrong[:30]:
        print("wrong:", line)
    return 1 if total.wrong or share < 0.98 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
