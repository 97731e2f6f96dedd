"""The files of a reply and their content."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from etl.errors import UsageError
from etl.observations import SIMULATION_MARK
from etl.reports import ReplyFile, reply
from etl.reports.wording import OUTCOMES
from tests.needs import needs, program
from tests.programs import convert
from tests.unit.reports.factories import finding, submission
from tests.unit.reports.test_word import as_bytes, commented, report


def docx() -> bytes:
    return as_bytes(report()[0])


def text_of(file: ReplyFile) -> str:
    """Return the text of a Word file in document order, including tables."""
    document = Document(io.BytesIO(file.content))
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in document.element.body.iter("{*}p"))


def test_a_rejected_report_is_returned_with_comments_and_a_cover_page() -> None:
    findings = [finding("info"), finding("warning", "table[1]/row[3]/col[1]", message_vi="Kiểm tra lại."), finding()]
    cover, returned = reply(submission(), findings, docx())
    assert (cover.name, returned.name) == ("8_phieu-tra-loi.docx", "8_946_2021-Q1_co-ghi-chu.docx")
    assert commented(returned.content) == {
        "t1 r2 c2": "Lỗi nghiêm trọng. Ô bảng 1, dòng 2, cột 2: ghi 413, cần 412.",
        "t1 r3 c1": "Cảnh báo. Kiểm tra lại.",
    }
    assert (cover.holds_original, returned.holds_original) == (False, True)


def test_the_cover_page_answers_what_a_clerk_asks() -> None:
    findings = [finding("warning", message_vi="Câu thứ hai."), finding(message_vi="Câu thứ nhất."), finding("info")]
    text = text_of(reply(submission(), findings, docx())[0])
    for expected in (
        "UBND huyện Long Phú",
        "quý I năm 2021",
        "CHƯA CHẤP NHẬN, TRẢ LẠI ĐỂ SỬA",
        "56/BC-UBND, ký ngày 18/3/2021",
        "09 giờ 05 ngày 18/3/2021 (đúng hạn)",
        "hết ngày 18/3/2021",
        "Sửa 1 lỗi nghiêm trọng nêu ở mục 2 (đánh số 1).",
        "bảng 1, dòng 2, cột 2",
        "8_946_2021-Q1_co-ghi-chu.docx",
    ):
        assert expected in text
    assert text.index("Câu thứ nhất.") < text.index("Câu thứ hai."), "the most severe comes first"
    assert SIMULATION_MARK not in text


def test_a_report_accepted_by_manual_decision_is_not_called_rejected() -> None:
    text = text_of(reply(submission(status="accepted_with_warnings"), [finding()], docx())[0])
    assert "CHẤP NHẬN THEO QUYẾT ĐỊNH CỦA SỞ NỘI VỤ" in text
    assert "gửi bản thay thế" in text


def test_misprints_of_the_form_are_left_out() -> None:
    (page,) = reply(submission(status="accepted"), [finding("info", rule_code="unit_misprinted")], docx())
    assert "Ô bảng 1" not in text_of(page)
    (page,) = reply(submission(status="accepted"), [finding("info", rule_code="rate_without_base")], docx())
    assert "Ô bảng 1" in text_of(page)


def test_a_reply_to_simulated_figures_is_marked() -> None:
    assert SIMULATION_MARK in text_of(reply(submission(is_simulated=True), [finding()], docx())[0])


def test_without_anything_to_fix_the_reply_is_only_a_cover_page() -> None:
    files = reply(submission(status="accepted"), [finding("info", message_vi="Để biết.")], docx())
    assert [file.name for file in files] == ["8_phieu-tra-loi.docx"]
    text = text_of(files[0])
    assert "Không phải gửi lại" in text
    assert "Để biết." in text
    assert "Cách gửi lại" not in text


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b"van ban"), ("a.pdf", b"%PDF-1.7"), ("a.docx", b"broken"), ("a.xlsx", b"PK\x03\x04"), ("a", b"")],
)
def test_a_file_that_cannot_be_annotated_gets_a_list_of_findings(name: str, content: bytes) -> None:
    _, listed = reply(submission(file_name=name), [finding(), finding("warning", "line[4]/col[4]")], content)
    assert listed.name == "8_danh-muc-can-sua.xlsx"
    sheet = load_workbook(io.BytesIO(listed.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert rows[0][:6] == [
        1,
        "Lỗi nghiêm trọng",
        "bảng 1, dòng 2, cột 2",
        "Tổng số TTHC đang có hiệu lực",
        "413",
        "412",
    ]
    assert rows[1][1:3] == ["Cảnh báo", "dòng 4, cột 4"]


def test_findings_without_a_matching_cell_are_returned_as_a_list() -> None:
    _, listed = reply(submission(), [finding(location=""), finding(location="table[7]/row[1]/col[1]")], docx())
    assert listed.name.endswith(".xlsx")


def test_text_from_a_district_never_becomes_a_formula() -> None:
    formula = '=HYPERLINK("http://x","y")'
    _, listed = reply(submission(file_name="a.txt"), [finding(found=formula, expected="+1", message_vi="@a\x01")], b"")
    sheet = load_workbook(io.BytesIO(listed.content)).worksheets[0]
    assert [(sheet.cell(6, column).value, sheet.cell(6, column).data_type) for column in (5, 6, 7)] == [
        (formula, "s"),
        ("+1", "s"),
        ("@a\ufffd", "s"),
    ]


@pytest.mark.parametrize("name", ["../../a.docx", "C:\\a\\b.docx", "a\nb?.docx", "ộ" * 200 + ".docx", "báo cáo.docx"])
def test_a_file_name_cannot_escape_the_folder(name: str) -> None:
    _, returned = reply(submission(file_name=name), [finding()], docx())
    assert Path(returned.name).name == returned.name
    assert len(returned.name.encode()) < 255
    assert returned.name.startswith("8_")
    assert returned.name.endswith("_co-ghi-chu.docx")
    assert returned.name.isprintable()


@pytest.mark.parametrize("suffix", ["docm", "DOCX"])
def test_other_suffixes_of_word_files_are_annotated_too(suffix: str) -> None:
    _, returned = reply(submission(file_name=f"a.{suffix}"), [finding()], docx())
    assert returned.name == f"8_a_co-ghi-chu.{suffix}"


def test_the_same_submission_gives_the_same_bytes() -> None:
    content, findings = docx(), [finding(), finding("warning")]
    for name in ("a.docx", "a.txt"):
        case = submission(file_name=name)
        assert reply(case, findings, content) == reply(case, findings, content)


@pytest.mark.parametrize("status", ["received", "parsed"])
def test_a_submission_that_is_not_validated_gets_no_reply(status: str) -> None:
    with pytest.raises(UsageError, match="not validated yet"):
        reply(submission(status=status), [], b"")


@pytest.mark.parametrize("status", [*OUTCOMES, "duplicate", "superseded", "withdrawn"])
def test_every_other_status_has_a_cover_page(status: str) -> None:
    missing: dict[str, Any] = {"district_name": None, "period_name": None, "due_at": None, "is_timely": None}
    case = submission(status=status, status_name="Trùng với bản đã nộp", signed_on=None, document_no="", **missing)
    text = text_of(reply(case, [], b"")[0])
    assert "Đơn vị gửi báo cáo" in text
    assert "None" not in text
    assert (OUTCOMES[status].title if status in OUTCOMES else "TRÙNG VỚI BẢN ĐÃ NỘP") in text


def test_a_late_report_learns_how_timeliness_is_counted() -> None:
    text = text_of(reply(submission(is_timely=False), [finding()], docx())[0])
    assert "(quá hạn)" in text
    assert "tính theo ngày nhận bản báo cáo được chấp nhận" in text


def test_a_workbook_is_returned_with_notes() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Phụ lục"
    sheet["D7"] = 413
    out = io.BytesIO()
    book.save(out)
    _, returned = reply(submission(file_name="a.xlsx"), [finding(location="Phụ lục!D7")], out.getvalue())
    note = load_workbook(io.BytesIO(returned.content))["Phụ lục"]["D7"].comment
    assert note is not None
    assert "ghi 413, cần 412." in note.text


@needs("soffice", "pdftotext")
def test_libreoffice_prints_the_cover_page_and_the_list(tmp_path: Path) -> None:
    cover, listed = reply(submission(file_name="a.txt"), [finding() for _ in range(90)], b"")
    for file in (cover, listed):
        (tmp_path / file.name).write_bytes(file.content)
        printed = convert(tmp_path / file.name, "pdf", tmp_path)
        result = subprocess.run(
            [program("pdftotext"), "-layout", printed, "-"], check=True, capture_output=True, text=True
        )
        assert "huyện Long Phú" in result.stdout
        assert result.stdout.count("Lỗi nghiêm") >= 90
        pages = result.stdout.split("\f")[:-1]
        assert len(pages) > 1
        assert all("Mức độ" in page for page in pages[:2]), "the heading of the table is repeated on its next page"
