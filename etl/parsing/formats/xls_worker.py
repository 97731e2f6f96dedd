"""A process of its own that opens one legacy workbook with xlrd: stdin is the file, stdout its cells as JSON.

xlrd is the one reader of that format that tells number formats, so that a 0.5 shown as 50 % is known. A damaged file
may make it run for ever or take all memory; here none of that reaches the reader, which stops this process after a
while (child_process.py). Limits are set before the file is opened.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import xlrd
from xlrd.xldate import xldate_as_datetime

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class _Book:
    def __init__(self, content: bytes) -> None:
        self.book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=False, logfile=sys.stderr, ragged_rows=True
        )
        self._percent: dict[int, bool] = {}

    def _is_percent(self, index: int) -> bool:
        known = self._percent.get(index)
        if known is None:
            style = self.book.xf_list[index] if 0 <= index < len(self.book.xf_list) else None
            number_format = self.book.format_map.get(style.format_key) if style is not None else None
            known = number_format is not None and "%" in _QUOTED.sub("", number_format.format_str or "")
            self._percent[index] = known
        return known

    def encoded(self, cell: Any) -> list[str]:
        """A cell's kind and text; numbers as Python writes them, the shortest text that means the same."""
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            return ["percent" if self._is_percent(cell.xf_index) else "number", repr(cell.value)]
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return ["boolean", str(int(cell.value))]
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return ["error", xlrd.error_text_from_code.get(cell.value, "#ERROR")]
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                return ["date", str(xldate_as_datetime(cell.value, self.book.datemode))]
            except (OverflowError, ValueError):
                return ["date", repr(cell.value)]
        return ["text", str(cell.value).strip()]

    def sheets(self, max_cells: int) -> list[dict[str, Any]] | None:
        """The worksheets' cells, merged ranges (0-based, ends included) and hidden parts; None if too many cells."""
        found = []
        for sheet in self.book.sheets():
            rows = [[self.encoded(cell) for cell in sheet.row(number)] for number in range(sheet.nrows)]
            max_cells -= sum(map(len, rows))
            if max_cells < 0:
                return None
            found.append(
                {
                    "name": sheet.name,
                    "is_hidden": sheet.visibility != 0,
                    "rows": rows,
                    "merged": [
                        ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
                    ],
                    "hidden_rows": [number for number, info in sheet.rowinfo_map.items() if info.hidden],
                    "hidden_columns": [number for number, info in sheet.colinfo_map.items() if info.hidden],
                    "comments": [(row, column, note.text) for (row, column), note in sheet.cell_note_map.items()],
                }
            )
        return found


def main() -> None:
    """Prints the sheets of the workbook on stdin as JSON, or "encrypted"; any failure is the exit code's."""
    try:
        book = _Book(sys.stdin.buffer.read())
    except xlrd.XLRDError as error:
        if "encrypted" not in str(error):
            raise
        json.dump("encrypted", sys.stdout)
        return
    json.dump(book.sheets(int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
