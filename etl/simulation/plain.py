"""A report as text (tab-separated, as the public report came) and as JSON (as an API would deliver it)."""

from __future__ import annotations

import json
from decimal import Decimal

from etl.simulation.appendix import Appendix, PrintedRow
from etl.simulation.letter import Letter, letter
from etl.simulation.numbers import plain, written

# The public report repeats the two header lines at every page break, inside groups too.
_ROWS_A_PAGE = 14


def txt(appendix: Appendix) -> bytes:
    """UTF-8 lines; a row of the table is five fields between tabs, italics are marked <i>…</i>."""
    words = letter(appendix)
    header = ["\t".join(line) for line in words.table_header]
    lines = _letter_lines(words)
    for place, row in enumerate(appendix.rows):
        if place % _ROWS_A_PAGE == 0:
            lines += ["", *header]
        lines.append("\t".join(_cells(row, appendix)))
    return ("\n".join(lines) + "\n").encode()


def _letter_lines(words: Letter) -> list[str]:
    paragraphs = [
        words.mark,
        *words.authority,
        words.number,
        *words.nation,
        words.place_and_date,
        *words.title,
        words.remark,
        *(text for _, text in words.narrative),
        *words.signature,
    ]
    spaced = [line for text in paragraphs if text for line in (text, "")]
    return [*spaced, *words.recipients, "", *words.appendix_title, words.appendix_reference]


def _cells(row: PrintedRow, appendix: Appendix) -> tuple[str, ...]:
    label = f"<i>{row.label}</i>" if row.level > 2 else row.label
    texts = (row.stt, label, row.unit, written(row.value, appendix.number_style), row.note)
    return tuple(" ".join(text.split()) for text in texts)


def json_document(appendix: Appendix) -> bytes:
    """{"head": {…}, "tables": [{"title", "header", "rows"}]}: the pointer of a value is /tables/0/rows/36/3."""
    words, head = letter(appendix), appendix.head
    document = {
        "head": {
            "lines": [line for line in (words.mark, *words.authority, *words.title, words.remark) if line],
            "document_no": head.document_no,
            "signed_on": head.signed_on.isoformat(),
            "district_name": head.district.name_vi,
            "period_name": head.period.name_vi,
        },
        "narrative": [text for _, text in words.narrative],
        "tables": [
            {
                "title": [*words.appendix_title, words.appendix_reference],
                "header": words.table_header,
                "rows": [[row.stt, row.label, row.unit, _json_value(row), row.note] for row in appendix.rows],
            }
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_value(row: PrintedRow) -> str | int | float:
    return plain(row.value) if isinstance(row.value, Decimal) else row.value
