"""From a seed to a mutant and what becomes of it."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.fuzz.checking import Figures, check
from tests.fuzz.mutating import MUTATE
from tests.fuzz.origins import Origin, origin

# Of a thousand mutants; pdf and xls are few, since each is opened in a process of its own.
SHARES = {"docx": 290, "xlsx": 220, "ods": 120, "txt": 110, "md": 60, "aligned": 60, "json": 100, "pdf": 25, "xls": 15}
_ORIGINS = 25  # of each file format


def file_format_of(seed: int) -> str:
    return random.Random(seed).choices(list(SHARES), list(SHARES.values()))[0]


def mutant(file_format: str, seed: int) -> Origin:
    """The same bytes for the same seed."""
    source = random.Random(f"{file_format} {seed}")
    whole = origin(file_format, source.randrange(_ORIGINS))
    return replace(whole, content=MUTATE[file_format](source, whole.content))


def examine(file_format: str, seed: int) -> Figures:
    """What became of one mutant; what is wrong is named with its seed."""
    made = mutant(file_format, seed)
    figures = check(file_format, made.name, made.content)
    figures.wrong = [f"{file_format}:{seed} {line}" for line in figures.wrong]
    return figures
