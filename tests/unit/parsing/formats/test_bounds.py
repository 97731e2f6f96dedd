"""The limits of docs/reading.md: any file is refused or read within bounded CPU time and memory."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from etl.errors import UnreadableFile
from etl.parsing import read
from tests.unit.parsing.file_formats import FILE_FORMATS
from tests.unit.parsing.pdf_writer import Pdf
from tests.unit.parsing.rendering import CATALOGUE, docx_of, long_phu, to_docx, to_xlsx

MAX_REPORTS = 2_000  # no file costs as much as reading so many real reports; the costliest here costs about 600
MAX_MEGABYTES = 500
MB = 2**20
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MEASURE = """
import json, resource, sys
from pathlib import Path
from etl.errors import UnreadableFile
from etl.parsing import read
from tests.unit.parsing.reading_cost import cost_in_reports
from tests.unit.parsing.rendering import CATALOGUE
path = Path(sys.argv[1])
content = path.read_bytes()
with cost_in_reports() as cost:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        result = f"{len(read(path.name, content, CATALOGUE).rows)} rows"
    except UnreadableFile as error:
        result = error.rule
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([result, *cost, peak / 1024]))
"""


def packed(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def word(body: str) -> bytes:
    return packed({"word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"})


# File name, content and result. Each is as large as allowed, or larger.
HOSTILE = {
    "200 MB of nothing": ("a.docx", lambda: bytes(200 * MB), "file_too_large"),
    "200 MB of nothing as text": ("a.txt", lambda: bytes(200 * MB), "file_too_large"),
    "200 MB of nothing, packed": ("a.xlsx", lambda: packed({"xl/workbook.xml": bytes(200 * MB)}), "file_too_large"),
    "a part of nothing but blanks": ("a.docx", lambda: word(" " * (15 * MB)), "file_damaged"),
    "a million empty paragraphs": ("a.docx", lambda: word("<w:p/>" * 990_000), "appendix_missing"),
    "a million empty cells": (
        "a.docx",
        lambda: word(f"<w:tbl>{('<w:tr>' + '<w:tc/>' * 150 + '</w:tr>') * 6_500}</w:tbl>"),
        "appendix_missing",
    ),
    "more tags than any report": ("a.docx", lambda: word("<w:p/>" * 2_000_000), "file_too_large"),
    "a million small objects": ("a.json", lambda: b"[" + b"{}," * 490_000 + b"{}]", "appendix_missing"),
    "deep JSON": ("a.json", lambda: b"[" * 900_000, "file_damaged"),
    "ten million lines": ("a.txt", lambda: b"a\n" * (7 * MB), "file_too_large"),
    "a table of aligned lines": ("a.txt", lambda: b"a  b  c\n" * 59_000, "appendix_missing"),
    "a line of tabs": ("a.txt", lambda: b"\t" * (15 * MB), "appendix_missing"),
    "99 MB behind a PDF's head": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(99 * MB), "file_damaged"),
    "an old workbook of nothing": (
        "a.xls",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50 * MB),
        "file_damaged",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_and_memory_are_bounded(name: str, tmp_path: Path) -> None:
    file_name, content, expected = HOSTILE[name]
    path = tmp_path / file_name
    path.write_bytes(content())
    process = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    result, cost_in_reports, megabytes = json.loads(process.stdout)
    assert result == expected
    assert cost_in_reports < MAX_REPORTS
    assert megabytes < MAX_MEGABYTES


@pytest.fixture
def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("The reader opened a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("address", ["http://192.0.2.1/a.dtd", "file:///etc/hostname"])
@pytest.mark.parametrize(("name", "part"), [("a.docx", "word/document.xml"), ("a.ods", "content.xml")])
@pytest.mark.usefixtures("without_network")
def test_external_entities_are_not_opened(name: str, part: str, address: str) -> None:
    for declared in (f'<!DOCTYPE a SYSTEM "{address}">', f'<!DOCTYPE a [<!ENTITY b SYSTEM "{address}">]>'):
        with pytest.raises(UnreadableFile) as caught:
            read(
                name, packed({part: f"{declared}<a>&b;</a>" if "ENTITY" in declared else f"{declared}<a/>"}), CATALOGUE
            )
        assert caught.value.rule == "file_damaged"


@pytest.mark.usefixtures("without_network")
def test_linked_templates_and_pictures_are_not_fetched() -> None:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        ' Target="http://192.0.2.1/template.dotm" TargetMode="External"/></Relationships>'
    )
    content = _with(to_docx(long_phu()), {"word/_rels/document.xml.rels": relation})
    assert len(read("a.docx", content, CATALOGUE).rows) == 174


def _with(content: bytes, parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "macro", "content"),
    [("a.docm", "word/vbaProject.bin", to_docx(long_phu())), ("a.xlsm", "xl/vbaProject.bin", to_xlsx(long_phu()))],
)
def test_macros_are_ignored(name: str, macro: str, content: bytes) -> None:
    report = read(name, _with(content, {macro: b"\xd0\xcf\x11\xe0 Sub AutoOpen()"}), CATALOGUE)
    assert len(report.rows) == 174
    assert "AutoOpen" not in repr(report)


def test_member_names_outside_of_the_archive_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    read("a.docx", _with(to_docx(long_phu()), {"../outside.txt": "x", "/tmp/cchc-outside.txt": "x"}), CATALOGUE)
    assert [*tmp_path.rglob("*")] == [inner]
    assert not Path("/tmp/cchc-outside.txt").exists()


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.ods"])
def test_an_encrypted_part_is_reported(name: str) -> None:
    part = {"a.docx": "word/document.xml", "a.xlsx": "xl/workbook.xml", "a.ods": "content.xml"}[name]
    content = bytearray(packed({part: "<a/>"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    with pytest.raises(UnreadableFile) as caught:
        read(name, bytes(content), CATALOGUE)
    assert caught.value.rule == "file_encrypted"


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8, 0.97])
@pytest.mark.parametrize("file_format", ["docx", "xlsx", "ods", "xls", "json", "pdf"])
def test_a_truncated_file_is_damaged_or_its_rest_is_read_correctly(file_format: str, share: float) -> None:
    name, content = FILE_FORMATS[file_format].file_name, FILE_FORMATS[file_format].write(long_phu())
    values = {row.location: row.value for row in read(name, content, CATALOGUE).rows}
    try:
        report = read(name, content[: int(len(content) * share)], CATALOGUE)
    except UnreadableFile as error:
        assert error.rule in ("file_damaged", "appendix_missing")
    else:
        assert file_format == "pdf"  # PDFium rebuilds the table of objects; the values that are left are right
        assert all(values.get(row.location) == row.value for row in report.rows)


def test_a_small_file_with_many_parts_is_too_large() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read("a.docx", packed({f"{number}.xml": "" for number in range(10_001)}), CATALOGUE)
    assert caught.value.rule == "file_too_large"


def test_an_empty_document_has_no_appendix() -> None:
    for name, content in (("a.docx", docx_of("")), ("a.pdf", Pdf().saved())):
        with pytest.raises(UnreadableFile) as caught:
            read(name, content, CATALOGUE)
        assert caught.value.rule == "appendix_missing"
