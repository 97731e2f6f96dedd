"""All file formats: extensions, detection by content, the module that reads each, and limits of its child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from etl.errors import UnreadableFile
from etl.parsing.formats.child_process import ProcessLimits
from etl.parsing.formats.container import MAX_FILE_BYTES, Container, damaged, encrypted, too_large
from etl.parsing.formats.grid import Document

Source = bytes | Container
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format. Its module in this package has `read(source)`, or `read(source, limits)` if there are limits.

    `signature` recognises the content: the name of a part of a zip file, or a check of other files. Of several formats
    that match, the first one counts.
    """

    name: str
    extensions: tuple[str, ...]
    signature: str | Callable[[bytes], bool]
    module: str
    limits: ProcessLimits | None = None

    def matches(self, source: Source) -> bool:
        if isinstance(source, Container):
            return isinstance(self.signature, str) and self.signature in source
        return callable(self.signature) and self.signature(source)


def _is_ole(content: bytes) -> bool:
    return content.startswith(_OLE)


def _is_legacy_word(content: bytes) -> bool:
    return _is_ole(content) and "WordDocument".encode("utf-16-le") in content


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]  # its header may follow other bytes


def _is_text(content: bytes) -> bool:
    return not content.startswith((_OLE, b"{\\rtf", b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8"))


def _is_json(content: bytes) -> bool:
    return _is_text(content) and content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


FILE_FORMATS = (
    FileFormat("docx", (".docx", ".docm"), "word/document.xml", "docx"),
    FileFormat("xlsx", (".xlsx", ".xlsm"), "xl/workbook.xml", "xlsx"),
    FileFormat("ods", (".ods",), "content.xml", "ods"),
    FileFormat("doc", (".doc",), _is_legacy_word, "doc", ProcessLimits(seconds=60, megabytes=4_096)),
    FileFormat("xls", (".xls",), _is_ole, "xls", ProcessLimits(seconds=15, megabytes=2_048)),
    FileFormat("pdf", (".pdf",), _is_pdf, "pdf", ProcessLimits(seconds=30, megabytes=2_048)),
    FileFormat("json", (".json",), _is_json, "json_file"),
    FileFormat("txt", (".txt", ".tsv", ".md"), _is_text, "text_file"),
)


def _wrong_type(rule: str, message: str, expected: str) -> UnreadableFile:
    return UnreadableFile(rule, message, "Save the report as .docx or .xlsx and send it again", expected)


def open_document(file_name: str, content: bytes) -> Document:
    """The grids and lines of a file. Raises UnreadableFile if its content does not match its extension."""
    name, extension = PurePath(file_name).name, PurePath(file_name).suffix.lower()
    if len(content) > MAX_FILE_BYTES:
        raise too_large(f"{name} has {len(content) // 2**20} MB")
    by_extension = {suffix: file_format for file_format in FILE_FORMATS for suffix in file_format.extensions}
    file_format = by_extension.get(extension)
    if file_format is None:
        expected = ", ".join(sorted(by_extension))
        raise _wrong_type("file_name_unknown", f"The extension of {name} is not one of {expected}", expected)
    if not content:
        raise damaged(f"{name} is empty")
    if _is_ole(content) and "EncryptedPackage".encode("utf-16-le") in content:
        raise encrypted()
    source = Container(content) if content.startswith(b"PK") else content
    actual = next((candidate.name for candidate in FILE_FORMATS if candidate.matches(source)), None)
    # JSON may be sent as text: it is read line by line.
    if actual != file_format.name and (actual, file_format.name) != ("json", "txt"):
        raise _wrong_type("file_type_unknown", f"The content of {name} is not {extension}", extension)
    reader = import_module(f"etl.parsing.formats.{file_format.module}")
    document: Document = reader.read(source, file_format.limits) if file_format.limits else reader.read(source)
    return document
