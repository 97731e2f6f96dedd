"""Mutations of XML parts (as trees and as bytes), text lines, JSON, PDF operators and xls records.

A mutated tree stays well-formed, so that the reader gets far; mutated bytes show that it stops cleanly.
"""

from __future__ import annotations

import copy
import io
import json
import random
import re
import zipfile
import zlib
from typing import Any

from lxml import etree

from tests.fuzz.origins import VALUES

_NUMBERS = ("0", "1", "2", "3", "-1", "7", "250", "999999", "99999999999999999999", "", "a", "1.5", "٣")
_WORDS = (
    *VALUES,
    "STT",
    "Chỉ tiêu thống kê",
    "Đơn vị tính",
    "Số lượng/Tỷ lệ",
    "Ghi chú",
    "PHỤ LỤC",
    "I",
    "1.",
    "Họ và tên",
)
_RAW = (
    b"<",
    b">",
    b"&",
    b'"',
    b"\x00",
    b"\xff",
    b"\t",
    b"\n",
    b"|",
    b"  ",
    b"\x0c",
    b"&#0;",
    b"&x;",
    b"<!--",
    b"]]>",
    b"\r",
)
_MAX_CHANGES = 6
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _tree_step(source: random.Random, root: Any) -> None:
    """One change of a tree: an element removed, copied, moved, wrapped or renamed, or a text or attribute changed."""
    elements = [element for element in root.iter() if element is not root and isinstance(element.tag, str)]
    if not elements:
        return
    one, other = source.choice(elements), source.choice(elements)
    kind = source.randrange(8)
    if kind == 0:
        one.getparent().remove(one)
    elif kind == 1:
        one.addnext(copy.deepcopy(one))
    elif kind == 2:
        other.append(copy.deepcopy(one))
    elif kind == 3:
        one.addprevious(copy.deepcopy(other))
    elif kind == 4:
        one.tag = other.tag
    elif kind == 5:
        texts = [element for element in elements if element.text and element.text.strip()] or elements
        source.choice(texts).text = source.choice([word for word in _WORDS if word.isprintable()])
    elif kind == 6 and (attributes := [(each, name) for each in elements for name in each.attrib]):
        each, name = source.choice(attributes)
        each.set(name, source.choice((*_NUMBERS, source.choice(attributes)[0].get(name, ""))))
    else:
        wrapper = one.makeelement(other.tag, dict(other.attrib))
        one.addprevious(wrapper)
        wrapper.append(one)


def _address(sheet: Any) -> None:
    """Renumber rows and cells that were copied or moved; otherwise most workbooks would be refused."""
    last = 0
    for row in sheet.iter(f"{_SHEET}row"):
        number = row.get("r", "")
        last = int(number) if number.isdecimal() and last < int(number) < last + 50 else last + 1
        row.set("r", str(last))
        column = 0
        for cell in row.findall(f"{_SHEET}c"):
            letter = re.sub(r"\d", "", cell.get("r", ""))
            column = max(column + 1, ord(letter) - 64 if len(letter) == 1 else 0)
            cell.set("r", f"{chr(64 + column)}{last}" if column < 27 else "")


