"""The boxes of Excel notes with their position and size, in VML, the legacy drawing format that Excel requires."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from etl.reports.package import NotAnnotatable, Package

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WIDTH, _LINE_HEIGHT, _CHARACTERS_PER_LINE = 320, 18, 46  # pixels, pixels, estimated for the font of a note
_DEFAULT_COLUMN_WIDTH, _DEFAULT_ROW_HEIGHT = 64, 20  # pixels
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
_EMPTY = f'<xml {_DECLARED}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden;z-index:{number}"'
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_ANY_SHAPE = re.compile(r"<((?:\w+:)?shape)\s.*?</\1>", re.DOTALL)
_POSITION = re.compile(r"<(?:\w+:)?(Row|Column)>(\d+)</")
_END = re.compile(r"</xml>\s*$")


def _sizes(sheet: Any) -> tuple[Callable[[int], float], Callable[[int], float]]:
    """Return functions for the width of a column and the height of a row, in pixels, counted from 0."""
    widths: dict[int, float] = {
        index - 1: float(column.get("width", "9")) * 7 + 5
        for column in sheet.iter(f"{M}col")
        for index in range(int(column.get("min", "1")), min(int(column.get("max", "1")), 200) + 1)
    }
    heights = {
        int(row.get("r", "0")) - 1: float(row.get("ht", "15")) * 4 / 3 for row in sheet.iter(f"{M}row") if row.get("ht")
    }
    return lambda column: widths.get(column, _DEFAULT_COLUMN_WIDTH), lambda row: heights.get(row, _DEFAULT_ROW_HEIGHT)


def _extent(start: int, size: float, size_of: Callable[[int], float]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return (index, pixel offset) of both ends of a box that begins in column or row `start` and is `size` long."""
    remaining, end = size + 12, start
    while remaining > size_of(end) and end < start + 200:
        remaining -= size_of(end)
        end += 1
    return (start, 12), (end, round(remaining))


def _anchor(sheet: Any, row: int, column: int, text: str) -> str:
    width_of, height_of = _sizes(sheet)
    lines = sum(max(1, math.ceil(len(line) / _CHARACTERS_PER_LINE)) for line in text.splitlines()) + 1
    left, right = _extent(column + 1, _WIDTH, width_of)
    top, bottom = _extent(max(row - 1, 0), lines * _LINE_HEIGHT, height_of)
    return ", ".join(map(str, (*left, *top, *right, *bottom)))


class Shapes:
    """The drawing of the notes of a sheet. Existing shapes are kept as text, unchanged."""

    def __init__(self, package: Package, part: str | None, sheet: Any) -> None:
        self._package, self._sheet = package, sheet
        self.part = part or package.free_name("xl/drawings/vmlDrawing{}.vml")
        self._text = package.read(part).decode("utf-8", "surrogateescape") if part else _EMPTY
        if not _END.search(self._text):
            raise NotAnnotatable(f"The drawing {self.part} cannot be parsed")
        self._added: list[str] = []
        self._number = max(map(int, re.findall(r"_x0000_s(\d+)", self._text)), default=1024)

    def add(self, row: int, column: int, text: str) -> None:
        """Add a hidden box beside the cell at `row` and `column`, counted from 0, large enough for `text`."""
        self._number += 1
        anchor = _anchor(self._sheet, row, column, text)
        self._added.append(_SHAPE.format(number=self._number, anchor=anchor, row=row, column=column))

    def remove(self, row: int, column: int) -> None:
        """Remove the box of the note of a cell."""

        def without_note(shape: re.Match[str]) -> str:
            position = {name: int(number) for name, number in _POSITION.findall(shape[0])}
            is_note_of_cell = position == {"Row": row, "Column": column} and 'ObjectType="Note"' in shape[0]
            return "" if is_note_of_cell else shape[0]

        self._text = _ANY_SHAPE.sub(without_note, self._text)

    def save(self) -> None:
        shape_type = "" if 'id="_x0000_t202"' in self._text else _SHAPE_TYPE
        missing = " ".join(
            f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items() if f"xmlns:{prefix}=" not in self._text
        )
        added = [shape_type, *self._added]
        if missing:
            added = [re.sub(r"^<v:(shape\w*)", rf"<v:\1 {missing}", shape) for shape in added]
        text = _END.sub(lambda _: "".join(added) + "</xml>", self._text)
        self._package.write(self.part, text.encode("utf-8", "surrogateescape"))
