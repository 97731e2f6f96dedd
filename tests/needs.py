"""Programs from outside that some tests need: such a test runs where the program is found and is skipped elsewhere.

`@needs("chromium")` marks a test (or `pytestmark = needs("soffice")` a file); `program("chromium")` gives its path.
The last lines of pytest name what was not found. With CCHC_REQUIRE_ALL set, as in .ci/run, absence is a failure.
A new program is one line of PROGRAMS.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable

import pytest

# The names by which a program goes, the usual one first, and what it is for.
PROGRAMS: dict[str, tuple[tuple[str, ...], str]] = {
    "chromium": (("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"), "pages in a browser"),
    "soffice": (("soffice", "libreoffice"), "Word and Excel files as LibreOffice shows them"),
    "pdftotext": (("pdftotext",), "the text of a printed page"),
    "tesseract": (("tesseract",), "scanned reports"),
    "smbd": (("smbd", "/usr/sbin/smbd"), "a Windows share"),
    "sshd": (("sshd", "/usr/sbin/sshd"), "a folder over SFTP"),
}

_NOT_FOUND = "not_found"


def found(name: str) -> str | None:
    """The path of a program, or None where it is not installed."""
    return next((path for each in PROGRAMS[name][0] if (path := shutil.which(each))), None)


def program(name: str) -> str:
    """The path of a program that a test marked with needs() runs."""
    path = found(name)
    assert path is not None, f"{name} is not installed: mark the test with needs({name!r})"
    return path


def needs(*names: str) -> pytest.MarkDecorator:
    """Marks tests that need these programs."""
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: add it to PROGRAMS in tests/needs.py")
    return pytest.mark.needs(*names)


def all_are_required() -> bool:
    """Whether the absence of a program is a failure."""
    return bool(os.environ.get("CCHC_REQUIRE_ALL"))


def missing(names: Iterable[str]) -> list[str]:
    """Those of `names` that are not installed, each with what it is for."""
    return [f"{name} ({PROGRAMS[name][1]})" for name in dict.fromkeys(names) if found(name) is None]


def skip_or_fail(item: pytest.Item) -> None:
    """Before a test: skips it where a program that it needs is not found, or fails it where all are required."""
    absent = missing(name for mark in item.iter_markers("needs") for name in mark.args)
    if not absent:
        return
    item.user_properties += [(_NOT_FOUND, name) for name in absent]  # travels with the report, from other processes too
    reason = f"not found: {', '.join(absent)}"
    if all_are_required():
        pytest.fail(f"{reason}, and CCHC_REQUIRE_ALL is set", pytrace=False)
    pytest.skip(reason)


def said_at_the_end(reports: Iterable[pytest.TestReport]) -> list[str]:
    """What the last lines of a run say of the programs that its tests looked for in vain."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        done = "skipped" if report.skipped else "failed"
        counts.update({(str(value), done) for key, value in report.user_properties if key == _NOT_FOUND})
    return [
        f"not found: {name}; {count} {'test' if count == 1 else 'tests'} {done}"
        for (name, done), count in sorted(counts.items())
    ]
