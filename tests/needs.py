"""External programs that some tests need. Such a test is skipped if the program is not installed.

`@needs("chromium")` marks a test (or `pytestmark = needs("soffice")` a file); `program("chromium")` returns its path.
The last lines of pytest list the missing programs. With CCHC_REQUIRE_ALL set, as in .ci/run, the test fails instead.
To add a program, add it to PROGRAMS.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable

import pytest

# The names of a program's executable, the usual one first, and what the tests use it for.
PROGRAMS: dict[str, tuple[tuple[str, ...], str]] = {
    "chromium": (("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"), "pages in a browser"),
    "soffice": (("soffice", "libreoffice"), "Word and Excel files as LibreOffice shows them"),
    "pdftotext": (("pdftotext",), "the text of a printed page"),
    "tesseract": (("tesseract",), "scanned reports"),
    "smbd": (("smbd", "/usr/sbin/smbd"), "a Windows share"),
    "sshd": (("sshd", "/usr/sbin/sshd"), "a folder over SFTP"),
}

_NOT_FOUND = "not_found"


def find_program(name: str) -> str | None:
    """The path of a program, or None if it is not installed."""
    executables, _ = PROGRAMS[name]
    return next((path for executable in executables if (path := shutil.which(executable))), None)


def program(name: str) -> str:
    """The path of a program, for tests marked with needs()."""
    path = find_program(name)
    assert path is not None, f"{name} is not installed: mark the test with needs({name!r})"
    return path


def needs(*names: str) -> pytest.MarkDecorator:
    """Mark tests that need these programs."""
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: add it to PROGRAMS in tests/needs.py")
    return pytest.mark.needs(*names)


def all_are_required() -> bool:
    """Whether a missing program fails a test instead of skipping it."""
    return bool(os.environ.get("CCHC_REQUIRE_ALL"))


def missing_programs(names: Iterable[str]) -> list[str]:
    """The programs of `names` that are not installed, each with its use."""
    return [f"{name} ({PROGRAMS[name][1]})" for name in dict.fromkeys(names) if find_program(name) is None]


def skip_or_fail(item: pytest.Item) -> None:
    """Skip a test that needs a missing program, or fail it if all programs are required."""
    missing = missing_programs(name for mark in item.iter_markers("needs") for name in mark.args)
    if not missing:
        return
    item.user_properties += [(_NOT_FOUND, name) for name in missing]  # xdist workers send these too
    reason = f"not found: {', '.join(missing)}"
    if all_are_required():
        pytest.fail(f"{reason}, and CCHC_REQUIRE_ALL is set", pytrace=False)
    pytest.skip(reason)


def summarize_missing_programs(reports: Iterable[pytest.TestReport]) -> list[str]:
    """The last lines of a run: for each missing program, how many tests were skipped or failed."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        outcome = "skipped" if report.skipped else "failed"
        counts.update({(str(value), outcome) for key, value in report.user_properties if key == _NOT_FOUND})
    return [
        f"not found: {name}; {count} {'test' if count == 1 else 'tests'} {outcome}"
        for (name, outcome), count in sorted(counts.items())
    ]
