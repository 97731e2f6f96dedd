"""Renders a report as text (tab-separated, as the public report) and as JSON (as an API would deliver it)."""

from __future__ import annotations

import json
from decimal import Decimal

from etl.simulation.appendix import Appendix, PrintedRow
from etl.simulation.letter import Letter, compose_letter
from etl.simulation.numbers import format_value, to_json_number

# The public report repeats the two header lines at every page break, inside groups too.
_ROWS_PER_PAGE = 14


def render_txt(appendix: Appendix) -> bytes:
    """Return UTF-8 lines: a row of the table is five fields between tabs, italics are marked <i>…</i>."""
    letter = compose_letter(appendix)
    header = ["\t".join(line) for line in letter.table_header]
    lines = _letter_lines(letter)
    for index, row in enumerate(appendix.rows):
        if index % _ROWS_PER_PAGE == 0:
            lines += ["", *header]
        lines.append("\t".join(_cells(row, appendix)))
    return ("\n".join(lines) + "\n").encode()


def _letter_lines(letter: Letter) -> list[str]:
    paragraphs = [
        letter.mark,
        *letter.authority,
        letter.number,
        *letter.nation,
        letter.place_and_date,
        *letter.title,
        letter.remark,
        *(text for _, text in letter.narrative),
        *letter.signature,
    ]
    spaced = [line for text in paragraphs if text for line in (text, "")]
    return [*spaced, *letter.recipients, "", *letter.appendix_title, letter.appendix_reference]


def _cells(row: PrintedRow, appendix: Appendix) -> tuple[str, ...]:
    label = f"<i>{row.label}</i>" if row.level > 2 else row.label
    texts = (row.stt, label, row.unit, format_value(row.value, appendix.number_style), row.note)
    return tuple(" ".join(text.split()) for text in texts)


def render_json(appendix: Appendix) -> bytes:
    """Return {"head": {…}, "tables": [{"title", "header", "rows"}]}; a value is at /tables/0/rows/36/3."""
    letter, head = compose_letter(appendix), appendix.head
    document = {
        "head": {
            "lines": [line for line in (letter.mark, *letter.authority, *letter.title, letter.remark) if line],
            "document_no": head.document_no,
            "signed_on": head.signed_on.isoformat(),
            "district_name": head.district.name_vi,
            "period_name": head.period.name_vi,
        },
        "narrative": [text for _, text in letter.narrative],
        "tables": [
            {
                "title": [*letter.appendix_title, letter.appendix_reference],
                "header": letter.table_header,
                "rows": [[row.stt, row.label, row.unit, _json_value(row), row.note] for row in appendix.rows],
            }
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_value(row: PrintedRow) -> str | int | float:
    return to_json_number(row.value) if isinstance(row.value, Decimal) else row.value
