"""Notes on the cells of an Excel file: those that were there stay, ours go below the text of one on its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from lxml import etree

from etl.reports.notes_shape import M, Shapes
from etl.reports.package import NotAnnotatable, Package, root_of
from etl.reports.remarks import AUTHOR, Annotated, Remark, by_location, writable

_WORKBOOK = "xl/workbook.xml"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_REFERENCE = re.compile(r"^([A-Z]{1,3})([1-9]\d{0,6})$")
_PRESERVE = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
_SAYS = f"{AUTHOR}:\n"
# What the schema puts behind the drawing of the notes.
_BEHIND = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)


def annotate(content: bytes, remarks: Sequence[Remark]) -> Annotated:
    """The same file with a note on each cell that is mentioned. Raises NotAnnotatable where it cannot be written to."""
    try:
        return _annotate(Package(content), remarks)
    except (ValueError, OverflowError) as error:
        raise NotAnnotatable("The file holds numbers that are none") from error


def _annotate(package: Package, remarks: Sequence[Remark]) -> Annotated:
    sheets = _sheets(package)
    by_sheet: dict[str, dict[str, Sequence[Remark]]] = {}
    unplaced: list[Remark] = []
    for location, cell_remarks in by_location(remarks).items():
        name, _, reference = location.rpartition("!")
        if name in sheets and _REFERENCE.match(reference):
            by_sheet.setdefault(name, {})[reference] = cell_remarks
        else:
            unplaced += cell_remarks
    for name, cells in by_sheet.items():
        unplaced += _Sheet(package, sheets[name]).annotate(cells)
    return Annotated(package.to_bytes(), tuple(unplaced))


def _sheets(package: Package) -> Mapping[str, str]:
    """The parts of the sheets that have cells, by name."""
    relations = package.relations(_WORKBOOK)
    found = {}
    for sheet in package.xml(_WORKBOOK).iter(f"{M}sheet"):
        kind, part = relations.get(sheet.get(f"{_R}id", ""), ("", ""))
        if kind == "worksheet" and part in package:
            found[sheet.get("name", "")] = part
    if not found:
        raise NotAnnotatable("The file has no sheet of the usual (transitional) kind")
    return found


class _Sheet:
    """One sheet with its two parts for notes: their texts, and the boxes that show them."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._root = package.xml(part)
        self._comments = self._texts()
        self._shapes = self._known_shapes() or self._new_shapes()
        self._author = self._author_number()

    def annotate(self, cells: Mapping[str, Sequence[Remark]]) -> list[Remark]:
        """Writes the notes; returns the remarks on cells that hold a conversation of Excel's newer kind."""
        conversations = self._conversations()
        self._forget_earlier_replies()
        notes = {each.get("ref"): each for each in self._comments.iter(f"{M}comment")}
        unplaced: list[Remark] = []
        for reference, cell_remarks in cells.items():
            text = writable("\n".join(remark.text for remark in cell_remarks))
            if reference in conversations:
                unplaced += cell_remarks
            elif reference in notes:
                _continue(notes[reference], text)
            else:
                self._add(reference, text)
        self._shapes.save()
        return unplaced

    def _texts(self) -> Any:
        known = self._package.related(self._part, "comments")
        if known is not None and known in self._package:
            return self._package.xml(known)
        name = self._package.free_name("xl/comments{}.xml")
        self._package.relate(self._part, "comments", name)
        self._package.declare(name, _COMMENTS_TYPE)
        root = root_of(f"{M}comments")
        etree.SubElement(root, f"{M}authors")
        etree.SubElement(root, f"{M}commentList")
        return self._package.new_xml(name, root)

    def _known_shapes(self) -> Shapes | None:
        drawing = self._root.find(f"{M}legacyDrawing")
        if drawing is None:
            return None
        part = self._package.relations(self._part).get(drawing.get(f"{_R}id", ""), ("", ""))[1]
        if part in self._package:
            return Shapes(self._package, part, self._root)
        self._root.remove(drawing)
        return None

    def _new_shapes(self) -> Shapes:
        shapes = Shapes(self._package, None, self._root)
        self._package.declare_extension("vml", _VML_TYPE)
        identity = self._package.relate(self._part, "vmlDrawing", shapes.part)
        self._package.write(shapes.part, b"")
        drawing = etree.Element(f"{M}legacyDrawing", nsmap={"r": _R[1:-1]})
        drawing.set(f"{_R}id", identity)
        behind = {f"{M}{name}" for name in _BEHIND}
        following = next((each for each in self._root if each.tag in behind), None)
        if following is None:
            self._root.append(drawing)
        else:
            following.addprevious(drawing)
        return shapes

    def _author_number(self) -> str:
        authors = self._comments.find(f"{M}authors")
        if authors is None:
            authors = etree.Element(f"{M}authors")
            self._comments.insert(0, authors)
        names = [each.text for each in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, f"{M}author").text = AUTHOR
            return str(len(names))
        return str(names.index(AUTHOR))

    def _forget_earlier_replies(self) -> None:
        """A file that was sent again with our notes in it speaks of what was, not of what is."""
        authors = [each.text for each in self._comments.iter(f"{M}author")]
        for note in list(self._comments.iter(f"{M}comment")):
            number = note.get("authorId", "")
            if number.isdecimal() and int(number) < len(authors) and authors[int(number)] == AUTHOR:
                note.getparent().remove(note)
                self._shapes.remove(*_position(note.get("ref", "")))
                continue
            runs = list(note.iter(f"{M}r"))
            for run, following in zip_longest(runs, runs[1:]):
                if "".join(run.itertext()).strip() == _SAYS.strip():
                    for each in (run, following) if following is not None else (run,):
                        each.getparent().remove(each)

    def _conversations(self) -> set[str | None]:
        part = self._package.related(self._part, "threadedComment")
        if part is None or part not in self._package:
            return set()
        return {each.get("ref") for each in self._package.xml(part)}

    def _add(self, reference: str, text: str) -> None:
        listed = self._comments.find(f"{M}commentList")
        note = etree.SubElement(listed, f"{M}comment", {"ref": reference, "authorId": self._author})
        _say(etree.SubElement(note, f"{M}text"), _SAYS, text)
        self._shapes.add(*_position(reference), _SAYS + text)


