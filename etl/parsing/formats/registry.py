"""Which file format a file is, told by its content and checked against its name."""

from __future__ import annotations

from pathlib import PurePath

from etl.errors import UnreadableFile
from etl.parsing.formats.container import MAX_FILE_BYTES, Container, too_large
from etl.parsing.formats.grid import Document

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM = "WordDocument".encode("utf-16-le")
# The part of a zip file that only one file format has.
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "content.xml": "ods"}
_PDF_HEAD = 1024  # bytes among which a PDF says that it is one
# The file format that a file's name promises.
_FILE_FORMATS = {
    ".docx": "docx",
    ".docm": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".pdf": "pdf",
    ".doc": "doc",
    ".ods": "ods",
    ".txt": "txt",
    ".tsv": "txt",
    ".md": "txt",
    ".json": "json",
}


def _wrong_type(rule: str, what: str, expected: str) -> UnreadableFile:
    return UnreadableFile(rule, what, "Save the report as .docx or .xlsx and send it again", expected)


def _file_format(name: str, content: bytes) -> tuple[str, Container | None]:
    """The file format by the content alone, with the container of those that are zip files."""
    if content.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in content:
            raise UnreadableFile(
                "file_encrypted", f"{name} is protected by a password", "Remove the password and send it again"
            )
        return "doc" if _WORD_STREAM in content else "xls", None
    if content.startswith(b"PK"):
        container = Container(content)
        return next((file_format for part, file_format in _PARTS.items() if part in container), "zip"), container
    return _plain_file_format(content), None


def _plain_file_format(content: bytes) -> str:
    if b"%PDF-" in content[:_PDF_HEAD]:
        return "pdf"
    if content.startswith((b"{\\rtf", b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8")):
        return "other"
    return "json" if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "txt"


def open_document(file_name: str, content: bytes) -> Document:
    """The grids and lines of a file. Raises UnreadableFile where its content is not what its name says."""
    name = PurePath(file_name).name
    suffix = PurePath(file_name).suffix.lower()
    promised = _FILE_FORMATS.get(suffix)
    if len(content) > MAX_FILE_BYTES:
        raise too_large(f"{name} has {len(content) // 2**20} MB")
    if promised is None:
        expected = ", ".join(sorted(_FILE_FORMATS))
        raise _wrong_type("file_name_unknown", f"The name {name} ends in none of {expected}", expected)
    if not content:
        raise UnreadableFile("file_damaged", f"{name} is empty", "Send the report again")
    file_format, container = _file_format(name, content)
    if file_format != promised and not (promised == "txt" and file_format == "json"):
        raise _wrong_type("file_type_unknown", f"The content of {name} is not {suffix}", suffix)
    return _open_zip(promised, container) if container is not None else _open_plain(promised, content)


def _open_zip(file_format: str, container: Container) -> Document:
    if file_format == "docx":
        from etl.parsing.formats.docx import read_docx

        return read_docx(container)
    if file_format == "ods":
        from etl.parsing.formats.ods import read_ods

        return read_ods(container)
    from etl.parsing.formats.xlsx import read_xlsx

    return read_xlsx(container)


def _open_plain(file_format: str, content: bytes) -> Document:
    if file_format == "json":
        from etl.parsing.formats.json_file import read_json

        return read_json(content)
    if file_format == "xls":
        from etl.parsing.formats.xls import read_xls

        return read_xls(content)
    if file_format == "doc":
        from etl.parsing.formats.doc import read_doc

        return read_doc(content)
    if file_format == "pdf":
        from etl.parsing.formats.pdf import read_pdf

        return read_pdf(content)
    from etl.parsing.formats.text_file import read_text

    return read_text(content)
