"""The head: district, period, number, date."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from etl.observations import DocumentHead, ReportContent
from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, HEAD, TITLE, long_phu, to_txt


def read_head(head: tuple[str, ...] = HEAD, title: tuple[str, ...] = TITLE) -> ReportContent:
    return read("report.txt", to_txt(long_phu(head=head, title=title)), CATALOGUE)


def titled(text: str) -> DocumentHead:
    return read_head(head=(), title=("PHỤ LỤC", text)).head


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CỦA ỦY BAN NHÂN DÂN HUYỆN LONG PHÚ", "946"),
        ("của Uỷ ban nhân dân huyện Cù Lao Dung", "945"),
        ("UBND thị xã Vĩnh Châu", "950"),
        ("UBND TX. Ngã Năm", "948"),
        ("UBND TP. Sóc Trăng, tỉnh Sóc Trăng", "941"),
        ("UBND H. Kế Sách", "943"),
        (unicodedata.normalize("NFD", "ỦY BAN NHÂN DÂN HUYỆN TRẦN ĐỀ"), "951"),
        ("UBND tỉnh Sóc Trăng", ""),
        ("UBND thị trấn Long Phú", ""),
        ("UBND huyện Phú Long", ""),
    ],
)
def test_the_district_is_found_by_its_full_name(text: str, code: str) -> None:
    assert titled(text).district_code == code


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("UBND huyện Phú Long", "huyện Phú Long"),
        ("CỦA ỦY BAN NHÂN DÂN THỊ TRẤN LONG PHÚ QUÝ I NĂM 2021", "THỊ TRẤN LONG PHÚ"),
        ("UBND tỉnh Sóc Trăng", "tỉnh Sóc Trăng"),
        ("UBND TX. Ngã Sáu, quý I năm 2021", "TX. Ngã Sáu"),
        ("số liệu cấp huyện quý I năm 2021", ""),
        ("UBND huyện", ""),
        ("của Uỷ ban nhân dân huyện Cù Lao Dung", ""),
    ],
)
def test_an_unknown_unit_is_reported_as_printed(text: str, unit: str) -> None:
    assert titled(text).unknown_unit == unit


def test_a_signature_is_not_a_unit() -> None:
    """Names of people are not read: in running text only a line that begins with the committee names a unit."""
    head = read_head(
        head=("CHỦ TỊCH UBND huyện Phú Long", "UBND HUYỆN PHÚ LONG"), title=("PHỤ LỤC", "quý I năm 2021")
    ).head
    assert head.unknown_unit == "HUYỆN PHÚ LONG"
    head = read_head(head=("Đại diện huyện Phú Long",), title=("PHỤ LỤC", "quý I năm 2021")).head
    assert head.unknown_unit == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("QUÝ I NĂM 2021", "2021-Q1"),
        ("quý 1/2021", "2021-Q1"),
        ("6 tháng đầu năm 2021", "2021-H1"),
        ("06 THÁNG ĐẦU NĂM 2021", "2021-H1"),
        ("Quý III năm 2022", "2022-Q3"),
        ("Quý III/2022", "2022-Q3"),
        ("9 tháng năm 2021", "2021-9M"),
        ("NĂM 2021", "2021-FY"),
        ("cả năm 2021", "2021-FY"),
        ("quý II năm 2021", "2021-Q2"),
        ("6 tháng cuối năm 2021", ""),
        ("Kèm theo Báo cáo ngày 18 tháng 3 năm 2021", ""),
        ("tháng 3 năm 2021", ""),
        ("quý V năm 2021", ""),
    ],
)
def test_the_period_is_found_in_the_title(text: str, code: str) -> None:
    assert titled(text).period_code == code


@pytest.mark.parametrize(
    ("text", "number"),
    [("Số: 56/BC-UBND", "56/BC-UBND"), ("Số: 31  /BC-UBND", "31/BC-UBND"), ("Số:    /BC-UBND", ""), ("56/KH-UBND", "")],
)
def test_only_numbers_of_reports_are_document_numbers(text: str, number: str) -> None:
    assert read_head(head=(text,), title=("PHỤ LỤC", "QUÝ I NĂM 2021")).head.document_no == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Long Phú, ngày 18 tháng 3 năm 2021", date(2021, 3, 18)),
        ("Long Phú, ngày 18/3/2021", date(2021, 3, 18)),
        ("Long Phú, ngày 31 tháng 02 năm 2021", None),
        ("Long Phú, ngày    tháng 3 năm 2021", None),
        ("Căn cứ Công văn số 380/SNV-CCHC ngày 02/3/2021 của Giám đốc Sở Nội vụ", None),
    ],
)
def test_the_date_is_that_of_the_signature(text: str, day: date | None) -> None:
    assert read_head(head=(text,), title=("PHỤ LỤC", "QUÝ I NĂM 2021")).head.signed_on == day


def test_the_appendix_overrides_the_report() -> None:
    content = read_head(head=("ỦY BAN NHÂN DÂN HUYỆN KẾ SÁCH", "Báo cáo công tác cải cách hành chính năm 2020"))
    assert (content.head.district_code, content.head.period_code) == ("946", "2021-Q1")
    assert [(f.rule_code, f.found, f.expected) for f in content.findings] == [
        ("head_disagrees", "943", "946"),
        ("head_disagrees", "2020-FY", "2021-Q1"),
    ]


PERIOD = "kết quả công tác cải cách hành chính quý I năm 2021"


@pytest.mark.parametrize(
    "line",
    [
        f"BÁO CÁO BỔ SUNG {PERIOD}",
        f"Báo cáo (đính chính) {PERIOD}",
        f"Bổ sung {PERIOD}",
        "(Đính chính Báo cáo số 56/BC-UBND ngày 18/3/2021)",
        "V/v bổ sung số liệu cải cách hành chính quý I năm 2021",
    ],
)
def test_a_partial_report_is_recognised_by_its_title(line: str) -> None:
    assert read_head(head=(*HEAD[:3], line)).head.is_partial


def test_a_partial_report_is_recognised_by_the_title_of_its_appendix() -> None:
    assert read_head(title=("PHỤ LỤC ĐÍNH CHÍNH", *TITLE[1:])).head.is_partial


@pytest.mark.parametrize(
    "line",
    [
        f"BÁO CÁO {PERIOD}",
        "Báo cáo kết quả sửa đổi, bổ sung văn bản quy phạm pháp luật quý I năm 2021",
        "Ủy ban nhân dân huyện đã ban hành kế hoạch bổ sung biên chế",
    ],
)
def test_other_uses_of_the_words_do_not_make_a_report_partial(line: str) -> None:
    assert not read_head(head=(*HEAD[:3], line)).head.is_partial


def test_a_list_before_an_untitled_appendix_is_not_its_title() -> None:
    assert not read_head(
        head=(*HEAD, *["Đoạn văn"] * 12), title=("- Bổ sung kinh phí", "QUÝ I NĂM 2021")
    ).head.is_partial


def test_communes_report_since_districts_were_abolished() -> None:
    assert titled("ỦY BAN NHÂN DÂN XÃ LONG PHÚ, quý III năm 2025").district_code == "31639"


def test_a_commune_of_2025_is_not_the_sender_of_a_report_of_2021() -> None:
    content = read_head(head=("Tại xã Long Phú, huyện Long Phú", *HEAD))
    assert content.head.district_code == "946"
    assert not [finding for finding in content.findings if finding.rule_code == "head_disagrees"]
