"""The smallest change of one reported value that gains a place, found by trying: the engine scores every attempt.

Both ways from the value that is known, steps of one, two, four … to the end of what the value may be are tried, then
the stretch between the last step that fails and the first that gains is divided until nothing lies between. So nothing
is assumed about rules, weights or rounding, but that within such a stretch a gain is not lost again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from etl.database import Connection
from etl.tables import Table

_EACH = 4  # so many steps next to the known value are tried one by one
_PARTS = 8  # a stretch is divided into so many at once: fewer questions, each of more attempts
_AT_ONCE = 400  # attempts in one question, so that no answer grows beyond memory
_VERIFIED = 10  # the smallest changes, tried again among all districts for the rank that follows


@dataclass(frozen=True, slots=True)
class Room:
    """Between which values, both included, a value may move in steps of `step`; `codes` are all it may be, if few.

    `highest` None: no limit is known. `ruled_by` names what limits it, `moves_with` what else must move with it.
    """

    lowest: Decimal
    highest: Decimal | None
    step: Decimal
    codes: tuple[Decimal, ...] = ()
    ruled_by: tuple[str, ...] = ()
    moves_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose place is to be gained. `rivals` are scored with it (None: everybody), `rank` is its rank among them."""

    period_code: str
    method_code: str
    district_code: str
    rivals: list[str] | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Gain:
    """A change of one value, and the score and rank that the engine gives for it. `share` is the change as a part of
    what the value may be: of a hundred for a rate, of its limit or itself for a count, all of it for a code.
    """

    indicator_code: str
    before: Decimal | None
    after: Decimal
    share: Decimal
    room: Room
    score: Decimal | None = None
    rank: int | None = None

    @property
    def change(self) -> Decimal:
        return self.after - (self.before or Decimal(0))


@dataclass(slots=True)
class _Search:
    """One value moved one way. Offsets are whole steps; `fails` does not gain, `gains` (None: nothing) does."""

    indicator_code: str
    start: Decimal
    sign: int
    room: Room
    fails: int = 0
    gains: int | None = None

    def value(self, offset: int) -> Decimal:
        return self.start + self.sign * offset * self.room.step


def smallest_gains(connection: Connection, standing: Standing, inputs: Table, rooms: Mapping[str, Room]) -> list[Gain]:
    """For each value that can gain a place alone, the smallest change that does; the smallest share first.

    `inputs` are the rows of mart.score_input: what is known now. A value that does not apply is left alone.
    """
    known = _known(inputs, rooms)
    largest = max((value for value in known.values() if value is not None), default=Decimal(0))
    gains = list(_of_codes(connection, standing, known, rooms))
    searches = list(_searches(known, rooms))
    _bracket(connection, standing, searches, largest)
    _narrow(connection, standing, searches)
    found: dict[str, _Search] = {}
    for search in sorted((each for each in searches if each.gains), key=lambda each: each.gains or 0):
        found.setdefault(search.indicator_code, search)
    gains += [_gain(code, known[code], search) for code, search in found.items()]
    gains.sort(key=lambda gain: (gain.share, gain.indicator_code))
    return _verified(connection, standing, gains[:_VERIFIED]) + gains[_VERIFIED:]


def _known(inputs: Table, rooms: Mapping[str, Room]) -> dict[str, Decimal | None]:
    """The reported values that may move, by code; None where one is missing."""
    rows = [dict(zip(inputs.columns, row, strict=True)) for row in inputs.rows]
    return {
        row["input_code"]: row["value"]
        for row in rows
        if row["source"] == "report" and row["value_status"] != "not_applicable" and row["input_code"] in rooms
    }


def _searches(known: Mapping[str, Decimal | None], rooms: Mapping[str, Room]) -> Iterator[_Search]:
    for code, value in known.items():
        if not rooms[code].codes:
            # A missing value is looked for from the lowest up, that one included.
            start = rooms[code].lowest - rooms[code].step if value is None else value
            yield from (_Search(code, start, sign, rooms[code]) for sign in ((1,) if value is None else (1, -1)))


def _steps_to_the_end(search: _Search, largest: Decimal) -> int:
    room = search.room
    end = room.lowest if search.sign < 0 else room.highest
    if end is None:  # without a limit: far beyond all that is known
        end = 16 * max(largest, search.start, Decimal(1))
    return max(0, int((end - search.start) * search.sign / room.step))


