"""Find the cell of a Word file at a location such as `table[2]/row[37]/col[4]`.

Tables, including nested ones, are numbered in document order; columns are grid columns. A merged cell is found at every
position it covers. Content controls around rows and cells are transparent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _TBL, _TR, _TC, _VAL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}val"
_TEXT_BOX = f"{W}txbxContent"
_SKIPPED = frozenset((f"{W}del", f"{W}moveFrom", _FALLBACK, f"{W}sdtPr", f"{W}trPr", f"{W}tcPr", f"{W}tblPr"))
_LOCATION = re.compile(r"^table\[(\d+)\]/row\[(\d+)\]/col\[(\d+)\]$")


def _children(element: Any, *tags: str) -> Iterator[Any]:
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in _SKIPPED and child.tag not in (_P, _TBL):
            yield from _children(child, *tags)


def _number(element: Any, path: str, default: int) -> int:
    setting = element.find(path)
    text = setting.get(_VAL, "") if setting is not None else ""
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _cells(row: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield the first grid column, the column span and the element of each cell of a row."""
    column = 1 + _number(row, f"{W}trPr/{W}gridBefore", 0)
    for cell in _children(row, _TC):
        span = max(_number(cell, f"{W}tcPr/{W}gridSpan", 1), 1)
        yield column, span, cell
        column += span


def _is_continued(cell: Any) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(_VAL, "continue") == "continue"


def find_cell(root: Any, location: str) -> Any | None:
    """Return the w:tc element at a location, or None if there is none."""
    numbers = _LOCATION.match(location)
    if numbers is None:
        return None
    table_number, row_number, column = map(int, numbers.groups())
    table = next((table for number, table in enumerate(root.iter(_TBL), 1) if number == table_number), None)
    rows = list(_children(table, _TR)) if table is not None else []
    # A vertically merged cell is written in its first row; the rows below only continue it.
    for row in reversed(rows[:row_number]) if len(rows) >= row_number else ():
        cell = next((cell for first, span, cell in _cells(row) if first <= column < first + span), None)
        if cell is None or not _is_continued(cell):
            return cell
    return None


def anchor(cell: Any) -> Any | None:
    """Return the paragraph of a cell that gets the comment: the first with text, else the first.

    Word does not allow comments in a text box; there it is the paragraph that the box is anchored to.
    """
    boxes = list(cell.iterancestors(_TEXT_BOX))
    if boxes:
        return next(boxes[-1].iterancestors(_P), None)
    paragraphs = list(_children(cell, _P))
    with_text = (paragraph for paragraph in paragraphs if any(text.text for text in paragraph.iter(f"{W}t")))
    return next(with_text, paragraphs[0] if paragraphs else None)
