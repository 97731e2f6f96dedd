"""Zip containers and XML parts of untrusted files: bounded sizes, no entities, no network."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from lxml import etree

from etl.errors import UnreadableFile

MAX_FILE_BYTES = 100 * 2**20
# Of an unpacked part, a text or a JSON file. The largest real report has less than a tenth of any of these.
MAX_PART_BYTES = 16 * 2**20
MAX_MARKS = 1_000_000  # XML tags or JSON values: parsed, each takes a hundred times its bytes
MAX_MEMBERS = 10_000
_ENCRYPTED_FLAG = 0x1
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def damaged(message: str) -> UnreadableFile:
    return UnreadableFile("file_damaged", message, "Open the original, save it and send it again")


def too_large(message: str) -> UnreadableFile:
    return UnreadableFile("file_too_large", message, "Remove pictures and unneeded sheets and send it again")


def encrypted() -> UnreadableFile:
    return UnreadableFile(
        "file_encrypted", "The file is protected by a password", "Remove the password and send it again"
    )


def check_sheet_names(names: Sequence[str]) -> None:
    """Raise UnreadableFile if two sheets share a name: a location would mean two cells."""
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise damaged(f"Two sheets are named {repeated!r}")


class Container:
    """A zip file whose parts are read one at a time, each within MAX_PART_BYTES whatever its directory declares."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _ZIP_ERRORS as error:
            raise damaged("The file is not a complete zip container") from error
        self._members = {info.filename: info for info in self._zip.infolist()}
        if len(self._members) > MAX_MEMBERS:
            raise too_large(f"The file has {len(self._members)} parts")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableFile if it is missing, damaged, encrypted or too large."""
        info = self._members.get(name)
        if info is None:
            raise damaged(f"The part {name} is missing")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise encrypted()
        try:
            with self._zip.open(info) as part:
                data = part.read(MAX_PART_BYTES + 1) if info.file_size <= MAX_PART_BYTES else None
        except _ZIP_ERRORS as error:
            raise damaged(f"The part {name} cannot be unpacked") from error
        if data is None or len(data) > MAX_PART_BYTES:
            raise too_large(f"The part {name} unpacks to more than {MAX_PART_BYTES // 2**20} MB")
        return data

    def xml(self, name: str) -> Any:
        """The root element of an XML part. Parts with a document type declaration (entities) are refused."""
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
            raise damaged(f"The part {name} is not valid XML") from error
        if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
            raise damaged(f"The part {name} declares a document type")
        return root
