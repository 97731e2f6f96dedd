"""Sixteen kinds of error that clerks make, each put into a correct report. Knows no rule.

A cell is drawn uniformly among those that hold a value and in which the error can happen at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random

from etl import periods
from etl.decimals import format_decimal
from etl.observations import Observation, ValueStatus
from etl.validation import Candidate
from tests.mutation.reports import BEFORE, PERIODS, World

# The sums that the form implies: a total and its parts (domain knowledge, written down here for itself).
SUMS = (
    ("procedures_in_force", "procedures_in_force_district", "procedures_in_force_commune"),
    ("portal_procedures_level_3_4", "online_procedures_level_3", "online_procedures_level_4"),
    ("one_stop_page_procedures_level_3_4", "online_procedures_level_3", "online_procedures_level_4"),
    ("legal_documents_checked_and_handled", "legal_documents_self_checked", "legal_documents_checked"),
    (
        "public_service_units",
        "autonomous_units_recurrent_and_investment",
        "autonomous_units_recurrent",
        "autonomous_units_partial",
        "state_funded_units",
    ),
    (
        "disciplined_public_employees",
        "disciplined_in_fully_autonomous_units",
        "disciplined_in_partly_autonomous_units",
        "disciplined_in_state_funded_units",
    ),
)


@dataclass(frozen=True)
class Mutant:
    """A report with one error; `codes` are the rows it touched, none where it is the whole file."""

    candidate: Candidate
    codes: tuple[str, ...]


Make = Callable[[Candidate, World, Random], Mutant | None]


def random_for(kind: str, candidate: Candidate, seed: int) -> Random:
    return Random(f"{seed}|{kind}|{candidate.head.district_code}|{candidate.head.period_code}")


def _with(candidate: Candidate, changes: dict[str, tuple[str, str]]) -> Mutant:
    """The candidate with other cells: status and value by indicator."""
    rows = tuple(_changed(row, changes) for row in candidate.rows)
    return Mutant(replace(candidate, rows=rows), tuple(changes))


def _changed(row: Observation, changes: dict[str, tuple[str, str]]) -> Observation:
    if row.indicator_code not in changes:
        return row
    status, value = changes[row.indicator_code]
    number = Decimal(value) if value else None
    return row._replace(status=ValueStatus(status), value=number, raw_value=value)


def _reported(candidate: Candidate) -> list[Observation]:
    return [row for row in candidate.rows if row.status == "reported"]


def _number(row: Observation) -> Decimal:
    assert row.value is not None, "the row is reported"
    return row.value


def _kind(row: Observation, world: World) -> str:
    return world.catalogue.indicators[row.indicator_code].kind


def _one_cell(
    candidate: Candidate, random: Random, options: Iterator[tuple[Observation, Sequence[str]]]
) -> Mutant | None:
    """Draws a cell among those that have wrong values to choose from, then one of these."""
    possible = [(row, wrong) for row, wrong in options if wrong]
    if not possible:
        return None
    row, wrong = random.choice(possible)
    return _with(candidate, {row.indicator_code: ("reported", random.choice(list(wrong)))})


def digits_swapped(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    def wrong(text: str) -> list[str]:
        pairs = [(i, i + 1) for i in range(len(text) - 1) if text[i].isdigit() and text[i + 1].isdigit()]
        swapped = (text[:i] + text[j] + text[i] + text[j + 1 :] for i, j in pairs if text[i] != text[j])
        return [one for one in swapped if one[0] != "0" or one.startswith("0.")]

    return _one_cell(candidate, random, ((row, wrong(format_decimal(row.value))) for row in _reported(candidate)))


def digit_dropped(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    def wrong(text: str) -> list[str]:
        whole, dot, rest = text.partition(".")
        if len(whole) < 2:
            return []
        dropped = {whole[:i] + whole[i + 1 :] for i in range(len(whole))}
        return sorted(one + dot + rest for one in dropped if one[0] != "0" or one == "0")

    return _one_cell(candidate, random, ((row, wrong(format_decimal(row.value))) for row in _reported(candidate)))


def thousands_as_decimals(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    def wrong(row: Observation) -> list[str]:
        if _kind(row, world) != "count" or _number(row) < 1000:
            return []
        return [format_decimal(_number(row) / 1000)]

    return _one_cell(candidate, random, ((row, wrong(row)) for row in _reported(candidate)))


def _neighbours(candidate: Candidate) -> list[tuple[Observation, Observation]]:
    asked = [row for row in candidate.rows if row.status != "heading"]
    return [(one, two) for one, two in pairwise(asked) if one.status == "reported"]


def moved_down(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    one, two = random.choice(_neighbours(candidate))
    return _with(
        candidate, {one.indicator_code: ("blank", ""), two.indicator_code: ("reported", format_decimal(one.value))}
    )


def rows_exchanged(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    pairs = [(one, two) for one, two in _neighbours(candidate) if two.status == "reported" and one.value != two.value]
    one, two = random.choice(pairs)
    return _with(
        candidate,
        {
            one.indicator_code: ("reported", format_decimal(two.value)),
            two.indicator_code: ("reported", format_decimal(one.value)),
        },
    )


def cumulative_for_period(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    """The third quarter's cell holds what the year has come to so far; other reports are cumulative by nature."""
    if not candidate.head.period_code.endswith("Q3"):
        return None
    half = world.earlier(candidate.head.district_code, periods.parse(candidate.head.period_code))["2022-H1"]

    def wrong(row: Observation) -> list[str]:
        indicator = world.catalogue.indicators[row.indicator_code]
        before = half.get(row.indicator_code, "")
        if indicator.kind != "count" or indicator.nature != "flow" or before in ("", "0") or not before.isdigit():
            return []
        return [str(int(_number(row)) + int(before))]

    return _one_cell(candidate, random, ((row, wrong(row)) for row in _reported(candidate)))


