"""The example drive agrees with its plan, and building it again gives the same files."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from etl.observations import SIMULATION_MARK
from etl.simulation.examples import EXAMPLES, build, read_plan
from tests.unit.simulation.test_render import CONTACT, text_of

DRIVE = EXAMPLES / "drive" / read_plan()["period"]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build(tmp_path_factory.mktemp("drive"))


def parts(content: bytes) -> object:
    """The content of a file; for an office file its uncompressed parts, because zlib versions compress differently."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(entry.filename, entry.date_time, archive.read(entry)) for entry in archive.infolist()]


def test_building_again_gives_the_files_in_the_repository(rebuilt: list[Path]):
    assert [path.name for path in rebuilt] == sorted(path.name for path in DRIVE.iterdir())
    for path in rebuilt:
        assert parts(path.read_bytes()) == parts((DRIVE / path.name).read_bytes()), path.name


def test_building_twice_gives_the_same_bytes(rebuilt: list[Path], tmp_path: Path):
    assert [path.read_bytes() for path in build(tmp_path)] == [path.read_bytes() for path in rebuilt]


def test_one_district_is_real_in_two_file_formats_and_ten_are_simulated():
    marked = {path.name: SIMULATION_MARK in text_of(path.read_bytes(), path.suffix[1:]) for path in DRIVE.iterdir()}
    assert sorted(name for name, is_simulated in marked.items() if not is_simulated) == [
        "946_long-phu_2021-Q1.docx",
        "946_long-phu_2021-Q1.xlsx",
    ]
    assert sum(marked.values()) == 10


def test_no_example_holds_a_phone_number_or_an_address():
    for path in DRIVE.iterdir():
        assert CONTACT.findall(text_of(path.read_bytes(), path.suffix[1:])) == [], path.name


def test_the_examples_stay_small():
    assert sum(path.stat().st_size for path in EXAMPLES.rglob("*") if path.is_file()) < 1_000_000


def test_the_readme_names_every_file_and_every_defect():
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\d{3}_[a-z-]+_2021-Q1\.\w+", readme)) == {path.name for path in DRIVE.iterdir()}
    defects = {name for entry in read_plan()["simulated"]["districts"].values() for name in entry.get("defects", ())}
    assert all(f"`{name}`" in readme for name in defects)
