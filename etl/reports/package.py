"""An Office file (docx, xlsx) as its zip of parts: some are changed or added, all others stay byte for byte.

python-docx and openpyxl write only what they know and would lose charts, macros or pictures; this loses nothing.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Any

from lxml import etree

from etl.errors import CchcError

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAX_BYTES = 256 * 2**20
_NEW_PART_DATE = (1980, 1, 1, 0, 0, 0)


class NotAnnotatable(CchcError):
    """Nothing can be written into this file: the sender gets a list of the findings in its place."""


class Package:
    """The parts of an Office file. Raises NotAnnotatable for what is damaged, encrypted, too large or no XML."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise NotAnnotatable("The file is no whole zip container") from error
        self._members = {info.filename: info for info in self._zip.infolist()}
        if sum(info.file_size for info in self._members.values()) > MAX_BYTES:
            raise NotAnnotatable("The file unpacks to too much")
        self._changed: dict[str, bytes] = {}
        self._roots: dict[str, Any] = {}
        self._as_read: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._members or name in self._changed or name in self._roots

    def read(self, name: str) -> bytes:
        """The bytes of a part as it came."""
        if name in self._changed:
            return self._changed[name]
        try:
            return self._zip.read(self._members[name])
        except KeyError as error:
            raise NotAnnotatable(f"The part {name} is missing") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise NotAnnotatable(f"The part {name} cannot be unpacked") from error

    def write(self, name: str, content: bytes) -> None:
        self._changed[name] = content

    def xml(self, name: str) -> Any:
        """The root of an XML part; what is changed in it is written at the end."""
        if name not in self._roots:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            try:
                root = etree.fromstring(self.read(name), parser)
            except (etree.XMLSyntaxError, ValueError) as error:
                raise NotAnnotatable(f"The part {name} is no XML") from error
            if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
                raise NotAnnotatable(f"The part {name} declares a document type")
            self._roots[name] = root
            self._as_read[name] = etree.tostring(root)
        return self._roots[name]

    def new_xml(self, name: str, root: Any) -> Any:
        """Adds an XML part."""
        self._roots[name] = root
        return root

    def free_name(self, pattern: str) -> str:
        """The first part name of a pattern such as "xl/comments{}.xml" that is not taken, whatever its case."""
        taken = {name.lower() for name in (*self._members, *self._changed, *self._roots)}
        return next(name for number in range(1, 100_000) if (name := pattern.format(number)).lower() not in taken)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target part of the relations of a part, by their id; none that leads out of the file."""
        name, folder = _relations_name(part), posixpath.dirname(part)
        if name not in self:
            return {}
        return {
            each.get("Id", ""): (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/" + folder, each.get("Target", "")))[1:],
            )
            for each in self.xml(name).iter(f"{_RELATION}Relationship")
            if each.get("TargetMode") != "External"
        }

    def related(self, part: str, kind: str) -> str | None:
        """The part that `part` is related to as `kind`, such as comments."""
        return next((target for known, target in self.relations(part).values() if known == kind), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relation and returns its id."""
        name = _relations_name(part)
        if name not in self:
            self.new_xml(name, root_of(f"{_RELATION}Relationships"))
        root = self.xml(name)
        taken = {each.get("Id") for each in root}
        identity = next(each for number in range(1, 100_000) if (each := f"rId{number}") not in taken)
        etree.SubElement(
            root, f"{_RELATION}Relationship", {"Id": identity, "Type": _KINDS + kind, "Target": "/" + target}
        )
        return identity

    def declare(self, part: str, content_type: str) -> None:
        """Says what a new part is."""
        etree.SubElement(
            self.xml(CONTENT_TYPES), f"{_TYPES}Override", {"PartName": "/" + part, "ContentType": content_type}
        )

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Says what parts with this extension are, unless that is said."""
        root = self.xml(CONTENT_TYPES)
        if all(each.get("Extension", "").lower() != extension for each in root.iter(f"{_TYPES}Default")):
            root.insert(0, etree.Element(f"{_TYPES}Default", {"Extension": extension, "ContentType": content_type}))

    def to_bytes(self) -> bytes:
        """The file: the parts in their order with their own dates, then the new ones. Same parts, same bytes."""
        for name, root in self._roots.items():
            if etree.tostring(root) == self._as_read.get(name):
                continue
            tree = root.getroottree()
            self._changed[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, info in self._members.items():
                kept = zipfile.ZipInfo(name, info.date_time)
                kept.compress_type, kept.external_attr = info.compress_type, info.external_attr
                target.writestr(kept, self.read(name))
            for name in (name for name in self._changed if name not in self._members):
                added = zipfile.ZipInfo(name, _NEW_PART_DATE)
                added.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(added, self._changed[name])
        return out.getvalue()


def root_of(tag: str) -> Any:
    """A root element whose namespace is the default one."""
    space: Any = {None: tag[1:].partition("}")[0]}
    return etree.Element(tag, nsmap=space)


def _relations_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def same_bytes(content: bytes, changes: dict[str, bytes] | None = None) -> bytes:
    """A file that a library wrote, without the clock in its zip entries; `changes` replaces whole parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            entry = zipfile.ZipInfo(info.filename, _NEW_PART_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, (changes or {}).get(info.filename) or source.read(info))
    return out.getvalue()
