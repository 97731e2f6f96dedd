"""The figures of a real report become the rows of an appendix; an error names its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from etl.errors import CatalogueError, UsageError
from etl.simulation import read_figures
from tests.unit.simulation.factories import CATALOGUE, FIGURES, real_report


def test_the_real_report_has_101_numbers_and_one_text_in_181_rows():
    values = [row.value for row in real_report().rows]
    assert len(values) == 181
    assert sum(isinstance(value, Decimal) for value in values) == 101
    assert [value for value in values if isinstance(value, str) and value] == ["Chưa thực hiện"]


def test_labels_and_units_come_from_the_form():
    appendix = real_report()
    assert [(row.label, row.unit) for row in appendix.rows] == [(row.label, row.unit) for row in appendix.form.rows]


def test_a_blank_is_not_a_zero():
    assert real_report().value_of("inspected_departments") == ""
    assert real_report().value_of("legal_documents_issued") == 0


@pytest.mark.parametrize(
    ("lines", "location"),
    [
        (["ordinal,label,unit,value"], ":1"),
        (["ordinal,label,unit,value,note", "182,x,,1,"], ":2"),
        (["ordinal,label,unit,value,note", "1,x,,1,"], "1 rows"),
    ],
)
def test_figures_that_do_not_fit_the_form_are_refused_with_their_location(
    tmp_path: Path, lines: list[str], location: str
):
    path = tmp_path / "figures.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogueError, match=location):
        read_figures(path, CATALOGUE, real_report().head)


def test_the_figures_file_has_a_line_for_every_row_of_the_form():
    assert len(FIGURES.read_text(encoding="utf-8").splitlines()) >= 182


def test_an_indicator_that_the_form_lacks_cannot_be_changed():
    with pytest.raises(UsageError, match="no_such_row"):
        real_report().with_value("no_such_row", "")
