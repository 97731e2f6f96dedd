"""Opens zip containers and XML parts without trusting them: bounded sizes, no entities, no network."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from lxml import etree

from etl.errors import UnreadableFile

MAX_FILE_BYTES = 100 * 2**20
# Of an unpacked part, a text or JSON file. The largest real report has less than a tenth of any of these.
MAX_PART_BYTES = 16 * 2**20
MAX_MARKS = 1_000_000  # tags of XML, values of JSON: each takes a hundred times its bytes once it is read
MAX_MEMBERS = 10_000
_ENCRYPTED_FLAG = 0x1


def damaged(what: str) -> UnreadableFile:
    return UnreadableFile("file_damaged", what, "Open the original, save it and send it again")


def too_large(what: str) -> UnreadableFile:
    return UnreadableFile("file_too_large", what, "Remove pictures and unneeded sheets and send it again")


def check_names(sheets: Sequence[str]) -> None:
    """Raises UnreadableFile where two sheets of a workbook have one name: an address would mean two cells."""
    twice = next((name for name in sheets if sheets.count(name) > 1), None)
    if twice is not None:
        raise damaged(f"Two sheets are named {twice!r}")


class Container:
    """A zip file whose parts are read one by one, each within MAX_PART_BYTES whatever its directory says."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise damaged("The file is no whole zip container") from error
        self._members = {info.filename: info for info in self._zip.infolist()}
        if len(self._members) > MAX_MEMBERS:
            raise too_large(f"The file holds {len(self._members)} parts")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableFile where it is missing, damaged, encrypted or too large."""
        info = self._members.get(name)
        if info is None:
            raise damaged(f"The part {name} is missing")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise UnreadableFile("file_encrypted", "The file is protected by a password", "Remove the password")
        if info.file_size > MAX_PART_BYTES:
            raise too_large(f"A part of the file unpacks to {info.file_size // 2**20} MB")
        try:
            with self._zip.open(info) as part:
                data = part.read(MAX_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise damaged(f"The part {name} cannot be unpacked") from error
        if len(data) > MAX_PART_BYTES:
            raise too_large(f"A part of the file unpacks to more than {MAX_PART_BYTES // 2**20} MB")
        return data

    def xml(self, name: str) -> Any:
        """The root element of an XML part; a part with a document type (entities) is refused."""
        data = self.read(name)
        if data.count(b"<") > MAX_MARKS:
            raise too_large(f"The part {name} has more than {MAX_MARKS} tags")
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise damaged(f"The part {name} is no XML") from error
        if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
            raise damaged(f"The part {name} declares a document type")
        return root
