"""Word files (docx): paragraphs and tables from word/document.xml. python-docx takes three times as long.

The XML is simplified first: what a page does not show is removed, and nested tables and text boxes are taken out of the
cells and paragraphs that hold them. All text that is left in a cell is then the cell's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from etl.parsing.formats.container import Container
from etl.parsing.formats.grid import MAX_COLUMNS, Cell, Document, Grid, Row, TextLine, table_locator

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W = f"{{{_NAMESPACE}}}"
_PARAGRAPH, _TABLE, _ROW, _CELL, _TEXT_BOX = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "txbxContent"))
_ROW_PROPERTIES, _CELL_PROPERTIES, _VALUE = f"{_W}trPr", f"{_W}tcPr", f"{_W}val"
_SKIPPED_COLUMNS, _HIDDEN, _COLUMN_SPAN, _VERTICAL_MERGE = (
    f"{_W}{name}" for name in ("gridBefore", "hidden", "gridSpan", "vMerge")
)
_TEXT = f"{_W}t"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Tracked deletions, properties, and the copy of a drawing for old versions of Word.
_NOT_SHOWN = (
    *(f"{_W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr")),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
# Rows and cells are found through whatever wraps them (content controls, custom XML), but not through these.
_BOUNDARIES = frozenset((_PARAGRAPH, _TABLE, _ROW_PROPERTIES, _CELL_PROPERTIES))

# Invalid, and not shown by Word: paragraphs inside paragraphs, texts outside of them, elements inside texts.
_find_misplaced: Any = etree.XPath("//w:p//w:p | //w:t[not(ancestor::w:p)] | //w:t/*", namespaces={"w": _NAMESPACE})


def _children(element: Any, *tags: str) -> Iterator[Any]:
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in _BOUNDARIES:
            yield from _children(child, *tags)


def _text(element: Any) -> str:
    """The text of a paragraph, or of a cell, whose paragraphs are on lines of their own."""
    pieces = element.iter(_PARAGRAPH, _TEXT)
    return "".join(["\n" if piece.tag == _PARAGRAPH else piece.text or "" for piece in pieces]).strip()


def _number(element: Any, default: int) -> int:
    text = element.get(_VALUE, "")
    return min(max(int(text), 0), MAX_COLUMNS) if text.isdecimal() and len(text) < 6 else default


def _take_out(trees: Iterable[Any], inner: str, holder: str) -> dict[Any, list[Any]]:
    """Remove the elements with the tag `inner` that are inside a `holder`. Returns them by the outermost holder."""
    taken: dict[Any, list[Any]] = {}
    for element in [element for tree in trees for element in tree.iter(inner)]:
        holders = list(element.iterancestors(holder))
        if holders:
            taken.setdefault(holders[-1], []).append(element)
    for element in (element for elements in taken.values() for element in elements):
        element.getparent().remove(element)
    return taken


def _add_row(grid: Grid, tr: Any) -> None:
    """Read a row of a table. A cell that continues a vertical merge is the cell above it."""
    above = grid.rows[-1].cells if grid.rows else []
    number = len(grid.rows) + 1
    row = Row(number, [])
    grid.rows.append(row)
    spans, continued = {}, set()
    for entry in tr.iter(_SKIPPED_COLUMNS, _HIDDEN, _COLUMN_SPAN, _VERTICAL_MERGE):
        properties = entry.getparent()
        if entry.tag == _SKIPPED_COLUMNS:
            row.cells.extend([None] * _number(entry, 0))
        elif entry.tag == _HIDDEN:
            row.is_hidden = True
        elif entry.tag == _COLUMN_SPAN:
            spans[properties.getparent()] = max(_number(entry, 1), 1)
        elif entry.get(_VALUE, "continue") == "continue":
            continued.add(properties.getparent())
    for tc in _children(tr, _CELL):
        index = len(row.cells)
        if index >= MAX_COLUMNS:
            break
        cell = above[index] if tc in continued and index < len(above) else None
        span = spans.get(tc, 1)
        if cell is None:
            cell = Cell(_text(tc), number, index + 1, column_span=span)
        else:
            cell.row_span = number - cell.row + 1
        row.cells.extend([cell] * span)


class _DocumentReader:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._blocks: list[TextLine | Grid] = []
        self._paragraphs = 0
        self._table_numbers = {table: number for number, table in enumerate(root.iter(_TABLE), 1)}
        etree.strip_elements(root, *_NOT_SHOWN, with_tail=False)
        for mark in list(root.iter(*_MARKS)):
            mark.tag, mark.text = _TEXT, _MARKS[mark.tag]
        self._nested_tables = _take_out([root], _TABLE, _TABLE)
        trees = [root, *(table for tables in self._nested_tables.values() for table in tables)]
        self._text_boxes = _take_out(trees, _TEXT_BOX, _PARAGRAPH)
        for tree in [*trees, *(box for boxes in self._text_boxes.values() for box in boxes)]:
            for element in _find_misplaced(tree):
                element.getparent().remove(element)

    def read(self) -> Document:
        self._read_blocks(self._root)
        return Document(self._blocks)

    def _read_blocks(self, element: Any) -> None:
        for block in _children(element, _PARAGRAPH, _TABLE):
            if block.tag == _TABLE:
                for table in (block, *self._nested_tables.get(block, ())):
                    self._read_table(table)
                continue
            self._paragraphs += 1
            text = _text(block)
            if text:
                self._blocks.append(TextLine(text, f"paragraph[{self._paragraphs}]"))
            for box in self._text_boxes.get(block, ()):
                self._read_blocks(box)

    def _read_table(self, table: Any) -> None:
        grid = Grid(table_locator(f"table[{self._table_numbers[table]}]"))
        for tr in _children(table, _ROW):
            _add_row(grid, tr)
        self._blocks.append(grid)


def read(container: Container) -> Document:
    """The paragraphs and tables of a Word file; a nested table follows the table that holds it."""
    return _DocumentReader(container.xml("word/document.xml")).read()
