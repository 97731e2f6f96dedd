"""Files that are not what they claim to be: one clear error with its rule, in bounded time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from etl.errors import UnreadableFile
from etl.parsing import read
from etl.parsing.formats import xls
from etl.parsing.formats.child_process import ProcessLimits
from tests.unit.parsing.reading_cost import cost_in_reports
from tests.unit.parsing.rendering import CATALOGUE, RENDERERS, docx_of, long_phu, to_docx, to_xlsx

MAX_REPORTS = 1_000  # no file costs as much as reading so many real reports; the costliest here costs about 150
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rule_for(name: str, content: bytes) -> str:
    with cost_in_reports() as cost, pytest.raises(UnreadableFile) as caught:
        read(name, content, CATALOGUE)
    assert cost[0] < MAX_REPORTS
    assert caught.value.hint
    return caught.value.rule


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


@pytest.mark.parametrize("file_format", sorted(RENDERERS))
def test_an_empty_file_is_damaged(file_format: str) -> None:
    assert rule_for(f"report.{file_format}", b"") == "file_damaged"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_zip_file_is_damaged(share: float) -> None:
    for name, content in (("a.docx", to_docx(long_phu())), ("a.xlsx", to_xlsx(long_phu()))):
        assert rule_for(name, content[: int(len(content) * share)]) == "file_damaged"


def test_a_wrong_extension_is_reported() -> None:
    assert rule_for("report.xlsx", to_docx(long_phu())) == "file_type_unknown"
    assert rule_for("report.docx", to_xlsx(long_phu())) == "file_type_unknown"
    assert rule_for("report.txt", to_docx(long_phu())) == "file_type_unknown"
    assert rule_for("report.docx", b"%PDF-1.7") == "file_type_unknown"
    assert rule_for("report.exe", b"MZ") == "file_name_unknown"
    assert rule_for("report.txt", bytes(1000)) == "file_type_unknown"


def test_a_password_is_reported() -> None:
    assert rule_for("report.docx", OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le")) == "file_encrypted"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = archive(word__document_xml=b"<a>" + b" " * (300 * 2**20) + b"</a>")
    assert len(bomb) < 2**20
    assert rule_for("report.docx", bomb) == "file_too_large"


def test_entities_are_not_resolved(tmp_path: object) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    external = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
    for part in (bomb, external):
        assert rule_for("report.docx", archive(word__document_xml=part)) == "file_damaged"
        assert rule_for("report.xlsx", archive(xl__workbook_xml=part)) == "file_damaged"


def test_deep_nesting_is_refused() -> None:
    assert rule_for("report.docx", archive(word__document_xml=b"<a>" * 100_000 + b"</a>" * 100_000)) == "file_damaged"


def test_tables_nested_as_deeply_as_xml_allows_are_read() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60
    assert rule_for("report.docx", docx_of(body)) == "appendix_missing"


def test_a_million_rows_are_too_many() -> None:
    rows = b"<row><c><v>1</v></c></row>" * 1_000_000
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows
    buffer = io.BytesIO(to_xlsx(long_phu()))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("xl/worksheets/sheet1.xml", sheet + b"</sheetData></worksheet>")
    assert rule_for("report.xlsx", buffer.getvalue()) == "file_too_large"


def test_a_report_without_an_appendix_says_which_columns_are_needed() -> None:
    with pytest.raises(UnreadableFile, match="chỉ tiêu thống kê") as caught:
        read("report.txt", "Báo cáo quý I năm 2021".encode(), CATALOGUE)
    assert caught.value.rule == "appendix_missing"


def test_an_appendix_of_too_many_rows_is_refused() -> None:
    row = "\tSố nhiệm vụ được giao trong kế hoạch\tNhiệm vụ\t1\t\n"
    header = "STT\tChỉ tiêu thống kê\tĐơn vị tính\tSố lượng/Tỷ lệ\tGhi chú\n"
    assert rule_for("report.txt", (header + row * 100_000).encode()) == "file_too_large"


def test_a_legacy_workbook_that_never_ends_is_stopped() -> None:
    """A sector that follows itself keeps xlrd reading forever; its process is stopped by its time or memory limit."""
    content = bytearray((Path(__file__).parent / "files" / "long_phu.xls").read_bytes())
    table = 512 * (1 + int.from_bytes(content[76:80], "little"))
    directory = int.from_bytes(content[48:52], "little")
    content[table + 4 * directory : table + 4 * directory + 4] = directory.to_bytes(4, "little")
    with pytest.raises(UnreadableFile) as caught:
        xls.read(bytes(content), ProcessLimits(seconds=2, megabytes=2_048))
    assert caught.value.rule == "file_damaged"


def test_a_truncated_legacy_workbook_is_damaged() -> None:
    content = (Path(__file__).parent / "files" / "long_phu.xls").read_bytes()
    assert rule_for("report.xls", content[: len(content) // 2]) == "file_damaged"
