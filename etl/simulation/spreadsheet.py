"""Renders the appendix of a report as an Excel workbook: titles, merged header repeated on every page, numbers."""

from __future__ import annotations

import io
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from etl.simulation.appendix import Appendix, PrintedRow
from etl.simulation.archive import remove_metadata
from etl.simulation.letter import Letter, compose_letter
from etl.simulation.numbers import to_json_number

_FONT = "Times New Roman"
_WIDTHS = {"A": 6, "B": 58, "C": 18, "D": 15, "E": 40}
_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_AREA_FILL = PatternFill("solid", fgColor="D9E2F3")
_HEADER_FILL = PatternFill("solid", fgColor="F2F2F2")
_FONTS = {
    (bold, italic): Font(_FONT, 11, bold=bold, italic=italic) for bold in (True, False) for italic in (True, False)
}
_CENTRE = Alignment("center", "center", wrap_text=True)
_LEFT = Alignment("left", "center", wrap_text=True)
# Shows 62.15, 4.7 and 100 as a clerk would write them.
_WHOLE, _FRACTION = "#,##0", "#,##0.##"


def render_xlsx(appendix: Appendix) -> bytes:
    """Return the bytes of a .xlsx file; equal reports give equal bytes."""
    letter = compose_letter(appendix)
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = letter.sheet
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    header_row = _write_titles(sheet, letter) + 2
    _write_header(sheet, letter.table_header, header_row)
    for number, row in enumerate(appendix.rows, header_row + len(letter.table_header)):
        _write_row(sheet, number, row)
    _set_up_page(sheet, header_row, header_row + len(letter.table_header) - 1)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return remove_metadata(buffer.getvalue())


def _write_titles(sheet: Worksheet, letter: Letter) -> int:
    """Write the lines above the table, each merged over its width, and return the row of the last one."""
    marks = [(letter.mark, Font(_FONT, 12, bold=True, color="C00000"))] if letter.mark else []
    titles = [(line, Font(_FONT, 13, bold=True)) for line in letter.appendix_title]
    notes = [(line, Font(_FONT, 11, italic=True)) for line in (letter.appendix_reference, letter.remark) if line]
    lines = [*marks, *titles, *notes]
    for number, (text, font) in enumerate(lines, 1):
        cell = _put(sheet, number, 1, text)
        cell.font, cell.alignment = font, _CENTRE
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(_WIDTHS))
        sheet.row_dimensions[number].height = 18 * (1 + len(text) // 140)
    return len(lines)


def _write_header(sheet: Worksheet, header: tuple[tuple[str, ...], ...], top: int) -> None:
    for line, texts in enumerate(header):
        for column, text in enumerate(texts, 1):
            cell = _put(sheet, top + line, column, text)
            cell.font, cell.alignment = _FONTS[True, False], _CENTRE
            cell.border, cell.fill = _BOX, _HEADER_FILL
    for column, (upper, lower) in enumerate(zip(*header, strict=True), 1):
        if upper and not lower:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=column, end_column=column)
        if not upper:
            sheet.merge_cells(start_row=top, end_row=top, start_column=column - 1, end_column=column)


def _put(sheet: Worksheet, row: int, column: int, value: str | int | float) -> Cell:
    cell = sheet.cell(row, column, None if value == "" else value)
    if not isinstance(cell, Cell):
        raise TypeError(f"{sheet.title}!{row}:{column} is inside a merged cell")
    return cell


def _write_row(sheet: Worksheet, number: int, row: PrintedRow) -> None:
    value = to_json_number(row.value) if isinstance(row.value, Decimal) else row.value
    stt = int(row.stt) if row.stt.isdigit() else row.stt
    for column, content in enumerate((stt, row.label, row.unit, value, row.note), 1):
        cell = _put(sheet, number, column, content)
        cell.border = _BOX
        cell.font = _FONTS[row.level < 2 and column < 3, row.level > 2 and column == 2]
        cell.alignment = _LEFT if column in (2, 5) else _CENTRE
        if column == 4 and not isinstance(content, str):
            cell.number_format = _WHOLE if isinstance(content, int) else _FRACTION
        if row.level == 0:
            cell.fill = _AREA_FILL
    lines = max(1 + len(row.label) // 58, 1 + len(row.unit) // 18, 1 + len(row.note) // 40)
    sheet.row_dimensions[number].height = 15 * lines + 1


def _set_up_page(sheet: Worksheet, top: int, bottom: int) -> None:
    sheet.freeze_panes = f"A{bottom + 1}"
    sheet.print_title_rows = f"{top}:{bottom}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    footer = sheet.oddFooter
    if footer is not None and footer.center is not None:
        footer.center.text = "&P"
