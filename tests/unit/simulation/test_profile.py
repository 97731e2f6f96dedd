"""An invalid profile is refused with its location; a draw depends only on the name and the period of its quantity."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from etl import periods
from etl.errors import CatalogueError
from etl.simulation.profile import Quantity, load_profile
from etl.simulation.quantities import Quantities, quarters_of

HEADER = "quantity,over,generator,base,low,high,decimals,blank_share,note_when,note\n"


def profile(tmp_path: Path, *lines: str) -> dict[str, Quantity]:
    path = tmp_path / "profile.csv"
    path.write_text(HEADER + "\n".join(lines), encoding="utf-8")
    return dict(load_profile(tmp_path))


def drawn(lines: dict[str, Quantity], period: str, seed: int = 1) -> Quantities:
    return Quantities(lines, seed, "941", periods.parse(period), 10)


@pytest.mark.parametrize(
    ("lines", "location"),
    [
        (["a,slice,guess,,1,2,0,,,"], "profile.csv:2"),
        (["a,month,range,,1,2,0,,,"], "profile.csv:2"),
        (["a,slice,range,b,1,2,0,,,"], "'b'"),
        (["w,window,sum,s,,,0,,,", "s,slice,range,w,1,2,0,,,"], "'w'"),
    ],
)
def test_an_invalid_line_is_refused_with_its_location(tmp_path: Path, lines: list[str], location: str):
    with pytest.raises(CatalogueError, match=location):
        profile(tmp_path, *lines)


def test_a_quarter_has_the_same_value_in_every_window(tmp_path: Path):
    lines = profile(tmp_path, "a,slice,range,,100,900,0,,,")
    first, half, third, year = (drawn(lines, f"2021-{term}").of_window("a") for term in ("Q1", "H1", "Q3", "FY"))
    second, fourth = (drawn(lines, f"2021-{term}").of_window("a") for term in ("Q2", "Q4"))
    assert half == first + second
    assert year == half + third + fourth


def test_a_new_line_does_not_change_the_other_draws(tmp_path: Path):
    line = "a,slice,range,,0,1000000,0,,,"
    alone = drawn(profile(tmp_path, line), "2021-FY").of_window("a")
    assert drawn(profile(tmp_path, "b,year,range,,1,9,0,,,", line), "2021-FY").of_window("a") == alone


def test_a_share_is_between_zero_and_its_base(tmp_path: Path):
    lines = profile(tmp_path, "b,year,range,,10,20,0,,,", "more,year,share,b,2,3,0,,,", "less,year,share,b,-3,-2,0,,,")
    values = drawn(lines, "2021-Q1")
    assert values.of_window("more") == values.of_window("b")
    assert values.of_window("less") == 0


def test_a_quantity_that_depends_on_a_blank_is_blank(tmp_path: Path):
    values = drawn(profile(tmp_path, "b,year,range,,1,9,0,1,,", "a,year,share,b,0,1,0,,,note {b}"), "2021-Q1")
    assert (values.value("b"), values.value("a"), values.note("a")) == ("", "", "")


def test_a_rate_has_two_decimals_and_is_zero_over_a_zero_denominator(tmp_path: Path):
    lines = profile(
        tmp_path, "n,year,fixed,,1,,0,,,", "d,year,fixed,,3,,0,,,", "z,year,fixed,,0,,0,,,",
        "r,year,rate,n d,,,2,,,", "q,year,rate,n z,,,2,,,",
    )  # fmt: skip
    values = drawn(lines, "2021-Q1")
    assert (values.of_window("r"), values.of_window("q")) == (Decimal("33.33"), 0)


def test_a_window_consists_of_its_quarters():
    assert [part.term for part in quarters_of(periods.parse("2021-9M"))] == ["Q1", "Q2", "Q3"]
    assert [part.term for part in quarters_of(periods.parse("2021-Q3"))] == ["Q3"]
