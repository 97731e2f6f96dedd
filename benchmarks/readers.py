"""Other libraries on the same Word file, in their own virtual environment.

`python benchmarks/readers.py NAME FILE` prints the CPU seconds of the fastest round, without imports.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

NAMES = ("markitdown", "python-docx row.cells")
_REQUIREMENTS = Path(__file__).with_name("requirements-readers.txt")
_ROUNDS = 5


def seconds(name: str, file: Path) -> float:
    """CPU seconds that a library takes for a file."""
    from benchmarks import peers

    command = [peers.environment(_REQUIREMENTS), __file__, name, file]
    process = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if process.returncode:
        raise RuntimeError(f"{name} failed:\n{process.stderr}")
    return float(process.stdout.split()[-1])


def _markitdown(file: str) -> Callable[[], object]:
    from markitdown import MarkItDown

    reader = MarkItDown(enable_plugins=False)
    return lambda: reader.convert(file)


def _python_docx(file: str) -> Callable[[], object]:
    import docx

    def read_cells() -> None:
        for table in docx.Document(file).tables:
            for row in table.rows:
                [cell.text for cell in row.cells]

    return read_cells


def main(name: str, file: str) -> None:
    """Print the seconds of one library."""
    convert = _markitdown(file) if name == "markitdown" else _python_docx(file)
    convert()
    times = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        convert()
        times.append(time.process_time() - started)
    print(min(times))


if __name__ == "__main__":
    main(*sys.argv[1:])
