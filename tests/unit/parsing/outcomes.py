"""What was read of a report compared with what it says, for tests and benchmarks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """The number of figures read right and left undecided (no indicator, or undecidable), and a line for each wrong."""

    right: int = 0
    undecided: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.right + other.right, self.undecided + other.undecided, self.wrong + other.wrong)

    @property
    def total(self) -> int:
        return self.right + self.undecided + len(self.wrong)
