"""Notes on the cells of an Excel file. Notes of others are kept; on a cell that has one, ours is appended to its text.

openpyxl cannot be used: it would drop charts, macros and pictures (see package.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from lxml import etree

from etl.reports.notes_shape import M, Shapes
from etl.reports.package import NotAnnotatable, Package, new_root
from etl.reports.remarks import AUTHOR, Annotated, Remark, by_location, writable

_WORKBOOK = "xl/workbook.xml"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_REFERENCE = re.compile(r"^([A-Z]{1,3})([1-9]\d{0,6})$")
_PRESERVE = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
_AUTHOR_LINE = f"{AUTHOR}:\n"
# The elements that the schema requires after legacyDrawing.
_AFTER_DRAWING = (
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
    """Return the file with a note on each cell that has remarks. Raises NotAnnotatable if it cannot be changed."""
    try:
        return _annotate(Package(content), remarks)
    except (ValueError, OverflowError) as error:
        raise NotAnnotatable("The file contains invalid numbers") from error


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
    """Return the package parts of the worksheets by sheet name."""
    relations = package.relations(_WORKBOOK)
    sheets = {}
    for sheet in package.xml(_WORKBOOK).iter(f"{M}sheet"):
        kind, part = relations.get(sheet.get(f"{_R}id", ""), ("", ""))
        if kind == "worksheet" and part in package:
            sheets[sheet.get("name", "")] = part
    if not sheets:
        raise NotAnnotatable("The file has no worksheet in transitional Office Open XML")
    return sheets


class _Sheet:
    """A worksheet with its two parts for notes: the texts, and the drawing with their boxes."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._root = package.xml(part)
        self._comments = self._find_or_add_comments()
        self._shapes = self._existing_shapes() or self._new_shapes()
        self._author = self._author_number()

    def annotate(self, cells: Mapping[str, Sequence[Remark]]) -> list[Remark]:
        """Write the notes. Returns the remarks on cells with a threaded comment, which cannot have a note as well."""
        threaded = self._threaded_comments()
        self._remove_earlier_replies()
        notes = {note.get("ref"): note for note in self._comments.iter(f"{M}comment")}
        unplaced: list[Remark] = []
        for reference, cell_remarks in cells.items():
            text = writable("\n".join(remark.text for remark in cell_remarks))
            if reference in threaded:
                unplaced += cell_remarks
            elif reference in notes:
                _append_to_note(notes[reference], text)
            else:
                self._add(reference, text)
        self._shapes.save()
        return unplaced

    def _find_or_add_comments(self) -> Any:
        part = self._package.related(self._part, "comments")
        if part is not None:
            return self._package.xml(part)
        name = self._package.free_name("xl/comments{}.xml")
        self._package.relate(self._part, "comments", name)
        self._package.declare(name, _COMMENTS_TYPE)
        root = new_root(f"{M}comments")
        etree.SubElement(root, f"{M}authors")
        etree.SubElement(root, f"{M}commentList")
        return self._package.new_xml(name, root)

    def _existing_shapes(self) -> Shapes | None:
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
        following = next(self._root.iterchildren(*(f"{M}{name}" for name in _AFTER_DRAWING)), None)
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
        names = [author.text for author in authors]
        if AUTHOR not in names:
            etree.SubElement(authors, f"{M}author").text = AUTHOR
            return str(len(names))
        return str(names.index(AUTHOR))

    def _remove_earlier_replies(self) -> None:
        """Remove our notes from a file that was sent again with them: they are about the previous submission."""
        authors = [author.text for author in self._comments.iter(f"{M}author")]
        for note in list(self._comments.iter(f"{M}comment")):
            number = note.get("authorId", "")
            if number.isdecimal() and int(number) < len(authors) and authors[int(number)] == AUTHOR:
                note.getparent().remove(note)
                self._shapes.remove(*_position(note.get("ref", "")))
                continue
            runs = list(note.iter(f"{M}r"))
            for run, following in zip_longest(runs, runs[1:]):
                if "".join(run.itertext()).strip() == _AUTHOR_LINE.strip():
                    for ours in (run, following) if following is not None else (run,):
                        ours.getparent().remove(ours)

    def _threaded_comments(self) -> set[str | None]:
        part = self._package.related(self._part, "threadedComment")
        return set() if part is None else {comment.get("ref") for comment in self._package.xml(part)}

    def _add(self, reference: str, text: str) -> None:
        comment_list = self._comments.find(f"{M}commentList")
        note = etree.SubElement(comment_list, f"{M}comment", {"ref": reference, "authorId": self._author})
        _append_runs(etree.SubElement(note, f"{M}text"), _AUTHOR_LINE, text)
        self._shapes.add(*_position(reference), _AUTHOR_LINE + text)


def _position(reference: str) -> tuple[int, int]:
    """Return row and column of a cell reference, counted from 0; (0, 0) if it is invalid."""
    position = _REFERENCE.match(reference)
    column = 0
    for letter in position[1] if position else "A":
        column = column * 26 + ord(letter) - 64
    return (int(position[2]) - 1 if position else 0), column - 1


def _append_runs(parent: Any, author_line: str, text: str) -> None:
    """Append the author in bold and the text of a note."""
    for run_text, is_bold in ((author_line, True), (text, False)):
        run = etree.SubElement(parent, f"{M}r")
        properties = etree.SubElement(run, f"{M}rPr")
        if is_bold:
            etree.SubElement(properties, f"{M}b")
        etree.SubElement(properties, f"{M}sz", {"val": "10"})
        etree.SubElement(properties, f"{M}rFont", {"val": "Arial"})
        etree.SubElement(run, f"{M}t", _PRESERVE).text = run_text


def _append_to_note(note: Any, text: str) -> None:
    """Append ours to a note of another author: a cell can have only one note."""
    rich_text = note.find(f"{M}text")
    if rich_text is None:
        rich_text = etree.SubElement(note, f"{M}text")
    plain = rich_text.find(f"{M}t")
    if plain is not None:
        rich_text.remove(plain)
        run = etree.Element(f"{M}r")
        etree.SubElement(run, f"{M}t", _PRESERVE).text = plain.text
        rich_text.insert(0, run)
    _append_runs(rich_text, "\n\n" + _AUTHOR_LINE, text)
