"""Runs the programs of tests/needs.py: LibreOffice and a browser, each with an empty profile of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.needs import program

_QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_QUIET += ("--disable-component-update", "--disable-sync", "--no-sandbox", "--headless")


def convert(file: Path, to: str, folder: Path) -> Path:
    """What LibreOffice makes of a file, such as its page as PDF or all of it as flat XML (fodt, fods)."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    told = subprocess.run(
        [program("soffice"), profile, "--headless", "--convert-to", to, "--outdir", folder, file],
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    )
    made = folder / f"{file.stem}.{to.partition(':')[0]}"
    assert made.exists(), f"LibreOffice cannot open {file.name}: {told.stdout}{told.stderr}"
    return made


def browse(address: str, folder: Path, *words: str) -> str:
    """What a browser prints for a page; `words` say what, such as --dump-dom."""
    told = subprocess.run(
        [program("chromium"), *_QUIET, f"--user-data-dir={folder / 'browser'}", *words, address],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return told.stdout
