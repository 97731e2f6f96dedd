"""Whatever a clerk writes, in whatever file format: the same facts, no wrong value, each with its cell."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.decimals import format_decimal
from etl.observations import ReportContent, ValueStatus
from etl.parsing import read
from tests.fuzz.checking import Figures, check
from tests.unit.parsing.file_formats import FILE_FORMATS
from tests.unit.parsing.rendering import CATALOGUE, FORM, RENDERERS, Line, Report, long_phu, real_lines, to_txt
from tests.unit.parsing.value_notations import (
    NOTATIONS,
    UNDECIDED,
    UNPRINTABLE,
    WITH_NUMBERS,
    ReportCase,
    cases,
    compare,
    grouped,
)

QUICK = ["docx", "xlsx", "ods", "txt", "md", "aligned", "json"]  # read without a child process
CASES = cases(11)


@pytest.mark.parametrize("file_format", FILE_FORMATS)
@pytest.mark.parametrize("name", CASES)
def test_no_value_is_wrong_and_few_are_undecided(name: str, file_format: str) -> None:
    if (name, file_format) in UNPRINTABLE:
        return
    written = FILE_FORMATS[file_format]
    outcome = compare(read(written.file_name, written.write(CASES[name].report), CATALOGUE), CASES[name].truth)
    assert outcome.wrong == []
    assert outcome.undecided <= 0.05 * len(CASES[name].truth)


@pytest.mark.parametrize("file_format", WITH_NUMBERS)
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.is_plain])
def test_stored_numbers_are_read_exactly(name: str, file_format: str) -> None:
    written = WITH_NUMBERS[file_format]
    outcome = compare(read(written.file_name, written.write(CASES[name].report), CATALOGUE), CASES[name].truth)
    assert (outcome.wrong, outcome.undecided) == ([], 0)


def test_the_comparison_finds_wrong_undecided_and_lost_values() -> None:
    case: ReportCase = CASES["plain digits"]
    content = read("a.txt", to_txt(case.report), CATALOGUE)
    right = compare(content, case.truth)
    assert (right.undecided, right.wrong) == (0, [])
    code = next(code for code, value in case.truth.items() if value)
    rows = tuple(row._replace(value=Decimal(1234567)) if row.indicator_code == code else row for row in content.rows)
    assert len(compare(replace(content, rows=rows), case.truth).wrong) == 1
    lost = tuple(
        row._replace(value=None, status=ValueStatus.BLANK) if row.indicator_code == code else row
        for row in content.rows
    )
    assert len(compare(replace(content, rows=lost), case.truth).wrong) == 1
    open_rows = tuple(
        row._replace(value=None, status=ValueStatus.UNDECIDABLE) if row.indicator_code == code else row
        for row in content.rows
    )
    assert compare(replace(content, rows=open_rows), case.truth).undecided == 1
    assert len(compare(content, {**case.truth, code: UNDECIDED}).wrong) == 1


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Long Phú's rows with other figures, ways to write, order of columns, page breaks and form of Unicode."""
    source = random.Random(draw(st.integers(0, 10**6)))
    notation = draw(st.sampled_from(sorted(NOTATIONS)))
    form = draw(st.sampled_from(["NFC", "NFD"]))
    rate = draw(st.floats(0, 1))
    lines = []
    for row, line in zip(FORM.rows, real_lines(), strict=True):
        value, note = line.value, line.note
        if row.is_asked and row.indicator.kind != "text" and source.random() < rate:
            figure = "1" if row.indicator.kind == "code_list" else f"{source.randrange(101)}"
            value, note = NOTATIONS[notation](row, figure, source)[0], ""
        texts = (unicodedata.normalize(form, text) for text in (line.label, line.unit, value, note))
        lines.append(Line(line.item, *texts))
    headers = draw(st.sampled_from([long_phu().headers, (("STT", "Nội dung", "ĐVT", "Số lượng", "Ghi chú"),)]))
    order = (0, 1, 2, 3, 4) if len(headers) > 1 else draw(st.permutations(range(5)))
    breaks = draw(st.frozensets(st.integers(1, 180), max_size=12))
    return long_phu(lines=tuple(lines), headers=headers, order=tuple(order), breaks=breaks)


def facts(content: ReportContent) -> list[tuple[str, ...]]:
    rows = [
        (
            row.reform_area,
            row.item,
            row.indicator_code,
            row.label,
            row.unit,
            format_decimal(row.value),
            row.note,
            row.status,
        )
        for row in content.rows
    ]
    return [tuple(unicodedata.normalize("NFC", " ".join(text.split())) for text in row) for row in rows]


@settings(max_examples=25, deadline=None)
@given(reports(), st.sampled_from(["docx", "xlsx", "ods", "json"]))
def test_every_file_format_gives_the_same_facts(report: Report, file_format: str) -> None:
    written = FILE_FORMATS[file_format]
    assert facts(read(written.file_name, written.write(report), CATALOGUE)) == facts(
        read("a.txt", to_txt(report), CATALOGUE)
    )


@settings(max_examples=25, deadline=None)
@given(reports(), st.sampled_from(QUICK))
def test_every_location_leads_to_its_raw_text(report: Report, file_format: str) -> None:
    written = FILE_FORMATS[file_format]
    figures: Figures = check(file_format, written.file_name, written.write(report))
    assert figures.wrong == []
    assert figures.ends["read"] == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(1_000, 10**9), st.sampled_from(sorted(RENDERERS)), st.sampled_from(",."))
def test_a_grouped_count_is_never_another_number(number: int, file_format: str, mark: str) -> None:
    lines = [
        replace(line, value=grouped(str(number), mark, "")) if line.value == "24" else line for line in real_lines()
    ]
    content = read(f"a.{file_format}", RENDERERS[file_format](long_phu(lines=tuple(lines))), CATALOGUE)
    row = next(row for row in content.rows if row.indicator_code == "plan_tasks_assigned")
    assert row.value in (number, None)
    assert row.value is not None or row.status == "undecidable"
