"""Rows that the page broke into lines or cut in two, joined by what their labels say.

On a page without ruled lines only the label shows where a row ends: lines whose labels together are a label of a form
are one row. Other lines stay apart, and no figure moves to another label.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from etl.parsing.formats.page_words import union
from etl.parsing.layout.printed_row import PrintedRow
from etl.parsing.matching.labels import LabelIndex

_MAX_LINES = 24  # of one row
_UNLABELLED = 0.1  # what lines count that only continue the units or notes of a row


class LabelPrefixes:
    """The labels of all forms, as keys, and the beginnings of each, word by word."""

    def __init__(self, labels: Collection[str]) -> None:
        self.labels = frozenset(labels)
        self.prefixes = frozenset(
            " ".join(words[:count]) for words in map(str.split, labels) for count in range(1, len(words) + 1)
        )


def join_wrapped_rows(
    rows: Sequence[PrintedRow], labels: LabelIndex, known: LabelPrefixes
) -> Iterator[tuple[PrintedRow, PrintedRow]]:
    """The rows with broken ones joined, each after the first of its lines.

    Of all ways to join the lines, take the one in which most lines are part of a label of a form.
    """
    keys = [labels.key(row.label) for row in rows]
    best = [0.0] * (len(rows) + 1)
    length = [1] * len(rows)
    for start in range(len(rows) - 1, -1, -1):
        best[start] = best[start + 1] + (1.0 if keys[start] in known.labels else 0.0)
        for end in range(start + 2, min(start + _MAX_LINES, len(rows)) + 1):
            if not rows[end - 1].may_continue:
                break
            key = " ".join(filter(None, keys[start:end]))
            is_known, has_one_label = key in known.labels, key == keys[start]
            if not has_one_label and key not in known.prefixes:
                break
            lines = rows[start:end]
            if not (is_known or has_one_label) or not _can_join(lines):
                continue
            score = best[end] + len(lines) * (1.0 if is_known else _UNLABELLED)
            if score > best[start]:
                best[start], length[start] = score, end - start
    index = 0
    while index < len(rows):
        yield rows[index], _join(rows[index : index + length[index]])
        index += length[index]


def _can_join(lines: Sequence[PrintedRow]) -> bool:
    """Whether lines may be one row: one value, one number, and no value at their edge without a label of its own."""
    if not lines[0].label or any(line.item for line in lines[1:]) or not _have_one_value(lines):
        return False
    labelled = [index for index, line in enumerate(lines) if line.label]
    grids = [lines[index].grid for index in labelled]
    return all(
        labelled[0] < index < labelled[-1] and all(grid is line.grid for grid in grids)
        for index, line in enumerate(lines)
        if line.is_filled and not line.label
    )


def _have_one_value(lines: Sequence[PrintedRow]) -> bool:
    """Whether lines have at most one value: one figure, or words of one column that run over several lines."""
    filled = [line for line in lines if line.is_filled]
    if len(filled) < 2:
        return True
    columns = _filled_columns(filled[0])
    return len(columns) == 1 and all(
        _filled_columns(line) == columns and not any(letter.isdigit() for letter in line.values[columns[0]].text)
        for line in filled
    )


def _filled_columns(line: PrintedRow) -> list[int]:
    return [index for index, cell in enumerate(line.values) if cell.text]


def _join(lines: Sequence[PrintedRow]) -> PrintedRow:
    if len(lines) == 1:
        return lines[0]
    row = _join_values(lines)

    def joined(texts: Iterator[str]) -> str:
        return " ".join(filter(None, texts))

    return replace(
        row,
        item=lines[0].item,
        label=joined(line.label for line in lines),
        unit=joined(line.unit for line in lines),
        note=joined(line.note for line in lines),
        may_continue=False,
    )


def _join_values(lines: Sequence[PrintedRow]) -> PrintedRow:
    """The line with the value, or with the words of all lines joined in its cell."""
    filled = [line for line in lines if line.is_filled]
    if len(filled) < 2:
        return filled[0] if filled else lines[0]
    column = _filled_columns(filled[0])[0]
    cells = [line.values[column] for line in filled]
    whole = replace(
        cells[0],
        text=" ".join(cell.text for cell in cells),
        box=union([cell.box for cell in cells]),
        confidence=min((cell.confidence for cell in cells if cell.confidence is not None), default=None),
    )
    values = [whole if index == column else cell for index, cell in enumerate(filled[0].values)]
    return replace(filled[0], values=values, place=whole)
