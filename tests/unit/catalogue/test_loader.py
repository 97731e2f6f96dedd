"""Catalogue files: the overlay of a province over the shipped files, and errors with their location."""

from datetime import date
from pathlib import Path

import pytest

from etl import catalogue, periods
from etl.catalogue import load_catalogue, load_drive_rules
from etl.errors import CatalogueError, UsageError

PERIODS_HEADER = "period_code,due_on,deadline_source\n"


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    return tmp_path


def load_with(overlay: Path, name: str, text: str) -> catalogue.Catalogue:
    (overlay / name).parent.mkdir(exist_ok=True)
    (overlay / name).write_text(text, encoding="utf-8")
    return load_catalogue(overlay)


def test_an_overlay_replaces_rows_with_the_same_key_and_keeps_the_others(overlay: Path) -> None:
    catalogue = load_with(overlay, "periods.csv", PERIODS_HEADER + "2021-Q1,2021-03-15,letter of the province\n")
    assert catalogue.periods["2021-Q1"].due_on == date(2021, 3, 15)
    assert catalogue.periods["2021-H1"].due_on == load_catalogue().periods["2021-H1"].due_on


def test_an_unknown_column_is_an_error_with_its_location(overlay: Path) -> None:
    with pytest.raises(CatalogueError, match=r"periods\.csv:1.*colour"):
        load_with(overlay, "periods.csv", "period_code,colour\n")


def test_an_impossible_date_is_an_error_with_its_line(overlay: Path) -> None:
    with pytest.raises(CatalogueError, match=r"periods\.csv:2.*2021-02-30"):
        load_with(overlay, "periods.csv", PERIODS_HEADER + "2021-Q1,2021-02-30,\n")


def test_a_repeated_key_in_a_file_is_an_error(overlay: Path) -> None:
    line = "2021-Q1,2021-03-15,\n"
    with pytest.raises(CatalogueError, match=r"periods\.csv:3.*is in line 2 already"):
        load_with(overlay, "periods.csv", PERIODS_HEADER + line + line)


def test_an_unknown_kind_of_indicator_names_the_known_ones(overlay: Path) -> None:
    header = "indicator_code,reform_area_code,parent_code,kind,unit_code,code_list,nature,name_vi,name_en\n"
    with pytest.raises(CatalogueError, match=r"indicators\.csv:2: kind 'amount' is unknown.*count, rate"):
        load_with(overlay, "indicators.csv", header + "x,I,,amount,task,,flow,x,x\n")


def test_a_form_with_an_unknown_key_is_an_error(overlay: Path) -> None:
    with pytest.raises(CatalogueError, match=r"mine\.yml:1.*colour"):
        load_with(overlay, "forms/mine.yml", "colour: red\n")


def test_a_file_that_is_not_yaml_is_an_error_with_its_line(overlay: Path) -> None:
    with pytest.raises(CatalogueError, match=r"mine\.yml:2"):
        load_with(overlay, "forms/mine.yml", "a: 1\n  b: [\n")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="CCHC_CATALOGUE"):
        load_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize("typed", ["HUYỆN LONG PHÚ", "huyện  Long Phú", "Huyện Long Phú"])
def test_a_district_is_found_however_its_name_is_typed(typed: str) -> None:
    district = load_catalogue().district_named(typed)
    assert district is not None
    assert district.district_code == "946"


def test_a_town_of_the_same_name_is_not_the_district() -> None:
    assert load_catalogue().district_named("thị trấn Long Phú") is None


def test_no_district_reports_after_the_abolition_of_districts() -> None:
    catalogue = load_catalogue()
    assert len(catalogue.expected_districts(periods.parse("2025-H1"))) == 11
    after = catalogue.expected_districts(periods.parse("2025-Q3"))
    assert {unit.level for unit in after} == {"commune"}
    assert len(after) == 43


