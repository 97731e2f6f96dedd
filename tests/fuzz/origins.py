"""The undamaged reports that are mutated: every file format, with numbers, statuses, merges and notes of every kind."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.unit.parsing.file_formats import FILE_FORMATS, to_xls
from tests.unit.parsing.pdf_writer import to_pdf
from tests.unit.parsing.rendering import Line, Report, long_phu, real_lines, saved, workbook

FILES = Path(__file__).parents[1] / "unit" / "parsing" / "formats" / "files"
# Texts of value cells in real and odd reports, and what an attacker could write there.
VALUES = (
    *(
        "0",
        "7",
        "012",
        "1.234",
        "2,574",
        "1,349",
        "62.15",
        "34,62",
        "12/12",
        "31 /",
        "85%",
        "1 234",
        "２５",
        "1\u202f234",
    ),
    *("", "-", "x", "có", "Không", "Chưa thực hiện", "không phát sinh", "…", "Văn bản số ...", "5 Tin, bài", "1e5"),
    *(
        "-3",
        "−3",
        "0,5",
        "1.234.567,89",
        "1,234,567.89",
        "100.000",
        "1/0",
        "NaN",
        "inf",
        "9" * 45,
        "٣٤",
        "²",
        "½",
        "<i>8</i>",
    ),
    *(
        "**9**",
        "&amp;",
        "=1+1",
        "0x10",
        "1_000",
        "12/2021",
        "0912 345 678",
        "a@b.vn",
        "\u200b4",
        "1\u00a0000",
        "+6",
        "6.",
    ),
)
NOTES = (
    "",
    "",
    "",
    "Cấp xã không có lĩnh vực xây dựng",
    "1.378/1.378 hồ sơ",
    "Văn bản số ...",
    "2574",
    "dòng 1\ndòng 2",
)


@dataclass(frozen=True)
class Origin:
    """An undamaged report: its file name and bytes."""

    name: str
    content: bytes


def _short(source: random.Random) -> Report:
    """Three areas of the appendix, quick to read but long enough to be recognised, with other values and notes."""
    lines = real_lines()
    starts = [place for place, line in enumerate(lines) if line.item.isalpha()] + [len(lines)]
    kept = sorted(source.sample(range(len(starts) - 1), 3))
    chosen = [line for area in kept for line in lines[starts[area] : starts[area + 1]]]
    return long_phu(
        lines=tuple(_changed(source, line) for line in chosen), breaks=frozenset({source.randrange(5, len(chosen))})
    )


def _changed(source: random.Random, line: Line) -> Line:
    if source.random() < 0.3:
        line = replace(line, value=source.choice(VALUES))
    return replace(line, note=source.choice(NOTES)) if source.random() < 0.1 else line


def _xlsx(source: random.Random, report: Report) -> bytes:
    """A workbook with formulas, percentages, merged cells, comments and a hidden sheet."""
    from openpyxl.comments import Comment

    book = workbook(report, numbers=source.random() < 0.7)
    sheet = book.active
    assert sheet is not None
    for row in source.sample(range(12, sheet.max_row), 6):
        cell = sheet.cell(row, 4)
        kind = source.randrange(4)
        if kind == 0:
            cell.value, cell.number_format = round(source.random(), 4), "0.00%"
        elif kind == 1:
            cell.value = f"=D{row - 1}+1"
        elif kind == 2:
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=4, end_column=4)
        else:
            cell.comment = Comment("xem lại", "người kiểm tra")
    book.create_sheet("Bìa", 0)
    hidden = book.create_sheet("Cũ")
    hidden.append(["STT", "Chỉ tiêu", "Số lượng"])
    hidden.sheet_state = "hidden"
    return saved(book)


@cache
def origin(file_format: str, number: int) -> Origin:
    """The origin of a file format with this number; the same number gives the same file."""
    source = random.Random(f"{file_format} {number}")
    if file_format in ("ods", "xls") and number == 0:
        return Origin(f"report.{file_format}", (FILES / f"long_phu.{file_format}").read_bytes())
    report = _short(source)
    if file_format == "xlsx":
        return Origin("report.xlsx", _xlsx(source, report))
    if file_format == "xls":
        return Origin("report.xls", to_xls(report, numbers=True))
    if file_format == "pdf":
        return Origin("report.pdf", to_pdf(report, ruled=source.random() < 0.7))
    written = FILE_FORMATS[file_format]
    return Origin(written.file_name, written.write(report))
