"""An Office file (docx, xlsx) as a zip of parts. Parts that are not changed stay identical byte for byte.

python-docx and openpyxl only write the features they support, and would drop charts, macros or pictures.
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
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class NotAnnotatable(CchcError):
    """The file cannot be changed; the sender gets a list of the findings instead."""


class Package:
    """The parts of an Office file. Raises NotAnnotatable if it is damaged, encrypted, too large or not XML."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise NotAnnotatable("The file is not a complete zip container") from error
        self._members = {info.filename: info for info in self._zip.infolist()}
        if sum(info.file_size for info in self._members.values()) > MAX_BYTES:
            raise NotAnnotatable("The unpacked file is too large")
        self._changed: dict[str, bytes] = {}
        self._roots: dict[str, Any] = {}
        self._original_xml: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._members or name in self._changed or name in self._roots

    def read(self, name: str) -> bytes:
        """Return the bytes of a part. Changes made through `xml` are not included."""
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
        """Return the root of an XML part. `to_bytes` writes the changes made to it."""
        if name not in self._roots:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            try:
                root = etree.fromstring(self.read(name), parser)
            except (etree.XMLSyntaxError, ValueError) as error:
                raise NotAnnotatable(f"The part {name} is not valid XML") from error
            if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
                raise NotAnnotatable(f"The part {name} declares a document type")
            self._roots[name] = root
            self._original_xml[name] = etree.tostring(root)
        return self._roots[name]

    def new_xml(self, name: str, root: Any) -> Any:
        """Add an XML part and return its root."""
        self._roots[name] = root
        return root

    def free_name(self, pattern: str) -> str:
        """Return the first unused part name for a pattern such as "xl/comments{}.xml", ignoring case."""
        taken = {name.lower() for name in (*self._members, *self._changed, *self._roots)}
        return next(name for number in range(1, 100_000) if (name := pattern.format(number)).lower() not in taken)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return type and target part of the relations of a part by id, without those to external targets."""
        name, folder = _relations_name(part), posixpath.dirname(part)
        if name not in self:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))[1:],
            )
            for relation in self.xml(name).iter(f"{_RELATION}Relationship")
            if relation.get("TargetMode") != "External"
        }

    def related(self, part: str, kind: str) -> str | None:
        """Return the part that `part` is related to as `kind`, such as comments; None if it is missing."""
        targets = (target for relation_kind, target in self.relations(part).values() if relation_kind == kind)
        target = next(targets, None)
        return target if target is not None and target in self else None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation and return its id."""
        name = _relations_name(part)
        if name not in self:
            self.new_xml(name, new_root(f"{_RELATION}Relationships"))
        root = self.xml(name)
        taken = {relation.get("Id") for relation in root}
        relation_id = next(name for number in range(1, 100_000) if (name := f"rId{number}") not in taken)
        attributes = {"Id": relation_id, "Type": _KINDS + kind, "Target": "/" + target}
        etree.SubElement(root, f"{_RELATION}Relationship", attributes)
        return relation_id

    def declare(self, part: str, content_type: str) -> None:
        """Declare the content type of a new part."""
        etree.SubElement(
            self.xml(CONTENT_TYPES), f"{_TYPES}Override", {"PartName": "/" + part, "ContentType": content_type}
        )

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Declare the content type of an extension, unless it is declared already."""
        root = self.xml(CONTENT_TYPES)
        if all(entry.get("Extension", "").lower() != extension for entry in root.iter(f"{_TYPES}Default")):
            root.insert(0, etree.Element(f"{_TYPES}Default", {"Extension": extension, "ContentType": content_type}))

    def to_bytes(self) -> bytes:
        """Return the file: the original parts in their order and with their dates, then the new ones."""
        for name, root in self._roots.items():
            if etree.tostring(root) == self._original_xml.get(name):
                continue
            tree = root.getroottree()
            self._changed[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, info in self._members.items():
                entry = zipfile.ZipInfo(name, info.date_time)
                entry.compress_type, entry.external_attr = info.compress_type, info.external_attr
                target.writestr(entry, self.read(name))
            for name in self._changed:
                if name not in self._members:
                    target.writestr(_new_entry(name), self._changed[name])
        return out.getvalue()


def new_root(tag: str) -> Any:
    """Return a root element with its namespace as the default namespace."""
    namespaces: Any = {None: etree.QName(tag).namespace}
    return etree.Element(tag, nsmap=namespaces)


def _new_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _relations_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def without_zip_timestamps(content: bytes, changes: dict[str, bytes] | None = None) -> bytes:
    """Set a fixed date for all zip entries, so that the same content gives the same bytes. `changes` replaces parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(_new_entry(info.filename), (changes or {}).get(info.filename) or source.read(info))
    return out.getvalue()
