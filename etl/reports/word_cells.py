"""Finds the cell of a Word file that an address such as `table[2]/row[37]/col[4]` names.

Tables count in document order, nested ones too; columns are those of the grid; a merged cell answers to every place
that it covers, as does a cell that is continued from above. Content controls around rows and cells are looked through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _TBL, _TR, _TC, _VAL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}val"
_TEXT_BOX = f"{W}txbxContent"
_UNSEEN = frozenset((f"{W}del", f"{W}moveFrom", _FALLBACK, f"{W}sdtPr", f"{W}trPr", f"{W}tcPr", f"{W}tblPr"))
_ADDRESS = re.compile(r"^table\[(\d+)\]/row\[(\d+)\]/col\[(\d+)\]$")


def _children(element: Any, *tags: str) -> Iterator[Any]:
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in _UNSEEN and child.tag not in (_P, _TBL):
            yield from _children(child, *tags)


def _number(element: Any, path: str, default: int) -> int:
    found = element.find(path)
    text = found.get(_VAL, "") if found is not None else ""
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _placed(row: Any) -> Iterator[tuple[int, int, Any]]:
    """First grid column, span and element of each cell of a row."""
    column = 1 + _number(row, f"{W}trPr/{W}gridBefore", 0)
    for cell in _children(row, _TC):
        span = max(_number(cell, f"{W}tcPr/{W}gridSpan", 1), 1)
        yield column, span, cell
        column += span


def _is_continued(cell: Any) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(_VAL, "continue") == "continue"


def find_cell(root: Any, location: str) -> Any | None:
    """The w:tc at an address below the root of a document, or None where there is none."""
    address = _ADDRESS.match(location)
    if address is None:
        return None
    table_number, row_number, column = map(int, address.groups())
    table = next((table for number, table in enumerate(root.iter(_TBL), 1) if number == table_number), None)
    rows = list(_children(table, _TR)) if table is not None else []
    for row in reversed(rows[:row_number]) if len(rows) >= row_number else ():
        found = next((cell for first, span, cell in _placed(row) if first <= column < first + span), None)
        if found is None or not _is_continued(found):
            return found
    return None


def anchor(cell: Any) -> Any | None:
    """The paragraph of a cell that a comment can stand at: its first with text, else its first.

    Word knows no comments inside a text box: there it is the paragraph that the box hangs on.
    """
    boxes = list(cell.iterancestors(_TEXT_BOX))
    if boxes:
        return next(boxes[-1].iterancestors(_P), None)
    paragraphs = list(_children(cell, _P))
    with_text = (each for each in paragraphs if any(text.text for text in each.iter(f"{W}t")))
    return next(with_text, paragraphs[0] if paragraphs else None)
