"""Phone numbers and e-mail addresses are masked wherever they are."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.parsing import read
from tests.unit.parsing.rendering import CATALOGUE, RENDERERS, Line, docx_of, docx_table, long_phu, real_lines, to_txt

SUBSCRIBERS = st.from_regex(re.compile(r"[1-9][0-9]{8}"), fullmatch=True)
MARKS = st.sampled_from(["", " ", ".", "-"])


@st.composite
def phones(draw: st.DrawFn) -> str:
    digits, mark = draw(SUBSCRIBERS), draw(MARKS)
    start = draw(st.sampled_from(["0", "+84", "+84 ", "(0"]))
    return f"{start}{digits[:2]}{')' if start == '(0' else ''}{mark}{digits[2:5]}{mark}{digits[5:]}"


EMAILS = st.builds(
    lambda name, host: f"{name}@{host}.gov.vn",
    st.from_regex(re.compile(r"[a-z]{2,8}(\.[a-z]{2,8})?"), fullmatch=True),
    st.from_regex(re.compile(r"[a-z]{3,9}"), fullmatch=True),
)


def digits_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


@settings(max_examples=30, deadline=None)
@given(phones(), EMAILS, st.sampled_from(sorted(RENDERERS)), st.sampled_from(["label", "unit", "value", "note"]))
def test_contacts_are_masked_in_every_field(phone: str, email: str, file_format: str, field: str) -> None:
    lines = list(real_lines())
    lines[3] = dataclasses.replace(lines[3], **{field: f"liên hệ {phone}, {email}"})
    lines[5] = dataclasses.replace(lines[5], value=phone)
    lines[8:8] = [Line("", f"Người nhận {email}", "Người", "1", f"ĐT {phone}")]
    head = (*long_phu().head, f"Họ và tên\tChức vụ\t{phone} {email}")
    content = read("report." + file_format, RENDERERS[file_format](long_phu(lines=tuple(lines), head=head)), CATALOGUE)
    text = repr(dataclasses.asdict(content))
    assert email not in text
    assert phone not in text
    assert digits_of(phone)[-9:] not in re.sub(r"[\s.()-]", "", text)
    assert len(content.rows) == 175


@pytest.mark.parametrize(
    "note", ["Kế hoạch số 06/KH-UBND ngày 22/01/2021", "1.378/1.378 hồ sơ", "Quyết định 1672/QĐ-UBND"]
)
def test_a_note_without_contacts_is_unchanged(note: str) -> None:
    lines = list(real_lines())
    lines[3] = dataclasses.replace(lines[3], note=note)
    content = read("report.txt", RENDERERS["txt"](long_phu(lines=tuple(lines))), CATALOGUE)
    assert note in [row.note for row in content.rows]


CONTACTS = [
    ("STT", "Họ và tên", "Chức vụ", "Email/điện thoại"),
    ("1", "Đặng Thị Thử", "Trưởng phòng huyện Kế Sách", "x"),
]


@settings(max_examples=15, deadline=None)
@given(phones(), EMAILS, st.sampled_from(sorted(RENDERERS)))
def test_contacts_in_prose_and_contact_tables_are_dropped(phone: str, email: str, file_format: str) -> None:
    prose = (f"Tổng số {phone} nhiệm vụ của kế hoạch CCHC", f"bằng {phone} phiếu khảo sát, liên hệ {email}")
    table = tuple("\t".join((*row[:3], f"{email} {phone}")) for row in CONTACTS)
    report = long_phu(head=(*long_phu().head, *prose, *table))
    content = read("report." + file_format, RENDERERS[file_format](report), CATALOGUE)
    text = repr(dataclasses.asdict(content))
    assert email not in text
    assert digits_of(phone)[-9:] not in re.sub(r"[\s.()-]", "", text)
    assert len(content.rows) == 174


@pytest.mark.parametrize("file_format", ["txt", "docx", "json"])
def test_the_contact_table_is_skipped(file_format: str) -> None:
    """It names another district and must not be read."""
    report = long_phu(head=("Số: 56/BC-UBND",), title=("PHỤ LỤC", "QUÝ I NĂM 2021"))
    if file_format == "txt":
        content = "\n".join("\t".join(row) for row in CONTACTS).encode() + b"\n\n" + to_txt(report)
    elif file_format == "docx":
        inner = report.title, report.table()
        content = docx_of(docx_table(CONTACTS) + "".join(map(paragraph, inner[0])) + docx_table(inner[1]))
    else:
        document = {"head": list(report.title), "contacts": CONTACTS, "tables": [{"rows": report.table()}]}
        content = json.dumps(document, ensure_ascii=False).encode()
    found = read("report." + file_format, content, CATALOGUE)
    assert found.head.district_code == ""
    assert found.head.period_code == "2021-Q1"
    assert len(found.rows) == 174


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
