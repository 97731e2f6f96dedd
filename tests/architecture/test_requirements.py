"""requirements.txt, requirements-dev.txt and requirements.lock pin the same versions."""

from __future__ import annotations

import re

import pytest

from etl.settings import PROJECT_ROOT

_PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)[ ]*(;[^\\\n]*)?", re.MULTILINE)


def read_pins(name: str) -> set[tuple[str, str, str]]:
    """Package, version and marker of each line."""
    text = (PROJECT_ROOT / name).read_text(encoding="utf-8")
    return {(package, version, marker.strip()) for package, version, marker in _PIN.findall(text)}


def test_the_lock_file_pins_what_the_runtime_requirements_pin() -> None:
    assert read_pins("requirements.lock") == read_pins("requirements.txt")


def test_the_development_requirements_contain_the_runtime_requirements() -> None:
    runtime, development = (
        {(package, version) for package, version, _ in read_pins(name)}
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert runtime - development == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements.lock"])
def test_every_requirement_is_pinned_and_names_no_package_index(name: str) -> None:
    lines = (PROJECT_ROOT / name).read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if not re.match(r"[a-z0-9._-]+==|\s+--hash=sha256:", line)]
    assert others == []


def test_the_lock_file_has_hashes_for_every_requirement() -> None:
    entries = re.split(r"\n(?=\S)", (PROJECT_ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
