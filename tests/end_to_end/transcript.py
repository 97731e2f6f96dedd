"""Pages with console sessions: `python -m tests.end_to_end.transcript docs/history.md` updates the printed output.

In ```console blocks a line "$ …" is a command; what follows is its output. One shell runs all commands of a page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from etl.settings import PROJECT_ROOT

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_SEPARATOR = "==== next command ===="
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d)?")


def commands(page: str) -> list[str]:
    """The commands of a page, in order."""
    return [line[2:] for block in _BLOCK.findall(page) for line in block.splitlines() if line.startswith("$ ")]


def run(page: str, environment: dict[str, str]) -> list[str]:
    """Run the commands of a page in one shell in the project folder; returns the stdout of each."""
    script = "\n".join(f"{command}\necho '{_SEPARATOR}'" for command in commands(page))
    script = script.replace(".venv/bin/python", sys.executable)
    process = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=False, encoding="utf-8", env=environment, cwd=PROJECT_ROOT
    )
    printed = process.stdout.split(f"{_SEPARATOR}\n")
    if len(printed) != len(commands(page)) + 1:
        raise AssertionError(f"the commands did not all run:\n{process.stderr}")
    return printed[:-1]


def rewritten(page: str, printed: list[str]) -> str:
    """The page with the new output of its commands."""
    outputs = iter(printed)

    def block(match: re.Match[str]) -> str:
        lines = [line for line in match[1].splitlines() if line.startswith("$ ")]
        body = "".join(f"{line}\n{next(outputs)}" for line in lines)
        return f"```console\n{body}```"

    return _BLOCK.sub(block, page)


def comparable(page: str) -> str:
    """A page without what differs between runs: timestamps and the width of columns."""
    text = re.sub(r" +", " ", _TIMESTAMP.sub("<timestamp>", page))
    return re.sub(r"─{2,}", "──", "\n".join(line.rstrip() for line in text.splitlines()))


if __name__ == "__main__":
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    path.write_text(rewritten(text, run(text, dict(os.environ))), encoding="utf-8")