def tree(source: random.Random, part: bytes) -> bytes:
    root = etree.fromstring(part)
    for _ in range(source.randint(1, _MAX_CHANGES)):
        _tree_step(source, root)
    if root.tag == f"{_SHEET}worksheet" and source.random() < 0.7:
        _address(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def raw(source: random.Random, part: bytes) -> bytes:
    """Bytes removed, copied, moved or inserted, and digits changed."""
    data = bytearray(part)
    for _ in range(source.randint(1, _MAX_CHANGES)):
        start = source.randrange(len(data) + 1)
        end = min(start + source.choice((1, 1, 2, 8, 64, 512)), len(data))
        kind = source.randrange(5)
        if kind == 0:
            del data[start:end]
        elif kind == 1:
            data[start:start] = data[start:end]
        elif kind == 2:
            other = source.randrange(len(data) + 1)
            data[other:other] = data[start:end]
        elif kind == 3:
            data[start:start] = source.choice((*_RAW, *(word.encode() for word in _WORDS)))
        else:
            data[start:end] = re.sub(rb"\d", lambda _: b"%d" % source.randrange(10), bytes(data[start:end]))
    return bytes(data)


def archive(source: random.Random, content: bytes) -> bytes:
    """A zip file with one or two parts changed, sometimes one removed."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    heavy = [name for name in parts if re.search(r"document\.xml|content\.xml|sheet\d|sharedStrings", name)]
    names = [name for name in parts if name.endswith((".xml", ".rels")) and not name.startswith("docProps")]
    for name in dict.fromkeys(source.choice(heavy if source.random() < 0.8 else names) for _ in range(2)):
        if source.random() < 0.02:
            del parts[name]
        else:
            parts[name] = (tree if source.random() < 0.8 else raw)(source, parts[name])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return buffer.getvalue()


def lines(source: random.Random, content: bytes) -> bytes:
    """Lines removed, copied, swapped or joined, and their fields removed or changed; or bytes changed."""
    if source.random() < 0.3:
        return raw(source, content)
    rows = content.decode().split("\n")
    mark = "\t" if "\t" in content.decode() else "|" if "|" in content.decode() else "   "
    for _ in range(source.randint(1, _MAX_CHANGES)):
        place, other = source.randrange(len(rows)), source.randrange(len(rows))
        fields = rows[place].split(mark)
        kind = source.randrange(7)
        if kind == 0 and len(rows) > 1:
            del rows[place]
        elif kind == 1:
            rows.insert(other, rows[place])
        elif kind == 2:
            rows[place], rows[other] = rows[other], rows[place]
        elif kind == 3:
            rows[place] += source.choice(("", mark)) + rows[other]
        elif kind == 4:
            del fields[source.randrange(len(fields))]
            rows[place] = mark.join(fields)
        else:
            fields[source.randrange(len(fields))] = source.choice(_WORDS)
            rows[place] = mark.join(fields)
    return source.choice(("\n", "\n", "\n", "\r\n", "\r")).join(rows).encode()


def _json_step(source: random.Random, value: Any) -> None:
    """One change somewhere in a tree of lists and objects."""
    places = [value]
    for place in places:
        inner = place.values() if isinstance(place, dict) else place
        places += [part for part in inner if isinstance(part, list | dict) and part]
    place = source.choice(places)
    key = source.choice(list(place) if isinstance(place, dict) else range(len(place)))
    kind = source.randrange(5)
    if kind == 0 and len(place) > 1:
        del place[key]
    elif kind == 1 and source.random() < 0.2:
        place[key] = copy.deepcopy(source.choice(places))
    elif kind == 2 and isinstance(place, list):
        place.insert(key, copy.deepcopy(place[key]))
    elif kind == 3:
        place[key] = source.choice((None, True, 0, -1, 1.5, 1e300, 0.1 + 0.2, 2574, [], {}, 10**30))
    else:
        place[key] = source.choice(_WORDS)


def json_tree(source: random.Random, content: bytes) -> bytes:
    if source.random() < 0.3:
        return raw(source, content)
    value = json.loads(content)
    for _ in range(source.randint(1, _MAX_CHANGES)):
        _json_step(source, value)
    return json.dumps(value, ensure_ascii=source.random() < 0.5).encode("utf-8", "surrogatepass")


_STREAM = re.compile(rb"/Length (\d+)>>stream\n(.*?)\nendstream", re.DOTALL)


def pdf(source: random.Random, content: bytes) -> bytes:
    """The operators of one page removed, copied, moved or changed. PDFium rebuilds the table of objects."""
    streams = [stream for stream in _STREAM.finditer(content) if len(stream[2]) > 10]
    chosen = source.choice(streams)
    operators = zlib.decompress(chosen[2]).split(b"\n")
    for _ in range(source.randint(1, _MAX_CHANGES)):
        place, other = source.randrange(len(operators)), source.randrange(len(operators))
        kind = source.randrange(4)
        if kind == 0 and len(operators) > 1:
            del operators[place]
        elif kind == 1:
            operators.insert(other, operators[place])
        elif kind == 2:
            operators[place] = re.sub(rb"\d", lambda _: b"%d" % source.randrange(10), operators[place])
        else:
            operators[place] = raw(source, operators[place])
    packed = zlib.compress(b"\n".join(operators))
    stream = b"/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return content[: chosen.start()] + stream + content[chosen.end() :]


def records(source: random.Random, content: bytes) -> bytes:
    """Bytes of a legacy workbook changed in place, so that its sectors stay where they are."""
    data = bytearray(content)
    for _ in range(source.randint(1, _MAX_CHANGES)):
        place = source.randrange(512, len(data))
        data[place] = source.choice((0, 1, 0xFF, data[place] ^ 1 << source.randrange(8), source.randrange(256)))
    return bytes(data)


_MUTATE = {"txt": lines, "md": lines, "aligned": lines, "json": json_tree, "pdf": pdf, "xls": records}


def mutate(source: random.Random, file_format: str, content: bytes) -> bytes:
    """A damaged copy of a file. Zip files are changed part by part, unknown formats byte by byte."""
    change = archive if content.startswith(b"PK") else _MUTATE.get(file_format, raw)
    return change(source, content)
