"""Renders a report as a Word document: letter head, narrative, signature block, then the appendix on its own pages."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from etl.simulation.appendix import Appendix, PrintedRow
from etl.simulation.archive import remove_metadata
from etl.simulation.letter import Letter, compose_letter
from etl.simulation.numbers import format_value

_FONT = "Times New Roman"
# Twentieths of a point; A4 less the margins of Decree 30/2020/NĐ-CP (3 cm left, 1.5 cm right) leaves 16.5 cm.
_TABLE_WIDTHS = (500, 3850, 1300, 1300, 2400)
_HEAD_WIDTHS = (3850, 5500)
_SIGN_WIDTHS = (4850, 4500)
_SHADES = {0: "D9E2F3"}
_RED = "C00000"


def render_docx(appendix: Appendix) -> bytes:
    """Return the bytes of a .docx file; equal reports give equal bytes."""
    letter = compose_letter(appendix)
    document = Document()
    _set_page(document, letter)
    _add_letter(document, letter)
    _add_appendix(document, letter, appendix)
    buffer = io.BytesIO()
    document.save(buffer)
    return remove_metadata(buffer.getvalue())


def _set_page(document: WordDocument, letter: Letter) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    if letter.mark:
        # The mark is on every page: in the first line of the first one, in the header of the others.
        section.different_first_page_header_footer = True
        line = section.header.paragraphs[0]._p
        line.getparent().replace(line, parse_xml(_paragraph(letter.mark, align="center", size=9, color=_RED)))


def _add_letter(document: WordDocument, letter: Letter) -> None:
    if letter.mark:
        _add(document, _paragraph(letter.mark, bold=True, align="center", color=_RED, after=120))
    left = [
        _paragraph(letter.authority[0], align="center"),
        *(_paragraph(line, bold=True, align="center") for line in letter.authority[1:]),
        _rule(_HEAD_WIDTHS[0], 1100),
        _paragraph(letter.number, align="center", before=80),
    ]
    right = [
        _paragraph(letter.nation[0], bold=True, align="center", size=12),
        *(_paragraph(line, bold=True, align="center") for line in letter.nation[1:]),
        _rule(_HEAD_WIDTHS[1], 2700),
        _paragraph(letter.place_and_date, italic=True, align="center", before=80),
    ]
    _add(document, _side_by_side(left, right, _HEAD_WIDTHS))
    _add(document, _paragraph(letter.title[0], bold=True, align="center", size=14, before=360))
    for line in letter.title[1:]:
        _add(document, _paragraph(line, bold=True, align="center", size=14))
    _add(document, _rule(sum(_HEAD_WIDTHS), 2000, after=160))
    if letter.remark:
        _add(document, _paragraph(letter.remark, italic=True, align="center", size=11, after=120))
    for style, text in letter.narrative:
        _add(document, _paragraph(text, bold=style == "heading", align="both", indent=560, before=60, after=60))
    recipients = [
        _paragraph(line, bold=not number, italic=not number, size=11 if number else 12)
        for number, line in enumerate(letter.recipients)
    ]
    signature = [_paragraph(line, bold=True, align="center") for line in letter.signature]
    _add(document, _paragraph(""))
    _add(document, _side_by_side(recipients, signature, _SIGN_WIDTHS))


def _add_appendix(document: WordDocument, letter: Letter, appendix: Appendix) -> None:
    for number, line in enumerate(letter.appendix_title):
        _add(document, _paragraph(line, bold=True, align="center", new_page=number == 0))
    _add(document, _paragraph(letter.appendix_reference, italic=True, align="center"))
    if letter.remark:
        _add(document, _paragraph(letter.remark, italic=True, align="center", size=11))
    _add(document, _paragraph("", size=6))
    header = "".join(
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{_header_cells(letter.table_header, line)}</w:tr>"
        for line in range(len(letter.table_header))
    )
    body = "".join(_row(row, appendix) for row in appendix.rows)
    _add(document, _table(header + body, _TABLE_WIDTHS, "single"))
    _add(document, _paragraph("", size=6))


def _add(document: WordDocument, xml: str) -> None:
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")


def _paragraph(  # noqa: PLR0913 - a paragraph has that many properties
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    size: float = 13,
    before: int = 0,
    after: int = 0,
    indent: int = 0,
    color: str = "",
    new_page: bool = False,
) -> str:
    """`size` in points, spacing and indent in twentieths of a point."""
    half_points = round(size * 2)
    run = "<w:b/>" * bold + "<w:i/>" * italic + (f'<w:color w:val="{color}"/>' if color else "")
    run += f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    layout = "<w:pageBreakBefore/>" * new_page + f'<w:spacing w:before="{before}" w:after="{after}"/>'
    layout += f'<w:ind w:firstLine="{indent}"/>' if indent else ""
    content = f'<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    mark = f'<w:rPr><w:sz w:val="{half_points}"/></w:rPr>'
    return f'<w:p {nsdecls("w")}><w:pPr>{layout}<w:jc w:val="{align}"/>{mark}</w:pPr>{content}</w:p>'


def _rule(width: int, length: int, after: int = 0) -> str:
    """The short line under official titles: an empty paragraph with a lower border, `length` wide within `width`."""
    indent = (width - length) // 2
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:pBdr>'
        f'<w:spacing w:before="0" w:after="{after}" w:line="60" w:lineRule="exact"/>'
        f'<w:ind w:left="{indent}" w:right="{indent}"/></w:pPr></w:p>'
    )


def _cell(
    paragraphs: str, width: int, *, span: int = 1, merge: str = "", shade: str = "", valign: str = "center"
) -> str:
    options = f'<w:tcW w:w="{width}" w:type="dxa"/>' + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
    options += {"restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}.get(merge, "")
    options += f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr>{options}<w:vAlign w:val="{valign}"/></w:tcPr>{paragraphs}</w:tc>'


def _header_cells(header: tuple[tuple[str, ...], ...], line: int) -> str:
    """An empty header cell continues its left neighbour where the line above holds text, else its upper neighbour."""
    cells, column = "", 0
    while column < len(_TABLE_WIDTHS):
        span = 1
        while line == 0 and column + span < len(_TABLE_WIDTHS) and not header[0][column + span]:
            span += 1
        below_is_empty = span == 1 and not header[1][column]
        merge = ("restart" if line == 0 else "continue") if below_is_empty else ""
        text = _paragraph(header[line][column], bold=True, align="center", size=11)
        cells += _cell(text, sum(_TABLE_WIDTHS[column : column + span]), span=span, merge=merge, shade="F2F2F2")
        column += span
    return cells


def _row(row: PrintedRow, appendix: Appendix) -> str:
    bold, italic = row.level < 2, row.level > 2
    texts = (row.stt, row.label, row.unit, format_value(row.value, appendix.number_style), row.note)
    aligns = ("center", "left", "center", "center", "left")
    sizes = (12, 12, 11, 12, 11)
    cells = "".join(
        _cell(
            _paragraph(
                text,
                bold=bold and column < 2,
                italic=italic and column == 1,
                align=align,
                size=size,
                before=20,
                after=20,
            ),
            width,
            shade=_SHADES.get(row.level, ""),
        )
        for column, (text, align, size, width) in enumerate(zip(texts, aligns, sizes, _TABLE_WIDTHS, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _table(rows: str, widths: tuple[int, ...], border: str) -> str:
    sides = "".join(
        f'<w:{side} w:val="{border}" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    layout = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    )
    return f"<w:tbl {nsdecls('w')}><w:tblPr>{layout}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _side_by_side(left: list[str], right: list[str], widths: tuple[int, int]) -> str:
    cells = _cell("".join(left), widths[0], valign="top") + _cell("".join(right), widths[1], valign="top")
    return _table(f"<w:tr>{cells}</w:tr>", widths, "none")
