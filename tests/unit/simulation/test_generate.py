"""simulate() writes the requested districts, file formats and defects, and a catalogue of simulated districts."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl import catalogue, periods
from etl.catalogue import load_catalogue
from etl.errors import UsageError
from etl.simulation import OVERLAY_FOLDER, load_defects, plant, simulate
from etl.simulation.profile import load_profile
from tests.unit.simulation.factories import CATALOGUE, numbers, simulated_report


def test_every_asked_row_of_the_form_has_a_profile():
    forms = CATALOGUE.forms.values()
    asked = {row.indicator.indicator_code for form in forms for row in form.asked_rows}
    assert asked <= set(load_profile())


def test_every_public_line_of_the_profile_is_an_indicator():
    assert {name for name in load_profile() if not name.startswith("_")} <= set(CATALOGUE.indicators)


def test_the_same_seed_gives_the_same_files(tmp_path: Path):
    first, second = (simulate("2021-Q1", 4, 5, tmp_path / name, ["txt", "json"], CATALOGUE) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_another_seed_gives_other_figures():
    assert numbers(simulated_report(1)) != numbers(simulated_report(2))


def test_file_formats_alternate_and_file_names_are_ascii(tmp_path: Path):
    paths = simulate("2021-Q1", 4, 1, tmp_path, ["txt", "json"], CATALOGUE)
    assert [path.name for path in paths] == [
        "941_soc-trang_2021-Q1.txt",
        "942_chau-thanh_2021-Q1.json",
        "943_ke-sach_2021-Q1.txt",
        "944_my-tu_2021-Q1.json",
    ]
    assert {path.parent for path in paths} == {tmp_path / "2021-Q1"}


def test_eleven_districts_need_no_overlay(tmp_path: Path):
    simulate("2021-Q1", 11, 1, tmp_path, ["txt"], CATALOGUE)
    assert not (tmp_path / OVERLAY_FOLDER).exists()


def test_districts_beyond_the_catalogue_come_with_an_overlay(tmp_path: Path):
    simulate("2021-Q1", 14, 1, tmp_path, ["txt"], CATALOGUE)
    overlaid = load_catalogue(tmp_path / OVERLAY_FOLDER)
    new = set(overlaid.districts) - set(CATALOGUE.districts)
    assert len(new) == 3
    assert all("simulated" in overlaid.district(code).source for code in new)
    assert len(overlaid.expected_districts(periods.parse("2021-Q1"))) == 14


def test_the_overlays_of_several_periods_are_combined(tmp_path: Path):
    for period, districts in (("2019-Q1", 12), ("2019-H1", 13)):
        simulate(period, districts, 1, tmp_path, ["txt"], _with_form_of_2019())
    overlaid = load_catalogue(tmp_path / OVERLAY_FOLDER)
    assert {"2019-Q1", "2019-H1"} <= set(overlaid.periods)
    assert {"S0012", "S0013"} <= set(overlaid.districts)


def _with_form_of_2019() -> catalogue.Catalogue:
    from dataclasses import replace
    from datetime import date

    form = replace(CATALOGUE.form_for(periods.parse("2021-Q1")), valid_from=date(2018, 12, 15))
    return replace(CATALOGUE, forms={form.form_code: form})


def test_after_the_abolition_of_districts_all_are_simulated(tmp_path: Path):
    paths = simulate("2025-Q3", 2, 1, tmp_path, ["txt"], CATALOGUE)
    assert [path.name[:5] for path in paths] == ["S0001", "S0002"]


@pytest.mark.parametrize("name", load_defects())
def test_a_defect_changes_one_cell(name: str):
    correct = simulated_report()
    wrong = plant(correct, name)
    changed = [new.indicator_code for old, new in zip(correct.rows, wrong.rows, strict=True) if old != new]
    assert changed == [load_defects()[name].indicator_code]


def test_defects_are_planted_in_the_named_district_alone(tmp_path: Path):
    correct = simulate("2021-Q1", 3, 1, tmp_path / "correct", ["txt"], CATALOGUE)
    defects = {"942": ["sum_off_by_one", "text_in_number"]}
    wrong = simulate("2021-Q1", 3, 1, tmp_path / "wrong", ["txt"], CATALOGUE, defects)
    assert [a.read_bytes() == b.read_bytes() for a, b in zip(correct, wrong, strict=True)] == [True, False, True]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"period_code": "2021-Q2"}, "2021-Q2"),
        ({"period_code": "tomorrow"}, "tomorrow"),
        ({"districts": 0}, "0"),
        ({"districts": ["123"]}, "123"),
        ({"file_formats": ["pdf"]}, "pdf"),
        ({"file_formats": []}, "file format"),
        ({"defects": {"941": ["typo"]}}, "typo"),
        ({"defects": {"951": ["sum_off_by_one"]}}, "951"),
    ],
)
def test_an_invalid_request_is_refused_before_anything_is_written(
    tmp_path: Path, change: dict[str, object], message: str
):
    request = {"period_code": "2021-Q1", "districts": 2, "seed": 1, "out": tmp_path, "file_formats": ["txt"]}
    with pytest.raises(UsageError, match=message):
        simulate(**{**request, "catalogue": CATALOGUE, **change})
    assert list(tmp_path.iterdir()) == []