def _report_before(candidate: Candidate, world: World) -> Candidate:
    order = (*BEFORE, *PERIODS)
    return world.reports[order[order.index(candidate.head.period_code) - 1], candidate.head.district_code]


def all_of_last_period(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    last = _report_before(candidate, world)
    return Mutant(replace(candidate, rows=last.rows, narrative=last.narrative), ())


def _of_status(candidate: Candidate, status: str, value: str) -> list[Observation]:
    return [row for row in candidate.rows if row.status == status and format_decimal(row.value) == value]


def blank_for_zero(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    zeros = _of_status(candidate, "reported", "0")
    return _with(candidate, {random.choice(zeros).indicator_code: ("blank", "")}) if zeros else None


def zero_for_blank(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    blanks = _of_status(candidate, "blank", "")
    return _with(candidate, {random.choice(blanks).indicator_code: ("reported", "0")}) if blanks else None


def _another_district(candidate: Candidate, world: World, random: Random) -> str:
    return random.choice([code for code in world.catalogue.districts if code != candidate.head.district_code])


def wrong_district(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    head = replace(candidate.head, district_code=_another_district(candidate, world, random))
    return Mutant(replace(candidate, head=head), ())


def wrong_period(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    """Another report's name in the title; date and declared window stay what they are."""
    other = random.choice([code for code in PERIODS if code != candidate.head.period_code])
    return Mutant(replace(candidate, head=replace(candidate.head, period_code=other)), ())


def part_off_by_one(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    values = {row.indicator_code: format_decimal(row.value) for row in _reported(candidate)}
    whole = [parts for parts in SUMS if all(code in values for code in parts)]
    code = random.choice([part for parts in whole for part in parts[1:]])
    wrong = int(values[code]) + (random.choice((1, -1)) if values[code] != "0" else 1)
    return _with(candidate, {code: ("reported", str(wrong))})


def _printed(rate: Decimal) -> str:
    return f"{rate.quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():f}"


def rate_from_wrong_base(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    """The right part of a wrong whole: of another total that is up to twice as large, or as small as the part."""

    def wrong(row: Observation) -> list[str]:
        rate = _number(row)
        if _kind(row, world) != "rate" or not rate:
            return []
        other = min(Decimal(100), rate * Decimal(random.randint(50, 200)) / 100)
        return [_printed(other)] if _printed(other) != format_decimal(row.value) else []

    return _one_cell(candidate, random, ((row, wrong(row)) for row in _reported(candidate)))


def rate_as_fraction(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    def wrong(row: Observation) -> list[str]:
        return [format_decimal(_number(row) / 100)] if _kind(row, world) == "rate" and row.value != 0 else []

    return _one_cell(candidate, random, ((row, wrong(row)) for row in _reported(candidate)))


def appendix_of_another(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    other = world.reports[candidate.head.period_code, _another_district(candidate, world, random)]
    return Mutant(replace(candidate, rows=other.rows, narrative=other.narrative), ())


def code_outside_list(candidate: Candidate, world: World, random: Random) -> Mutant | None:
    def wrong(row: Observation) -> list[str]:
        indicator = world.catalogue.indicators[row.indicator_code]
        if indicator.kind != "code_list":
            return []
        known = world.catalogue.code_lists[indicator.code_list].labels_vi
        return [str(digit) for digit in range(10) if str(digit) not in known]

    return _one_cell(candidate, random, ((row, wrong(row)) for row in _reported(candidate)))


KINDS: dict[str, Make] = {
    "two digits swapped": digits_swapped,
    "a digit dropped": digit_dropped,
    "thousands sign read as decimals": thousands_as_decimals,
    "value moved one row down": moved_down,
    "two rows exchanged": rows_exchanged,
    "cumulative in a period's cell": cumulative_for_period,
    "all cells of last period": all_of_last_period,
    "a blank for a zero": blank_for_zero,
    "a zero for a blank": zero_for_blank,
    "wrong district": wrong_district,
    "wrong period": wrong_period,
    "a part of a sum off by one": part_off_by_one,
    "a rate from the wrong base": rate_from_wrong_base,
    "a rate as a fraction": rate_as_fraction,
    "another district's appendix": appendix_of_another,
    "a code outside its list": code_outside_list,
}
WHOLE_FILE = ("all cells of last period", "wrong district", "wrong period", "another district's appendix")
