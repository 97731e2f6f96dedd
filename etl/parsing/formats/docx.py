"""Word files (docx): paragraphs and tables of word/document.xml, without python-docx, which is much slower."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from etl.parsing.formats.container import Container
from etl.parsing.formats.grid import MAX_COLUMNS, Cell, Document, Grid, Line, Row

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T, _TAB, _BR, _CR, _HYPHEN = (f"{_W}{name}" for name in ("t", "tab", "br", "cr", "noBreakHyphen"))
_P, _TBL, _TR, _TC = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc"))
_R, _RPR, _PPR = f"{_W}r", f"{_W}rPr", f"{_W}pPr"
_VAL = f"{_W}val"
_TCPR, _TRPR = f"{_W}tcPr", f"{_W}trPr"
_GRID_SPAN, _V_MERGE, _GRID_BEFORE, _HIDDEN = (f"{_W}{name}" for name in ("gridSpan", "vMerge", "gridBefore", "hidden"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted or moved-away text of tracked changes, and properties: nothing that the reader of the page sees.
_UNSEEN = frozenset((f"{_W}del", f"{_W}moveFrom", _FALLBACK, _RPR, _PPR, f"{_W}sdtPr"))
_MARKS = {_TAB: "\t", _BR: "\n", _CR: "\n", _HYPHEN: "-"}
# Texts stand in runs, these in paragraphs, these in cells: no links, content controls, tracked changes or text boxes.
_has_plain_texts = etree.XPath(
    "not(descendant::w:t[not(parent::w:r/parent::w:p/parent::w:tc)])", namespaces={"w": _W[1:-1]}
)
_PLAIN_TAGS = (_T, _P, _TC, _TR, _GRID_SPAN, _V_MERGE, _GRID_BEFORE, _HIDDEN, *_MARKS)


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == _T:
            yield child.text or ""
        elif tag in _MARKS:
            yield _MARKS[tag]
        elif tag not in _UNSEEN and tag != _P:
            yield from _pieces(child)


def _paragraph_text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph))


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables directly in an element, or in the content controls that wrap them."""
    for child in element:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag not in _UNSEEN and child.tag != _TCPR:
            yield from _blocks(child)


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through the content controls that wrap them."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _UNSEEN and child.tag not in (_TRPR, _TCPR, _P, _TBL):
            yield from _children(child, tag)


def _number(entry: Any, default: int) -> int:
    text = entry.get(_VAL, "") if entry is not None else ""
    return min(max(int(text), 0), MAX_COLUMNS) if text.isdecimal() and len(text) < 6 else default


def _cell_text(cell: Any) -> str:
    return "\n".join(_paragraph_text(block) for block in _blocks(cell) if block.tag == _P).strip()


class _TableBuilder:
    """Puts the cells of a table, handed over in document order, at their place in its grid."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._above: list[Cell | None] = []
        self._row = Row(0, [])

    def start_row(self) -> None:
        self._above = self._row.cells
        self._row = Row(self._row.number + 1, [])
        self._grid.rows.append(self._row)

    def skip_columns(self, count: int) -> None:
        self._row.cells.extend([None] * count)

    def hide_row(self) -> None:
        self._row.is_hidden = True

    def add_cell(self, text: str, span: int, *, continues: bool) -> None:
        cells, place = self._row.cells, len(self._row.cells)
        if place >= MAX_COLUMNS:
            return
        upper = self._above[place] if continues and place < len(self._above) else None
        if upper is not None:
            cell = upper
            cell.row_span = self._row.number - cell.row + 1
        else:
            cell = Cell(text, self._row.number, place + 1, column_span=span)
        if span == 1:
            cells.append(cell)
        else:
            cells.extend([cell] * span)


class _NotPlain(Exception):
    """A table has rows or cells that do not stand directly in it."""


def _is_cell(element: Any, table: Any) -> bool:
    """Whether a row or cell of a table is a cell. Raises _NotPlain where it does not stand directly in table or row."""
    around, is_cell = element.getparent(), bool(element.tag == _TC)
    if around.tag != _TR if is_cell else around is not table:
        raise _NotPlain
    return is_cell


def _build_plain(table: Any, builder: _TableBuilder) -> None:
    """Builds a table that is nothing but rows of cells in one pass over its elements. Raises _NotPlain."""
    pieces: list[str] = []
    span, continues, is_open = 1, False, False
    for element in table.iter(*_PLAIN_TAGS):
        tag = element.tag
        if tag == _T:
            pieces.append(element.text or "")
        elif tag == _P:
            pieces.append("\n")
        elif tag in (_TC, _TR):
            is_cell = _is_cell(element, table)
            if is_open:
                builder.add_cell("".join(pieces).strip(), span, continues=continues)
            pieces, span, continues, is_open = [], 1, False, is_cell
            if not is_cell:
                builder.start_row()
        elif tag == _GRID_SPAN:
            span = max(_number(element, 1), 1)
        elif tag == _V_MERGE:
            continues = element.get(_VAL, "continue") == "continue"
        elif tag == _GRID_BEFORE:
            builder.skip_columns(_number(element, 0))
        elif tag == _HIDDEN:
            builder.hide_row()
        elif element.getparent().tag == _R:  # a tab stop of a paragraph has the same name as a tab
            pieces.append(_MARKS[tag])
    if is_open:
        builder.add_cell("".join(pieces).strip(), span, continues=continues)


def _build_row(tr: Any, builder: _TableBuilder) -> None:
    """Builds one row of a table that needs care, cell by cell."""
    builder.start_row()
    properties = tr.find(_TRPR)
    if properties is not None:
        before = properties.find(_GRID_BEFORE)
        builder.skip_columns(_number(before, 0) if before is not None else 0)
        if properties.find(_HIDDEN) is not None:
            builder.hide_row()
    for tc in _children(tr, _TC):
        cell_properties = tc.find(_TCPR)
        span = merge = None
        if cell_properties is not None:
            span, merge = cell_properties.find(_GRID_SPAN), cell_properties.find(_V_MERGE)
        continues = merge is not None and merge.get(_VAL, "continue") == "continue"
        builder.add_cell(_cell_text(tc), max(_number(span, 1), 1), continues=continues)


class _Reader:
    def __init__(self, root: Any) -> None:
        self.document = Document()
        self._paragraphs = 0
        self._table_numbers = {table: number for number, table in enumerate(root.iter(_TBL), 1)}

    def read(self, element: Any) -> None:
        for block in _blocks(element):
            if block.tag == _TBL:
                self._read_table(block)
                continue
            self._paragraphs += 1
            text = _paragraph_text(block).strip()
            if text:
                self.document.blocks.append(Line(text, f"paragraph[{self._paragraphs}]"))
            for box in block.iter(f"{_W}txbxContent"):
                if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
                    self.read(box)

    def _read_table(self, table: Any) -> None:
        name = f"table[{self._table_numbers[table]}]"
        grid = Grid(lambda row, column: f"{name}/row[{row}]/col[{column}]")
        self.document.blocks.append(grid)
        try:
            if _has_plain_texts(table):
                _build_plain(table, _TableBuilder(grid))
                return
        except _NotPlain:
            grid.rows.clear()
        builder = _TableBuilder(grid)
        for tr in _children(table, _TR):
            _build_row(tr, builder)
            for nested in tr.iter(_TBL):
                if next(nested.iterancestors(_TBL)) is table:
                    self._read_table(nested)


def read_docx(container: Container) -> Document:
    """The paragraphs and tables of a Word file, nested tables after the row that holds them."""
    root = container.xml("word/document.xml")
    reader = _Reader(root)
    reader.read(root)
    return reader.document
