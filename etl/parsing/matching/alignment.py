"""Which printed row is which row of the form: an alignment of two sequences, not a lookup of labels.

Rows whose label stands once on either side and in the same order are anchors; what lies between two anchors is
aligned by similarity, number and unit; what is left may have moved or stand twice (docs/adr/0005-matching-rows.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from etl.parsing.matching.labels import Labels, similarity

# Below this likeness two labels are different rows; a misprint or a dropped word leaves about 0.85.
MIN_SIMILARITY = 0.62
# A gap is compared cell by cell up to this many pairs; beyond, only equal labels are matched.
MAX_PAIRS = 400_000

Change = Literal["same", "renamed", "moved", "twice", "added"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as the alignment sees it, on either side."""

    key: str
    item: str
    unit: str
    is_misprinted: bool = False


@dataclass(slots=True)
class Alignment:
    """For each printed row the index of its form row (None: the form lacks it) and what changed; then what is missing.

    `in_order` are the printed rows that stand where the form has them. `score` is the sum of likeness.
    """

    form_index: list[int | None]
    changes: list[Change]
    missing: list[int] = field(default_factory=list)
    score: float = 0.0


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rise on both sides (patience sorting); `pairs` rise on the left."""
    tails: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for index, (_, right) in enumerate(pairs):
        place = bisect_left(tails, right)
        before.append(chain[place - 1] if place else -1)
        tails[place : place + 1] = [right]
        chain[place : place + 1] = [index]
    result = []
    index = chain[-1] if chain else -1
    while index >= 0:
        result.append(pairs[index])
        index = before[index]
    return result[::-1]


class _Aligner:
    def __init__(self, printed: Sequence[Entry], form: Sequence[Entry], labels: Labels) -> None:
        self.printed, self.form = printed, form
        self._labels = labels
        self.pairs: list[tuple[int, int]] = []

    def _likeness(self, one: Entry, other: Entry) -> float:
        """Likeness of two rows; a little for the same number and unit, which only breaks ties between labels."""
        alike = similarity(self._labels.label(one.key), self._labels.label(other.key))
        if alike < MIN_SIMILARITY:
            return 0.0
        return alike + 0.04 * (bool(one.item) == bool(other.item)) + 0.02 * (one.unit == other.unit)

    def align(self, left: tuple[int, int], right: tuple[int, int]) -> None:
        """Aligns printed[left] with form[right], anchors first."""
        printed_keys = Counter(self.printed[index].key for index in range(*left))
        form_keys = Counter(self.form[index].key for index in range(*right))
        places = {self.form[index].key: index for index in range(*right)}
        anchors = _increasing(
            [
                (index, places[key])
                for index in range(*left)
                if printed_keys[key := self.printed[index].key] == 1 and form_keys[key] == 1
            ]
        )
        if not anchors:
            self._align_gap(range(*left), range(*right))
            return
        last_left, last_right = left[0], right[0]
        for place, target in [*anchors, (left[1], right[1])]:
            if place > last_left and target > last_right:
                self.align((last_left, place), (last_right, target))
            if place < left[1]:
                self.pairs.append((place, target))
            last_left, last_right = place + 1, target + 1

    def _align_gap(self, left: range, right: range) -> None:
        if len(left) * len(right) > MAX_PAIRS:
            return
        scores = [[self._likeness(self.printed[row], self.form[column]) for column in right] for row in left]
        best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
        for row in range(len(left) - 1, -1, -1):
            for column in range(len(right) - 1, -1, -1):
                score = scores[row][column]
                matched = best[row + 1][column + 1] + score if score else 0.0
                best[row][column] = max(matched, best[row + 1][column], best[row][column + 1])
        row = column = 0
        while row < len(left) and column < len(right):
            score = scores[row][column]
            if score and best[row][column] == best[row + 1][column + 1] + score:
                self.pairs.append((left[row], right[column]))
                row, column = row + 1, column + 1
            elif best[row][column] == best[row][column + 1]:
                column += 1
            else:
                row += 1


def _place_the_rest(result: Alignment, printed: Sequence[Entry], form: Sequence[Entry]) -> None:
    """What the alignment left over: rows elsewhere than on the form, rows standing twice, rows of the sender's own."""
    form_keys = Counter(entry.key for entry in form)
    open_rows = {form[index].key: index for index in result.missing}
    for index, target in enumerate(result.form_index):
        if target is not None:
            continue
        key = printed[index].key
        if form_keys[key] == 1 and key in open_rows:
            result.form_index[index] = open_rows.pop(key)
            result.changes[index] = "moved"
        elif form_keys[key]:
            result.changes[index] = "twice"
    if "moved" in result.changes:
        _settle_repeated(result, printed, form, form_keys)
    found = {target for target in result.form_index if target is not None}
    result.missing = [index for index in range(len(form)) if index not in found]


def _settle_repeated(
    result: Alignment, printed: Sequence[Entry], form: Sequence[Entry], form_keys: Counter[str]
) -> None:
    """Where rows moved, a label that the form has several times belongs to the row of its own after which it stands.

    What that leaves open goes in order if as many are left on both sides; otherwise nothing is guessed.
    """
    repeated = [index for index, entry in enumerate(printed) if form_keys[entry.key] > 1]
    for index in repeated:
        result.form_index[index], result.changes[index] = None, "twice"
    taken = {target for target in result.form_index if target is not None}
    rows: dict[tuple[str, int | None], list[int]] = {}
    owner: int | None = None
    for index, entry in enumerate(printed):
        if form_keys[entry.key] == 1:
            owner = result.form_index[index]
        elif form_keys[entry.key]:
            rows.setdefault((entry.key, owner), []).append(index)
    places: dict[tuple[str, int | None], list[int]] = {}
    last: int | None = None
    for index, entry in enumerate(form):
        if form_keys[entry.key] == 1:
            last = index
        elif index not in taken:
            places.setdefault((entry.key, last), []).append(index)
    for (key, owner), indices in rows.items():
        targets = places.get((key, owner), [])
        if owner is not None and len(targets) == len(indices):
            _assign(result, indices, targets)
    for key in dict.fromkeys(key for key, _ in rows):
        open_rows = [index for index in repeated if printed[index].key == key and result.form_index[index] is None]
        used = {target for target in result.form_index if target is not None}
        targets = [index for index, entry in enumerate(form) if entry.key == key and index not in used]
        if len(open_rows) == len(targets):
            _assign(result, open_rows, targets)


def _assign(result: Alignment, rows: Sequence[int], targets: Sequence[int]) -> None:
    for row, target in zip(rows, targets, strict=True):
        result.form_index[row], result.changes[row] = target, "same"


def align(printed: Sequence[Entry], form: Sequence[Entry], labels: Labels) -> Alignment:
    """Aligns the printed rows with those of the form; no row shifts its neighbours."""
    aligner = _Aligner(printed, form, labels)
    aligner.align((0, len(printed)), (0, len(form)))
    result = Alignment([None] * len(printed), ["added"] * len(printed))
    for left, right in aligner.pairs:
        same = printed[left].key == form[right].key
        result.form_index[left] = right
        result.changes[left] = "same" if same and not printed[left].is_misprinted else "renamed"
        result.score += 1.0 if same else similarity(labels.label(printed[left].key), labels.label(form[right].key))
    found = {right for _, right in aligner.pairs}
    result.missing = [index for index in range(len(form)) if index not in found]
    _place_the_rest(result, printed, form)
    return result
