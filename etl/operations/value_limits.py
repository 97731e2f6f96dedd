"""Between which values each reported value of a district may move: what kind it is, and what the rules of the form say.

`done <= assigned` bounds both; in a sum `a = b + c` a value cannot move alone, which is said, not forbidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue, Indicator
from etl.database import Connection
from etl.ranking import Room
from etl.rules import load_rules

if TYPE_CHECKING:
    from etl.validation.comparisons import Comparison

_RATE = Room(Decimal(0), Decimal(100), Decimal("0.01"))
_COUNT = Room(Decimal(0), None, Decimal(1))
_HUGE = Decimal(10**9)
_JUDGED = "value"  # what a rule of several rows calls the row it judges


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Where a comparison looks up its operands: the district's values, one of them another."""

    known: Mapping[str, Decimal]
    moved: str
    value: Decimal

    def number(self, name: str) -> Decimal | None:
        return self.value if name == self.moved else self.known.get(name)

    def decimals(self, name: str) -> int:
        return 0


def rooms(connection: Connection, catalogue: Catalogue, period_code: str, district_code: str) -> dict[str, Room]:
    """The room of each indicator that holds a number, by code. Reads mart alone."""
    observed = connection.exec_driver_sql(
        "SELECT indicator_code, value FROM mart.observation"
        " WHERE period_code = %s AND district_code = %s AND value IS NOT NULL",
        (period_code, district_code),
    )
    values: dict[str, Decimal] = dict(observed.fetchall())
    for (count,) in connection.exec_driver_sql(
        "SELECT d.commune_count FROM mart.district AS d INNER JOIN mart.period AS p"
        " ON p.period_end BETWEEN coalesce(d.valid_from, '-infinity') AND coalesce(d.valid_to, 'infinity')"
        " WHERE p.period_code = %s AND d.district_code = %s",
        (period_code, district_code),
    ):
        values["district.commune_count"] = Decimal(count)
    comparisons = list(_comparisons())
    return {
        code: _ruled(_of_kind(indicator, catalogue, values.get(code)), code, values, comparisons)
        for code, indicator in catalogue.indicators.items()
        if indicator.kind in ("count", "rate", "code_list")
    }


def _of_kind(indicator: Indicator, catalogue: Catalogue, value: Decimal | None) -> Room:
    if indicator.kind == "code_list":
        codes = tuple(Decimal(code) for code in catalogue.code_lists[indicator.code_list].labels_vi)
        return replace(_COUNT, codes=codes)
    if indicator.kind == "rate":
        # A rate is given with the decimals that it was given with, two at least.
        digits = 2 if value is None else max(2, -int(value.normalize().as_tuple().exponent))
        return replace(_RATE, step=Decimal(1).scaleb(-digits))
    return _COUNT


def _comparisons() -> Iterator[tuple[str, str, Comparison]]:
    """Rule, the row it judges where it is of several, and what it compares: sums and bounds within the appendix."""
    from etl.validation.comparisons import parse

    for rule in load_rules().values():
        if rule.validation_stage != "appendix" or not rule.expression:
            continue
        judged = rule.scope.split() if _JUDGED in rule.expression.split() else [""]
        for code in judged:
            compared = parse(rule.expression, lambda name, code=code: code if name == _JUDGED else name)  # type: ignore[misc]
            if compared.operator in ("=", "<=", ">="):
                yield rule.rule_code, rule.expression.replace(_JUDGED, code) if code else rule.expression, compared


def _ruled(
    room: Room, code: str, values: Mapping[str, Decimal], comparisons: list[tuple[str, str, Comparison]]
) -> Room:
    for rule_code, expression, compared in comparisons:
        if code not in compared.names:
            continue
        if compared.operator == "=":
            if compared.evaluate(_Numbers(values, code, Decimal(0))) is not None:
                room = replace(room, moves_with=(*room.moves_with, expression))
            continue
        room = _bounded(room, code, values, rule_code, compared)
    return room


def _bounded(room: Room, code: str, values: Mapping[str, Decimal], rule_code: str, compared: Comparison) -> Room:
    """The room within an inequality, which is a straight line in one value; one that is broken already binds nobody."""
    sign = 1 if compared.operator == "<=" else -1
    slack = []
    for value in (Decimal(0), Decimal(1), values.get(code)):
        outcome = None if value is None else compared.evaluate(_Numbers(values, code, value))
        slack.append(None if outcome is None else sign * (outcome.right - outcome.left))
    at_nil, at_one, now = slack
    if at_nil is None or at_one is None or at_nil == at_one or (now is not None and now < 0):
        return room
    slope = at_one - at_nil
    end = -at_nil / slope
    if abs(end) > _HUGE:
        return room
    if slope < 0:
        end = end.quantize(room.step, ROUND_FLOOR)
        if room.highest is None or end < room.highest:
            return replace(room, highest=max(end, room.lowest), ruled_by=(*room.ruled_by, rule_code))
    elif end > room.lowest:
        end = end.quantize(room.step, ROUND_CEILING)
        return replace(room, lowest=end, ruled_by=(*room.ruled_by, rule_code))
    return room
