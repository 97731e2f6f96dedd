"""A mutant from a seed, and what reading it gives."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.fuzz.checking import Figures, check
from tests.fuzz.mutating import mutate
from tests.fuzz.origins import Origin, origin
from tests.unit.parsing.file_formats import FILE_FORMATS

# Of a thousand mutants; pdf and xls are few, since each is opened in a child process. Seeds depend on these shares: a
# new file format is added at the end.
SHARES = {"docx": 290, "xlsx": 220, "ods": 120, "txt": 110, "md": 60, "aligned": 60, "json": 100, "pdf": 25, "xls": 15}
SHARES |= {name: 20 for name in FILE_FORMATS if name not in SHARES and name != "unruled"}
_ORIGINS = 25  # of each file format


def file_format_of(seed: int) -> str:
    return random.Random(seed).choices(list(SHARES), list(SHARES.values()))[0]


def mutant(file_format: str, seed: int) -> Origin:
    """The same bytes for the same seed."""
    source = random.Random(f"{file_format} {seed}")
    report = origin(file_format, source.randrange(_ORIGINS))
    return replace(report, content=mutate(source, file_format, report.content))


def examine(file_format: str, seed: int) -> Figures:
    """The result of reading one mutant; faults are reported with its seed."""
    file = mutant(file_format, seed)
    figures = check(file_format, file.name, file.content)
    figures.wrong = [f"{file_format}:{seed} {line}" for line in figures.wrong]
    return figures
