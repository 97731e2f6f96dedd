"""The range of each reported value of a district: from the kind of its indicator and the rules of the form.

`done <= assigned` limits both values. In a sum `a = b + c` no value can change alone; that is noted, not forbidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue, Indicator
from etl.database import Connection
from etl.ranking import ValueRange
from etl.rules import load_rules

if TYPE_CHECKING:
    from etl.validation.comparisons import Comparison

_RATE = ValueRange(Decimal(0), Decimal(100), Decimal("0.01"))
_COUNT = ValueRange(Decimal(0), None, Decimal(1))
_HUGE = Decimal(10**9)
_SUBJECT = "value"  # what a rule over several rows calls the row it applies to


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Where a comparison looks up its operands: the district's values, one of them changed."""

    values: Mapping[str, Decimal]
    changed: str
    value: Decimal

    def number(self, name: str) -> Decimal | None:
        return self.value if name == self.changed else self.values.get(name)

    def decimals(self, name: str) -> int:
        return 0


def find_ranges(
    connection: Connection, catalogue: Catalogue, period_code: str, district_code: str
) -> dict[str, ValueRange]:
    """Return the range of each indicator that holds a number, by code. Reads mart alone."""
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
    comparisons = list(_read_comparisons())
    return {
        code: _apply_rules(_range_of_kind(indicator, catalogue, values.get(code)), code, values, comparisons)
        for code, indicator in catalogue.indicators.items()
        if indicator.kind in ("count", "rate", "code_list")
    }


def _range_of_kind(indicator: Indicator, catalogue: Catalogue, value: Decimal | None) -> ValueRange:
    if indicator.kind == "code_list":
        codes = tuple(Decimal(code) for code in catalogue.code_lists[indicator.code_list].labels_vi)
        return replace(_COUNT, codes=codes)
    if indicator.kind == "rate":
        # A rate changes in its own decimals, two at least.
        digits = 2 if value is None else max(2, -int(value.normalize().as_tuple().exponent))
        return replace(_RATE, step=Decimal(1).scaleb(-digits))
    return _COUNT


def _read_comparisons() -> Iterator[tuple[str, str, Comparison]]:
    """Yield the sums and limits within the appendix: rule code, expression with its subject filled in, comparison."""
    from etl.validation.comparisons import parse

    for rule in load_rules().values():
        if rule.validation_stage != "appendix" or not rule.expression:
            continue
        subjects = rule.scope.split() if _SUBJECT in rule.expression.split() else [""]
        for code in subjects:
            compared = parse(rule.expression, lambda name, code=code: code if name == _SUBJECT else name)  # type: ignore[misc]
            if compared.operator in ("=", "<=", ">="):
                yield rule.rule_code, rule.expression.replace(_SUBJECT, code) if code else rule.expression, compared


def _apply_rules(
    limits: ValueRange, code: str, values: Mapping[str, Decimal], comparisons: list[tuple[str, str, Comparison]]
) -> ValueRange:
    for rule_code, expression, compared in comparisons:
        if code not in compared.names:
            continue
        if compared.operator == "=":
            if compared.evaluate(_Numbers(values, code, Decimal(0))) is not None:
                limits = replace(limits, moves_with=(*limits.moves_with, expression))
            continue
        limits = _apply_inequality(limits, code, values, rule_code, compared)
    return limits


def _apply_inequality(
    limits: ValueRange, code: str, values: Mapping[str, Decimal], rule_code: str, compared: Comparison
) -> ValueRange:
    """Narrow a range to an inequality, which is linear in one value. One that is violated already limits nothing."""
    sign = 1 if compared.operator == "<=" else -1
    slack = []
    for value in (Decimal(0), Decimal(1), values.get(code)):
        outcome = None if value is None else compared.evaluate(_Numbers(values, code, value))
        slack.append(None if outcome is None else sign * (outcome.right - outcome.left))
    at_zero, at_one, current = slack
    if at_zero is None or at_one is None or at_zero == at_one or (current is not None and current < 0):
        return limits
    slope = at_one - at_zero
    end = -at_zero / slope
    if abs(end) > _HUGE:
        return limits
    if slope < 0:
        end = end.quantize(limits.step, ROUND_FLOOR)
        if limits.highest is None or end < limits.highest:
            return replace(limits, highest=max(end, limits.lowest), ruled_by=(*limits.ruled_by, rule_code))
    elif end > limits.lowest:
        end = end.quantize(limits.step, ROUND_CEILING)
        return replace(limits, lowest=end, ruled_by=(*limits.ruled_by, rule_code))
    return limits