def test_the_form_in_force_is_found_by_period() -> None:
    assert load_catalogue().form_for(periods.parse("2021-Q1")).form_code == "snv-380-2021"
    with pytest.raises(UsageError, match="no form is in force for 2019-FY"):
        load_catalogue().form_for(periods.parse("2019-FY"))


HEADER = "district_code,name_vi,name_en,district_type,province_code,commune_count,valid_from,valid_to,source"
HEADER += ",level,unit_code\n"


def test_a_code_belongs_to_the_unit_of_that_day() -> None:
    catalogue = load_catalogue()
    counts = [catalogue.district_on("941", day) for day in (date(2024, 8, 31), date(2024, 9, 1), date(2025, 7, 1))]
    assert [unit.commune_count if unit else None for unit in counts] == [10, 9, None]


def test_a_code_may_be_reassigned_to_another_unit(overlay: Path) -> None:
    catalogue = load_with(
        overlay,
        "districts.csv",
        HEADER + "946,Huyện Cũ,Old,huyện,94,3,,2021-06-30,x,,\n946,Xã Mới,New,xã,94,0,2021-07-01,,x,commune,new\n",
    )
    old, new = catalogue.versions_of("946")
    assert (old.unit, new.unit) == ("946", "new")
    assert catalogue.district_named("xã mới", date(2021, 8, 1)) is new
    assert catalogue.district_named("xã mới", date(2021, 6, 1)) is None


def test_two_units_may_not_have_the_same_code_at_the_same_time(overlay: Path) -> None:
    with pytest.raises(CatalogueError, match=r"two rows of 946"):
        load_with(
            overlay,
            "districts.csv",
            HEADER + "946,A,A,huyện,94,3,,2021-07-01,x,,\n946,B,B,huyện,94,3,2021-07-01,,x,,\n",
        )


def test_108_communes_are_merged_into_43_of_which_three_span_two_districts() -> None:
    changes = [change for change in load_catalogue().commune_changes if change.changed_on == date(2025, 7, 1)]
    assert len(changes) == 108
    districts: dict[str, set[str]] = {}
    for change in changes:
        districts.setdefault(change.new_code, set()).add(change.district_code)
    assert len(districts) == 43
    crossing = [codes for codes in districts.values() if len(codes) > 1]
    assert sorted(map(sorted, crossing)) == [["941", "947"], ["943", "946"], ["948", "949"]]


def test_all_problems_of_a_table_are_reported_with_their_lines(overlay: Path) -> None:
    text = PERIODS_HEADER + "2021-Q9,2021-03-15,\n2021-H1,soon,\n2021-Q3\n"
    with pytest.raises(CatalogueError) as caught:
        load_with(overlay, "periods.csv", text)
    assert [problem.split(" ")[0] for problem in str(caught.value).split("; ")] == [
        *("periods.csv:2:", "periods.csv:3:", "periods.csv:4:")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {ordinal: [stt], label: [], unit: [], value: []}\n", "phrases.yml:1: columns is .* lacks note"),
        ("\nblank: 3\n", "phrases.yml:2: blank is 3: must be a valid tuple"),
        ("\n\nblanks: [x]\n", "phrases.yml:3: unknown key 'blanks'. The nearest known key is 'blank'"),
        ("period_terms: {Q1: [], Q7: []}\n", "phrases.yml:1: a key of period_terms 'Q7' is unknown"),
    ],
)
def test_invalid_phrases_are_an_error_with_their_line(overlay: Path, text: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        load_with(overlay, "phrases.yml", text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("include: ['*']\nexclude: []\ndeclared: []\n", "drives.yml:1: the key 'settle_seconds' is missing"),
        (
            "include: [3]\nexclude: []\ndeclared: []\nsettle_seconds: -1\n",
            "drives.yml:1: item 1 of include is 3: must be a valid string; "
            "drives.yml:4: settle_seconds is -1: must be greater than or equal to 0",
        ),
    ],
)
def test_invalid_drive_rules_are_an_error_with_their_line(overlay: Path, text: str, message: str) -> None:
    (overlay / "drives.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load_drive_rules(overlay)
