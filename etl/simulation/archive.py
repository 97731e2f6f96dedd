"""Removes times and authors from office files, so that equal reports have equal bytes and one sha256."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

# The earliest time that a ZIP archive can store.
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - office files store a time without a zone
_CORE = "docProps/core.xml"
_THUMBNAIL = "docProps/thumbnail.jpeg"
_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    f'<dcterms:created xsi:type="dcterms:W3CDTF">{EPOCH:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
    f'<dcterms:modified xsi:type="dcterms:W3CDTF">{EPOCH:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>'
    "</cp:coreProperties>"
)


def remove_metadata(content: bytes) -> bytes:
    """Return an office file with fixed times, no author and no preview picture, its parts in the same order."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            if name == _THUMBNAIL:
                continue
            data = _CORE_XML.encode() if name == _CORE else source.read(name)
            if name == "_rels/.rels":
                data = _remove_thumbnail(data)
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.external_attr = 0o600 << 16
            target.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=9)
    return result.getvalue()


def _remove_thumbnail(relations: bytes) -> bytes:
    from lxml import etree

    root = etree.fromstring(relations)
    for relation in root:
        if relation.get("Target", "").endswith(_THUMBNAIL):
            root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
