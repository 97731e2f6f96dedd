"""The figures of the prose: value and location, and the evidence that they give for ambiguous cells."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from etl.catalogue.loader import SHIPPED
from etl.decimals import format_decimal
from etl.observations import ReportContent
from etl.parsing import read
from etl.parsing.formats.grid import TextLine
from etl.parsing.values.narrative_figures import NarrativeReader
from tests.unit.parsing.rendering import CATALOGUE, HEAD, RENDERERS, long_phu, with_values

READER = NarrativeReader(CATALOGUE.narrative, "…")
with (SHIPPED / "narrative.csv").open(encoding="utf-8", newline="") as _file:
    PATTERNS = list(csv.DictReader(_file))
# Sentences in the manner of reports, written for this test; the figures are the public ones of Long Phú.
PROSE = (
    "- Kết quả giải quyết hồ sơ:",
    "+ Cấp huyện:",
    "Tổng số hồ sơ tiếp nhận là 2.574 hồ sơ, trong đó số hồ sơ tiếp nhận mới trong kỳ 1.798 hồ sơ.",
    "Số lượng hồ sơ đã giải quyết 1.378 hồ sơ (1.366 hồ sơ trước hạn, 12 hồ sơ đúng hạn).",
    "+ Cấp xã:",
    "Tổng số hồ sơ tiếp nhận là 11.374 hồ sơ.",
    "2.3. Tổ chức bộ máy",
    "Tổng số hồ sơ tiếp nhận là 999 hồ sơ.",
)


def figures(*lines: str) -> list[tuple[str, str]]:
    found = READER.read([TextLine(text, f"line[{number}]") for number, text in enumerate(lines, start=1)])
    return [(figure.indicator_code, format_decimal(figure.value)) for figure in found]


@pytest.mark.parametrize("row", PATTERNS, ids=[f"{row['indicator_code']} {row['figure']}" for row in PATTERNS])
def test_every_pattern_reads_its_example(row: dict[str, str]) -> None:
    heading = [f"+ {row['within']}:"] if row["within"] else []
    name = row["indicator_code"] + (f".{row['figure']}" if row["figure"] else "")
    assert (name, row["value"]) in figures(*heading, *row["example"].split("\n"))


@pytest.mark.parametrize("row", [row for row in PATTERNS if row["within"]], ids=lambda row: row["pattern"])
def test_a_pattern_within_a_heading_needs_the_heading(row: dict[str, str]) -> None:
    name = row["indicator_code"] + (f".{row['figure']}" if row["figure"] else "")
    assert name not in dict(figures(row["example"]))


def test_a_heading_applies_until_the_next_one() -> None:
    assert figures(*PROSE) == [
        ("dossiers_received_district", "2574"),
        ("dossiers_received_district.newly_received", "1798"),
        ("dossiers_resolved_district", "1378"),
        ("dossiers_resolved_district.early", "1366"),
        ("dossiers_resolved_district.on_time", "12"),
        ("dossiers_received_commune", "11374"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "theo Kế hoạch số 92/KH-UBND ngày 08/11/2018",
        "có 296/855 hồ sơ đất đai được tiếp nhận, chiếm 34,62%",
        "tổng số 12/3/2021 nhiệm vụ của kế hoạch CCHC",
        "khảo sát 0912 345 678 phiếu khảo sát",
    ],
)
def test_dates_document_numbers_and_phones_are_not_figures(text: str) -> None:
    assert figures(text) == []


def test_a_list_with_wrapped_lines_is_not_counted() -> None:
    opening = "Đơn vị ban hành các văn bản như:"
    assert figures(opening, "- Kế hoạch số 6/KH;", "- Công văn số 7/UB.") == [("steering_documents_issued", "2")]
    assert figures(opening, "- Kế hoạch số 6/KH về", "việc cải cách;", "- Công văn số 7/UB.") == []


def read_in(file_format: str, head: tuple[str, ...]) -> ReportContent:
    return read(f"report.{file_format}", RENDERERS[file_format](long_phu(head=head)), CATALOGUE)


@pytest.mark.parametrize("file_format", ["txt", "json"])
def test_a_figure_has_the_location_of_its_line(file_format: str) -> None:
    content = read_in(file_format, (*HEAD, *PROSE))
    assert len(content.narrative) == 6
    first = content.narrative[0]
    assert (first.value, first.raw_value) == (2574, "2.574")
    assert first.location == {"txt": "line[8]", "json": "/head/7"}[file_format]


def test_the_prose_decides_an_ambiguous_number() -> None:
    """A count of whole thousands, in a column with both notations."""
    report = with_values({"documents_sent": "4,000", "documents_sent_electronic_pct": "62,15"})
    prose = "Toàn địa bàn phát hành 4.000 văn bản đi."
    for head, expected in (
        (HEAD, ("undecidable", None, "open")),
        ((*HEAD, prose, "tỷ lệ hài lòng đạt 98,5%"), ("reported", 4000, "en narrative")),
    ):
        content = read("report.txt", RENDERERS["txt"](long_phu(lines=report.lines, head=head)), CATALOGUE)
        row = next(row for row in content.rows if row.indicator_code == "documents_sent")
        assert (row.status, row.value, row.decision) == expected


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("(số liệu từ ngày 15/12/2020 đến ngày 14/3/2021)", (date(2020, 12, 15), date(2021, 3, 14))),
        ("Số liệu báo cáo tính từ ngày 15/12/2020 đến hết ngày 14/03/2021.", (date(2020, 12, 15), date(2021, 3, 14))),
        ("Kỳ báo cáo: từ 01/12 đến 28/02/2021", (date(2020, 12, 1), date(2021, 2, 28))),
        ("số liệu từ ngày 21/7/2021 - 20/8/2021", (date(2021, 7, 21), date(2021, 8, 20))),
        (
            "số liệu từ ngày 15 tháng 12 năm 2020 đến ngày 14 tháng 3 năm 2021",
            (date(2020, 12, 15), date(2021, 3, 14)),
        ),
        ("Số liệu đến ngày 14/3/2021", (None, date(2021, 3, 14))),
        ("Lớp tập huấn từ ngày 01/3/2021 đến ngày 05/3/2021", (None, None)),
        ("số liệu từ ngày 15/12/2021 đến ngày 14/3/2021", (None, None)),
        ("số liệu từ ngày 31/02/2021 đến ngày 14/3/2021", (None, None)),
    ],
)
def test_the_declared_window_is_read(text: str, window: tuple[date | None, date | None]) -> None:
    head = read_in("txt", (*HEAD, text)).head
    assert (head.window_starts_on, head.window_ends_on) == window
