"""How rows are matched where appendices drift: `python -m benchmarks.matching [SEEDS]`.

Every row of the form has a figure of its own; each case is drawn for several seeds, both shipped forms, two formats.
Right: the figure stands under its indicator. Open: it has no indicator or no value, and a finding says so. Wrong: a
figure stands under another indicator.
"""

from __future__ import annotations

import sys

from etl.parsing import read
from tests.unit.parsing.drifting import DRAFT, Outcome, cases, judge, to_docx, to_txt
from tests.unit.parsing.rendering import CATALOGUE, FORM

_RENDERERS = {"txt": to_txt, "docx": to_docx}


def measure(seeds: int) -> dict[str, Outcome]:
    """The outcome of each case over all seeds, forms and file formats."""
    outcomes: dict[str, Outcome] = {}
    for seed in range(seeds):
        for form in (FORM, DRAFT):
            for name, drifted in cases(form, seed).items():
                for file_format, render in _RENDERERS.items():
                    content = read(f"report.{file_format}", render(drifted), CATALOGUE)
                    outcomes[name] = outcomes.get(name, Outcome()) + judge(content, drifted)
    return outcomes


def main(arguments: list[str]) -> int:
    """Prints the table; 1 if any figure was wrong."""
    outcomes = measure(int(arguments[0]) if arguments else 10)
    total = sum(outcomes.values(), Outcome())
    print(f"{'case':36} {'right':>8} {'open':>6} {'wrong':>6} {'right %':>8}")
    for name, one in [*outcomes.items(), ("all", total)]:
        figures = one.right + one.open + len(one.wrong)
        print(f"{name:36} {one.right:8} {one.open:6} {len(one.wrong):6} {100 * one.right / figures:8.2f}")
    for line in total.wrong[:20]:
        print("wrong:", line)
    return 1 if total.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
