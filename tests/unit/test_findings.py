"""Where a finding stands, in words."""

import pytest

from etl.findings import describe_location


@pytest.mark.parametrize(
    ("location", "in_words"),
    [
        ("table[3]/row[50]/col[4]", ("bảng 3, dòng 50, cột 4", "table 3, row 50, column 4")),
        ("page[7]/table[1]/row[12]/col[4]", ("trang 7, bảng 1, dòng 12, cột 4", "page 7, table 1, row 12, column 4")),
        ("line[248]/col[4]", ("dòng 248, cột 4", "line 248, column 4")),
        ("Phụ lục!D72", ("Phụ lục!D72", "Phụ lục!D72")),
        ("/tables/0/rows/36/3", ("/tables/0/rows/36/3", "/tables/0/rows/36/3")),
        ("", ("", "")),
    ],
)
def test_locations_are_described_in_words(location: str, in_words: tuple[str, str]) -> None:
    assert describe_location(location) == in_words