def _position(reference: str) -> tuple[int, int]:
    """Row and column of an address, counted from 0; a wrong one is the first cell."""
    position = _REFERENCE.match(reference)
    column = 0
    for letter in position[1] if position else "A":
        column = column * 26 + ord(letter) - 64
    return (int(position[2]) - 1 if position else 0), column - 1


def _say(parent: Any, *pieces: str) -> None:
    """Appends a line in bold and what it introduces."""
    for number, piece in enumerate(pieces):
        run = etree.SubElement(parent, f"{M}r")
        properties = etree.SubElement(run, f"{M}rPr")
        if number == 0:
            etree.SubElement(properties, f"{M}b")
        etree.SubElement(properties, f"{M}sz", {"val": "10"})
        etree.SubElement(properties, f"{M}rFont", {"val": "Arial"})
        etree.SubElement(run, f"{M}t", _PRESERVE).text = piece


def _continue(note: Any, text: str) -> None:
    """Adds ours below the text of a note that somebody else wrote: a cell can hold one alone."""
    holder = note.find(f"{M}text")
    if holder is None:
        holder = etree.SubElement(note, f"{M}text")
    plain = holder.find(f"{M}t")
    if plain is not None:
        holder.remove(plain)
        run = etree.Element(f"{M}r")
        etree.SubElement(run, f"{M}t", _PRESERVE).text = plain.text
        holder.insert(0, run)
    _say(holder, "\n\n" + _SAYS, text)
