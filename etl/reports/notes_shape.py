"""The yellow box of an Excel note: where and how large, in the old drawing language (VML) that Excel asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from etl.reports.package import NotAnnotatable, Package

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WIDTH, _LINE, _LETTERS_A_LINE = 320, 18, 46
_DEFAULT_COLUMN, _DEFAULT_ROW = 64, 20
_SPACES = {"v": "urn:schemas-microsoft-com:vml", "o": "urn:schemas-microsoft-com:office:office"}
_SPACES |= {"x": "urn:schemas-microsoft-com:office:excel"}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
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
_ONE_SHAPE = re.compile(r"<((?:\w+:)?shape)\s.*?</\1>", re.DOTALL)
_PLACE = re.compile(r"<(?:\w+:)?(Row|Column)>(\d+)</")
_END = re.compile(r"</xml>\s*$")


def _sizes(sheet: Any) -> tuple[Callable[[int], float], Callable[[int], float]]:
    """Width of a column and height of a row in pixels, both counted from 0."""
    widths: dict[int, float] = {
        index - 1: float(each.get("width", "9")) * 7 + 5
        for each in sheet.iter(f"{M}col")
        for index in range(int(each.get("min", "1")), min(int(each.get("max", "1")), 200) + 1)
    }
    heights = {
        int(each.get("r", "0")) - 1: float(each.get("ht", "15")) * 4 / 3
        for each in sheet.iter(f"{M}row")
        if each.get("ht")
    }
    return lambda column: widths.get(column, _DEFAULT_COLUMN), lambda row: heights.get(row, _DEFAULT_ROW)


def _walk(start: int, size: float, size_of: Callable[[int], float]) -> str:
    """From a little into `start`: start, offset, end, offset, so that the way is `size` pixels long."""
    left, end = size + 12, start
    while left > size_of(end) and end < start + 200:
        left -= size_of(end)
        end += 1
    return f"{start}|12|{end}|{round(left)}"


def _anchor(sheet: Any, row: int, column: int, text: str) -> str:
    width_of, height_of = _sizes(sheet)
    lines = sum(max(1, math.ceil(len(line) / _LETTERS_A_LINE)) for line in text.splitlines()) + 1
    left, right = (
        _walk(column + 1, _WIDTH, width_of).split("|"),
        _walk(max(row - 1, 0), lines * _LINE, height_of).split("|"),
    )
    return ", ".join((*left[:2], *right[:2], *left[2:], *right[2:]))


class Shapes:
    """The drawing of one sheet's notes; shapes that are there stay as they are written."""

    def __init__(self, package: Package, part: str | None, sheet: Any) -> None:
        self._package, self._sheet = package, sheet
        self.part = part or package.free_name("xl/drawings/vmlDrawing{}.vml")
        self._text = package.read(part).decode("utf-8", "surrogateescape") if part else _EMPTY
        if not _END.search(self._text):
            raise NotAnnotatable(f"The drawing {self.part} is not to be understood")
        self._added: list[str] = []
        self._number = max(map(int, re.findall(r"_x0000_s(\d+)", self._text)), default=1024)

    def add(self, row: int, column: int, text: str) -> None:
        """A hidden box beside the cell at `row` and `column`, counted from 0, large enough for `text`."""
        self._number += 1
        anchor = _anchor(self._sheet, row, column, text)
        self._added.append(_SHAPE.format(number=self._number, anchor=anchor, row=row, column=column))

    def remove(self, row: int, column: int) -> None:
        """Takes away the box of the note of a cell."""

        def kept(shape: re.Match[str]) -> str:
            place = {name: int(number) for name, number in _PLACE.findall(shape[0])}
            is_of_cell = place == {"Row": row, "Column": column} and 'ObjectType="Note"' in shape[0]
            return "" if is_of_cell else shape[0]

        self._text = _ONE_SHAPE.sub(kept, self._text)

    def save(self) -> None:
        shape_type = "" if 'id="_x0000_t202"' in self._text else _SHAPE_TYPE
        missing = " ".join(
            f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items() if f"xmlns:{prefix}=" not in self._text
        )
        added = [shape_type, *self._added]
        if missing:
            added = [re.sub(r"^<v:(shape\w*)", rf"<v:\1 {missing}", each) for each in added]
        text = _END.sub(lambda _: "".join(added) + "</xml>", self._text)
        self._package.write(self.part, text.encode("utf-8", "surrogateescape"))
