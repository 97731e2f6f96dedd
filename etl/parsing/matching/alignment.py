"""Which printed row is which row of the form: an alignment of two sequences, not a lookup of labels.

Rows whose label occurs once on either side and in the same order are anchors. What lies between two anchors is aligned
by similarity, numbering and unit; what is left may have moved or be printed twice (docs/adr/0005-matching-rows.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.parsing.layout.printed_row import RowChange
from etl.parsing.matching.labels import LabelIndex

MIN_SIMILARITY = 0.62  # less similar labels are different rows; a misprint or a dropped word leaves about 0.85
MAX_PAIRS = 400_000  # of rows compared between two anchors; above it only equal labels are matched
# They only break ties between labels.
_SAME_NUMBERING, _SAME_UNIT = 0.04, 0.02


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is compared by: the key of its label, its number and its folded unit."""

    label: str
    item: str
    unit: str
    is_misprinted: bool = False


@dataclass(slots=True)
class Alignment:
    """For each printed row the index of its form row (None: the form lacks it) and how it differs; the indices of the
    form's missing rows; `score` is the sum of similarities."""

    form_index: list[int | None]
    changes: list[RowChange]
    missing: list[int] = field(default_factory=list)
    score: float = 0.0

    def assign(self, row: int, form_row: int, change: RowChange) -> None:
        self.form_index[row], self.changes[row] = form_row, change


def align(printed: Sequence[RowKey], form: Sequence[RowKey], labels: LabelIndex) -> Alignment:
    """Align the printed rows with those of the form; no row shifts its neighbours."""
    aligner = _Aligner(printed, form, labels)
    aligner.align(range(len(printed)), range(len(form)))
    result = Alignment([None] * len(printed), ["added"] * len(printed))
    for row, form_row in aligner.pairs:
        is_same = printed[row].label == form[form_row].label
        result.assign(row, form_row, "same" if is_same and not printed[row].is_misprinted else "renamed")
        result.score += labels.similarity(printed[row].label, form[form_row].label)
    _place_remaining_rows(result, printed, form)
    used = set(result.form_index)
    result.missing = [index for index in range(len(form)) if index not in used]
    return result


