"""The result table of a benchmark: one line per ratio, with its bound and whether it is met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of the table. `measured` holds both values as text."""

    what: str
    measured: str
    ratio: float
    bound: str
    is_met: bool


def at_most(what: str, ours: float, theirs: float, bound: float, unit: str = "s") -> Line:
    """Compare two times in seconds, printed in `unit` (s or ms). `ours` may be at most `bound` times `theirs`."""
    scale = 1000 if unit == "ms" else 1
    measured = f"{ours * scale:.2f} {unit}, {theirs * scale:.2f} {unit}"
    return Line(what, measured, ours / theirs, f"≤ {bound:g}", ours / theirs <= bound)


def show(lines: Iterable[Line]) -> int:
    """Print each line as soon as it is measured. Returns 1 if a bound is not met, else 0."""
    print(f"{'':48} {'measured':>30} {'ratio':>7}  must be", flush=True)
    code = 0
    for line in lines:
        outcome = "met" if line.is_met else "NOT MET"
        print(f"{line.what:48} {line.measured:>30} {line.ratio:>7.3f}  {line.bound:15} {outcome}", flush=True)
        code = code if line.is_met else 1
    return code
