"""A page whose commands run: `python -m tests.end_to_end.transcript docs/history.md` writes anew what they print.

In blocks that begin with ```console a line "$ …" is a command of one shell, and what follows is what it prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from etl.settings import PROJECT_ROOT

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_MARK = "==== the next command ===="
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d)?")


def commands(page: str) -> list[str]:
    """The commands of a page, in order."""
    return [line[2:] for block in _BLOCK.findall(page) for line in block.splitlines() if line.startswith("$ ")]


def run(page: str, environment: dict[str, str]) -> list[str]:
    """What each command of a page prints to stdout, all run by one shell in the project's folder."""
    script = "\n".join(f"{command}\necho '{_MARK}'" for command in commands(page))
    script = script.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=False, encoding="utf-8", env=environment, cwd=PROJECT_ROOT
    )
    printed = done.stdout.split(f"{_MARK}\n")
    if len(printed) != len(commands(page)) + 1:
        raise AssertionError(f"the commands did not all run:\n{done.stderr}")
    return printed[:-1]


def rewritten(page: str, printed: list[str]) -> str:
    """The page with what its commands print now."""
    answers = iter(printed)

    def block(match: re.Match[str]) -> str:
        lines = [line for line in match[1].splitlines() if line.startswith("$ ")]
        body = "".join(f"{line}\n{next(answers)}" for line in lines)
        return f"```console\n{body}```"

    return _BLOCK.sub(block, page)


def comparable(page: str) -> str:
    """A page without what differs from run to run: moments, their number of decimals, the width of columns."""
    text = re.sub(r" +", " ", _MOMENT.sub("<moment>", page))
    return re.sub(r"-{2,}", "--", "\n".join(line.rstrip() for line in text.splitlines()))


if __name__ == "__main__":
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    path.write_text(rewritten(text, run(text, dict(os.environ))), encoding="utf-8")