class _Aligner:
    def __init__(self, printed: Sequence[RowKey], form: Sequence[RowKey], labels: LabelIndex) -> None:
        self._printed, self._form, self._labels = printed, form, labels
        self.pairs: list[tuple[int, int]] = []

    def align(self, rows: range, form_rows: range) -> None:
        """Align a range of printed rows with a range of form rows, anchors first."""
        anchors = self._anchors(rows, form_rows)
        if not anchors:
            self._align_by_similarity(rows, form_rows)
            return
        row, form_row = rows.start, form_rows.start
        for anchor, form_anchor in anchors:
            if anchor > row and form_anchor > form_row:
                self.align(range(row, anchor), range(form_row, form_anchor))
            self.pairs.append((anchor, form_anchor))
            row, form_row = anchor + 1, form_anchor + 1
        if row < rows.stop and form_row < form_rows.stop:
            self.align(range(row, rows.stop), range(form_row, form_rows.stop))

    def _anchors(self, rows: range, form_rows: range) -> list[tuple[int, int]]:
        """Pairs of rows whose label occurs once on either side, as many as have the same order."""
        printed_count = Counter(self._printed[row].label for row in rows)
        form_count = Counter(self._form[row].label for row in form_rows)
        form_row_of = {self._form[row].label: row for row in form_rows}
        return _longest_increasing(
            [
                (row, form_row_of[label])
                for row in rows
                if printed_count[label := self._printed[row].label] == 1 and form_count[label] == 1
            ]
        )

    def _similarity(self, printed: RowKey, form: RowKey) -> float:
        similar = self._labels.similarity(printed.label, form.label)
        if similar < MIN_SIMILARITY:
            return 0.0
        has_same_numbering = bool(printed.item) == bool(form.item)
        return similar + _SAME_NUMBERING * has_same_numbering + _SAME_UNIT * (printed.unit == form.unit)

    def _align_by_similarity(self, rows: range, form_rows: range) -> None:
        """Align a gap between anchors so that the sum of similarities is greatest (dynamic programming)."""
        if len(rows) * len(form_rows) > MAX_PAIRS:
            return
        scores = [[self._similarity(self._printed[row], self._form[column]) for column in form_rows] for row in rows]
        best = [[0.0] * (len(form_rows) + 1) for _ in range(len(rows) + 1)]
        for row in range(len(rows) - 1, -1, -1):
            for column in range(len(form_rows) - 1, -1, -1):
                score = scores[row][column]
                matched = best[row + 1][column + 1] + score if score else 0.0
                best[row][column] = max(matched, best[row + 1][column], best[row][column + 1])
        row = column = 0
        while row < len(rows) and column < len(form_rows):
            score = scores[row][column]
            if score and best[row][column] == best[row + 1][column + 1] + score:
                self.pairs.append((rows[row], form_rows[column]))
                row, column = row + 1, column + 1
            elif best[row][column] == best[row][column + 1]:
                column += 1
            else:
                row += 1


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that increase on both sides (patience sorting); `pairs` increase on the left."""
    tails: list[int] = []
    chain: list[int] = []
    previous: list[int] = []
    for index, (_, right) in enumerate(pairs):
        place = bisect_left(tails, right)
        previous.append(chain[place - 1] if place else -1)
        tails[place : place + 1] = [right]
        chain[place : place + 1] = [index]
    longest = []
    index = chain[-1] if chain else -1
    while index >= 0:
        longest.append(pairs[index])
        index = previous[index]
    return longest[::-1]


def _place_remaining_rows(result: Alignment, printed: Sequence[RowKey], form: Sequence[RowKey]) -> None:
    """Find rows that moved and rows printed twice among those that the alignment left over."""
    form_count = Counter(row.label for row in form)
    used = set(result.form_index)
    free = {row.label: index for index, row in enumerate(form) if index not in used}
    for index, row in enumerate(printed):
        if result.form_index[index] is not None:
            continue
        if form_count[row.label] == 1 and row.label in free:
            result.assign(index, free.pop(row.label), "moved")
        elif form_count[row.label]:
            result.changes[index] = "twice"
    if "moved" in result.changes:
        _place_repeated_labels(result, printed, form, form_count)


def _place_repeated_labels(
    result: Alignment, printed: Sequence[RowKey], form: Sequence[RowKey], form_count: Counter[str]
) -> None:
    """Where rows moved, a label that the form has several times belongs below the unique row that it follows.

    What that leaves open goes in order if as many are left on both sides; otherwise nothing is guessed.
    """
    repeated = [index for index, row in enumerate(printed) if form_count[row.label] > 1]
    for index in repeated:
        result.form_index[index], result.changes[index] = None, "twice"
    used = set(result.form_index)
    rows = _by_label_and_owner(printed, form_count, result.form_index)
    places = _by_label_and_owner(form, form_count, range(len(form)))
    for (label, owner), indices in rows.items():
        if owner is not None:
            free = [index for index in places.get((label, owner), ()) if index not in used]
            _assign_in_order(result, indices, free)
    for label in dict.fromkeys(label for label, _ in rows):
        used = set(result.form_index)
        _assign_in_order(
            result,
            [index for index in repeated if printed[index].label == label and result.form_index[index] is None],
            [index for index, row in enumerate(form) if row.label == label and index not in used],
        )


def _by_label_and_owner(
    rows: Sequence[RowKey], form_count: Counter[str], form_index: Sequence[int | None]
) -> dict[tuple[str, int | None], list[int]]:
    """The rows with repeated labels, grouped by their label and by the unique form row that they follow."""
    groups: dict[tuple[str, int | None], list[int]] = {}
    owner: int | None = None
    for index, row in enumerate(rows):
        if form_count[row.label] == 1:
            owner = form_index[index]
        elif form_count[row.label]:
            groups.setdefault((row.label, owner), []).append(index)
    return groups


def _assign_in_order(result: Alignment, rows: Sequence[int], form_rows: Sequence[int]) -> None:
    if len(rows) == len(form_rows):
        for row, form_row in zip(rows, form_rows, strict=True):
            result.assign(row, form_row, "same")
