"""Comments on the cells of a Word file. Comments of others are kept.

python-docx cannot be used: it would drop parts that it does not know (see package.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from etl.reports.package import NotAnnotatable, Package
from etl.reports.remarks import AUTHOR, INITIALS, Annotated, Remark, by_location, writable
from etl.reports.word_cells import W, anchor, find_cell

_DOCUMENT = "word/document.xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_ID = f"{W}id"
_MARKS = (f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}commentReference")


def annotate(content: bytes, remarks: Sequence[Remark]) -> Annotated:
    """Return the file with a comment for each remark. Raises NotAnnotatable if it cannot be changed."""
    package = Package(content)
    document = package.xml(_DOCUMENT)
    if document.tag != f"{W}document":
        raise NotAnnotatable("The file is not a transitional Office Open XML document")
    grouped = [remark for cell_remarks in by_location(remarks).values() for remark in cell_remarks]
    anchors = [(remark, _anchor(document, remark.location)) for remark in grouped]
    comments = _find_or_add_comments(package)
    _remove_earlier_replies(document, comments)
    number = _next_number(document, comments)
    for remark, paragraph in anchors:
        if paragraph is not None:
            comments.append(_comment(number, remark.text))
            _mark(paragraph, number)
            number += 1
    return Annotated(package.to_bytes(), tuple(remark for remark, paragraph in anchors if paragraph is None))


def _anchor(document: Any, location: str) -> Any | None:
    cell = find_cell(document, location)
    return None if cell is None else anchor(cell)


def _find_or_add_comments(package: Package) -> Any:
    """Return the root of the comments part; add the part if there is none."""
    part = package.related(_DOCUMENT, "comments")
    if part is not None:
        return package.xml(part)
    name = "word/comments.xml" if "word/comments.xml" not in package else package.free_name("word/comments{}.xml")
    package.relate(_DOCUMENT, "comments", name)
    package.declare(name, _COMMENTS_TYPE)
    return package.new_xml(name, etree.Element(f"{W}comments", nsmap={"w": W[1:-1]}))


def _remove_earlier_replies(document: Any, comments: Any) -> None:
    """Remove our comments from a file that was sent again with them: they are about the previous submission."""
    ours = {note.get(_ID): note for note in comments.iter(f"{W}comment") if note.get(f"{W}author") == AUTHOR}
    for comment in ours.values():
        comment.getparent().remove(comment)
    for mark in list(document.iter(*_MARKS)):
        if mark.get(_ID) in ours:
            parent = mark.getparent()
            parent.remove(mark)
            if parent.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in parent):
                parent.getparent().remove(parent)


def _next_number(document: Any, comments: Any) -> int:
    marks = (*comments.iter(f"{W}comment"), *document.iter(*_MARKS))
    taken = [int(mark.get(_ID, "")) for mark in marks if mark.get(_ID, "").isdecimal()]
    return max(taken, default=-1) + 1


def _run(*content: Any) -> Any:
    run = etree.Element(f"{W}r")
    run.extend(content)
    return run


def _comment(number: int, text: str) -> Any:
    comment = etree.Element(
        f"{W}comment", {_ID: str(number), f"{W}author": AUTHOR, f"{W}initials": INITIALS}, nsmap={"w": W[1:-1]}
    )
    paragraph = etree.SubElement(comment, f"{W}p")
    paragraph.append(_run(etree.Element(f"{W}annotationRef")))
    for line_number, line in enumerate(writable(text).splitlines()):
        line_text = etree.Element(f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        line_text.text = line
        paragraph.append(_run(*([etree.Element(f"{W}br")] if line_number else []), line_text))
    return comment


def _mark(paragraph: Any, number: int) -> None:
    """Put the comment on the paragraph: its range covers all of it, its reference is at the end."""
    start = 1 if len(paragraph) and paragraph[0].tag == f"{W}pPr" else 0
    paragraph.insert(start, etree.Element(f"{W}commentRangeStart", {_ID: str(number)}))
    paragraph.append(etree.Element(f"{W}commentRangeEnd", {_ID: str(number)}))
    paragraph.append(_run(etree.Element(f"{W}commentReference", {_ID: str(number)})))