def _bracket(connection: Connection, standing: Standing, searches: Sequence[_Search], largest: Decimal) -> None:
    """Where everybody is scored in each attempt, only what gains at an end is looked at closer, to save time."""
    ends = {id(search): _steps_to_the_end(search, largest) for search in searches}
    if standing.rivals is None:
        _learn(connection, standing, [(each, offset) for each in searches for offset in _ends(ends[id(each)])])
    attempts = [
        (search, offset)
        for search in searches
        if standing.rivals is not None or search.gains
        for offset in _doubling(ends[id(search)])
    ]
    _learn(connection, standing, attempts)


def _ends(end: int) -> list[int]:
    """The first step and the last two: there a denominator may be nothing, which is a matter of its own."""
    return sorted({offset for offset in (1, end - 1, end) if 0 < offset <= end})


def _doubling(end: int) -> list[int]:
    offsets = {*range(1, _EACH + 1), *(2**power for power in range(2, end.bit_length())), *_ends(end)}
    return sorted(offset for offset in offsets if offset <= end)


def _narrow(connection: Connection, standing: Standing, searches: Sequence[_Search]) -> None:
    while unsure := [each for each in searches if each.gains and each.gains - each.fails > 1]:
        attempts = [(search, offset) for search in unsure for offset in _between(search.fails, search.gains or 0)]
        _learn(connection, standing, attempts)


def _learn(connection: Connection, standing: Standing, attempts: Sequence[tuple[_Search, int]]) -> None:
    """Tries offsets; each search then knows the first that gains and the last before it that does not."""
    answers = _scored(connection, standing, [(search.indicator_code, search.value(step)) for search, step in attempts])
    for (search, offset), (_, rank) in zip(attempts, answers, strict=True):
        if _is_gain(rank, standing.rank):
            search.gains = min(offset, search.gains or offset)
    for search, offset in attempts:
        if search.gains and offset < search.gains:
            search.fails = max(search.fails, offset)


def _between(low: int, high: int) -> list[int]:
    return sorted({low + (high - low) * part // _PARTS for part in range(1, _PARTS)} - {low, high})


def _of_codes(
    connection: Connection, standing: Standing, known: Mapping[str, Decimal | None], rooms: Mapping[str, Room]
) -> Iterator[Gain]:
    tries = [(code, other) for code, value in known.items() for other in rooms[code].codes if other != value]
    answers = _scored(connection, standing, tries)
    found: set[str] = set()
    for (code, other), (_, rank) in sorted(
        zip(tries, answers, strict=True), key=lambda each: (each[0][0], abs(each[0][1] - (known[each[0][0]] or 0)))
    ):
        if code not in found and _is_gain(rank, standing.rank):
            found.add(code)
            yield Gain(code, known[code], other, Decimal(1), rooms[code])


def _is_gain(rank: int | None, before: int | None) -> bool:
    return rank is not None and (before is None or rank < before)


def _gain(code: str, before: Decimal | None, search: _Search) -> Gain:
    after = search.value(search.gains or 0)
    whole = search.room.highest or max(before or Decimal(0), after, Decimal(1))
    return Gain(code, before, after, abs(after - (before or Decimal(0))) / whole, search.room)


def _verified(connection: Connection, standing: Standing, gains: Sequence[Gain]) -> list[Gain]:
    everybody = replace(standing, rivals=None)
    answers = _scored(connection, everybody, [(gain.indicator_code, gain.after) for gain in gains])
    return [replace(gain, score=score, rank=rank) for gain, (score, rank) in zip(gains, answers, strict=True)]


def _scored(
    connection: Connection, standing: Standing, tries: Sequence[tuple[str, Decimal]]
) -> list[tuple[Decimal | None, int | None]]:
    """Score and rank of the district for each try, in their order."""
    answers: list[tuple[Decimal | None, int | None]] = []
    for first in range(0, len(tries), _AT_ONCE):
        some = tries[first : first + _AT_ONCE]
        changes: list[dict[str, Any]] = [
            {
                "scenario": number,
                "district_code": standing.district_code,
                "indicator_code": code,
                "value": str(value),
            }
            for number, (code, value) in enumerate(some)
        ]
        rows = connection.exec_driver_sql(
            "SELECT scenario, score, rank FROM mart.rank_with_values(%s, %s, %s::jsonb, %s) WHERE district_code = %s",
            (
                standing.period_code,
                standing.method_code,
                json.dumps(changes),
                standing.rivals,
                standing.district_code,
            ),
        ).fetchall()
        by_number = {scenario: (score, rank) for scenario, score, rank in rows}
        answers += [by_number.get(number, (None, None)) for number in range(len(some))]
    return answers
