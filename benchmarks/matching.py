"""How rows of changed appendices are matched: `python -m benchmarks.matching [SEEDS]`.

Every row of the form has a unique value; each case is drawn for several seeds, both shipped forms and two file formats.
Right: the value has its indicator. Open: it has no indicator or is undecidable, with a finding. Wrong: it has another
indicator.
"""

from __future__ import annotations

import sys

from etl.parsing import read
from tests.unit.parsing.changed_appendices import DRAFT, Outcome, cases, compare, to_docx, to_txt
from tests.unit.parsing.rendering import CATALOGUE, FORM

_RENDERERS = {"txt": to_txt, "docx": to_docx}


def measure(seeds: int) -> dict[str, Outcome]:
    """The outcome of each case over all seeds, forms and file formats."""
    outcomes: dict[str, Outcome] = {}
    for seed in range(seeds):
        for form in (FORM, DRAFT):
            for name, appendix in cases(form, seed).items():
                for file_format, render in _RENDERERS.items():
                    content = read(f"report.{file_format}", render(appendix), CATALOGUE)
                    outcomes[name] = outcomes.get(name, Outcome()) + compare(content, appendix)
    return outcomes


def main(arguments: list[str]) -> int:
    """Prints the table; 1 if any figure was wrong."""
    outcomes = measure(int(arguments[0]) if arguments else 10)
    total = sum(outcomes.values(), Outcome())
    print(f"{'case':36} {'right':>8} {'open':>6} {'wrong':>6} {'right %':>8}")
    for name, outcome in [*outcomes.items(), ("all", total)]:
        share = 100 * outcome.right / outcome.total
        print(f"{name:36} {outcome.right:8} {outcome.undecided:6} {len(outcome.wrong):6} {share:8.2f}")
    for line in total.wrong[:20]:
        print("wrong:", line)
    return 1 if total.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
