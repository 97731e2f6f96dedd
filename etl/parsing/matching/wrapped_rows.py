"""Rows that the page broke: printed lines, and rows cut in two overleaf, put together again by what their labels say.

On a page without ruled lines nothing tells where a row ends but its label: lines whose labels together are one of a
form's labels are one row. Lines that are none together stay apart, and no figure moves to another label.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from etl.parsing.formats.page_words import union
from etl.parsing.layout.appendix_finder import PrintedRow
from etl.parsing.matching.labels import Labels

_MAX_LINES = 24  # of one row
_ALONE = 0.1


def _says_value(row: PrintedRow) -> bool:
    return any(cell.text or cell.lacks_result for cell in row.values)


def _said(row: PrintedRow) -> list[int]:
    return [index for index, cell in enumerate(row.values) if cell.text]


def _is_one_value(rows: Sequence[PrintedRow]) -> bool:
    """Whether lines say one thing in the value column at most: one figure, or words that run over several lines."""
    speaking = [row for row in rows if _says_value(row)]
    if len(speaking) < 2:
        return True
    columns = _said(speaking[0])
    return len(columns) == 1 and all(
        _said(row) == columns and not any(letter.isdigit() for letter in row.values[columns[0]].text)
        for row in speaking
    )


def _one_value(rows: Sequence[PrintedRow]) -> PrintedRow:
    """The line with the figure, or with the words of all lines put together in its cell."""
    speaking = [row for row in rows if _says_value(row)]
    if len(speaking) < 2:
        return speaking[0] if speaking else rows[0]
    column = _said(speaking[0])[0]
    cells = [row.values[column] for row in speaking]
    whole = replace(
        cells[0],
        text=" ".join(cell.text for cell in cells),
        box=union([cell.box for cell in cells]),
        confidence=min((cell.confidence for cell in cells if cell.confidence is not None), default=None),
    )
    values = [whole if index == column else cell for index, cell in enumerate(speaking[0].values)]
    return replace(speaking[0], values=values, box=whole.box, confidence=whole.confidence)


def _can_join(rows: Sequence[PrintedRow]) -> bool:
    """Whether lines may be one row: one figure, one number, and no figure at their edge without a label of its own."""
    if not rows[0].label or any(row.item for row in rows[1:]) or not _is_one_value(rows):
        return False
    labelled = [index for index, row in enumerate(rows) if row.label]
    for index, row in enumerate(rows):
        if row.label or not _says_value(row):
            continue
        around = [rows[place] for place in labelled if abs(place - index) <= _MAX_LINES]
        is_between = labelled[0] < index < labelled[-1]
        if not is_between or any(other.grid != row.grid for other in around):
            return False
    return True


def _joined(rows: Sequence[PrintedRow]) -> PrintedRow:
    if len(rows) == 1:
        return rows[0]
    speaking = _one_value(rows)

    def text(parts: Sequence[str]) -> str:
        return " ".join(part for part in parts if part)

    return PrintedRow(
        rows[0].item,
        text([row.label for row in rows]),
        text([row.unit for row in rows]),
        speaking.values,
        text([row.note for row in rows]),
        speaking.location,
        rows[0].grid,
        box=speaking.box,
        confidence=speaking.confidence,
        locations=speaking.locations,
    )


class KnownLabels:
    """The labels of all forms, as keys, and the word by word beginnings of each."""

    def __init__(self, keys: Collection[str]) -> None:
        self.keys = frozenset(keys)
        self.beginnings = frozenset(
            " ".join(words[:count]) for words in map(str.split, keys) for count in range(1, len(words) + 1)
        )


def unwrapped(
    rows: Sequence[PrintedRow], labels: Labels, known: KnownLabels
) -> Iterator[tuple[PrintedRow, PrintedRow]]:
    """The rows with those joined that the page broke, each after the first of its lines.

    Of all ways to put the lines together that one is taken in which most lines are part of a label of a form.
    """
    keys = [labels.key(row.label) for row in rows]
    best = [0.0] * (len(rows) + 1)
    length = [1] * len(rows)
    for start in range(len(rows) - 1, -1, -1):
        best[start] = best[start + 1] + (1.0 if keys[start] in known.keys else 0.0)
        for end in range(start + 2, min(start + _MAX_LINES, len(rows)) + 1):
            if not rows[end - 1].may_continue:
                break
            key = " ".join(filter(None, keys[start:end]))
            is_known, is_alone = key in known.keys, key == keys[start]
            if not is_alone and key not in known.beginnings:
                break
            part = rows[start:end]
            if not (is_known or is_alone) or not _can_join(part):
                continue
            score = best[end] + (len(part) if is_known else _ALONE * len(part))
            if score > best[start]:
                best[start], length[start] = score, end - start
    index = 0
    while index < len(rows):
        yield rows[index], _joined(rows[index : index + length[index]])
        index += length[index]
