"""The range of each reported value of a district: from the kind of its indicator and the rules of the form.

`done <= assigned` limits both values. In a sum `a = b + c` no value can change alone; that is noted, not forbidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import isnan
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue, Indicator
from etl.database import Connection
from etl.ranking import ValueRange
from etl.rules import load_rules

if TYPE_CHECKING:
    import pandas as pd

    from etl.validation.expressions import Comparison

_RATE = ValueRange(Decimal(0), Decimal(100), Decimal("0.01"))
_COUNT = ValueRange(Decimal(0), None, Decimal(1))
_HUGE = 1e9
_SUBJECT = "value"  # what a rule over several rows calls the row it applies to


@dataclass(frozen=True, slots=True)
class _Limit:
    """A sum or an inequality of the appendix, with its subject filled in."""

    rule_code: str
    expression: str
    comparison: Comparison


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
    ranges = {
        code: _range_of_kind(indicator, catalogue, values.get(code))
        for code, indicator in catalogue.indicators.items()
        if indicator.kind in ("count", "rate", "code_list")
    }
    for limit in _read_limits():
        _apply(limit, ranges, values)
    return ranges


def _range_of_kind(indicator: Indicator, catalogue: Catalogue, value: Decimal | None) -> ValueRange:
    if indicator.kind == "code_list":
        codes = tuple(Decimal(code) for code in catalogue.code_lists[indicator.code_list].labels_vi)
        return replace(_COUNT, codes=codes)
    if indicator.kind == "rate":
        # A rate changes in its own decimals, two at least.
        digits = 2 if value is None else max(2, -int(value.normalize().as_tuple().exponent))
        return replace(_RATE, step=Decimal(1).scaleb(-digits))
    return _COUNT


def _read_limits() -> Iterator[_Limit]:
    """Yield the sums and inequalities within the appendix."""
    from etl.validation.expressions import Comparison, parse_expression

    for rule in load_rules().values():
        if rule.validation_stage != "appendix" or not rule.expression:
            continue
        for code in rule.scope.split() if _SUBJECT in rule.expression.split() else [_SUBJECT]:
            expression = re.sub(rf"\b{_SUBJECT}\b", code, rule.expression)
            comparison = parse_expression(expression)
            if isinstance(comparison, Comparison) and comparison.operator != "!=":
                yield _Limit(rule.rule_code, expression, comparison)


def _apply(limit: _Limit, ranges: dict[str, ValueRange], values: Mapping[str, Decimal]) -> None:
    """Narrow the range of every indicator that a rule compares, as far as its other operands are reported."""
    from etl.validation.expressions import evaluate_sides

    comparison = limit.comparison
    codes = [name for name in comparison.names if name in ranges]
    sides = evaluate_sides(_vary(codes, comparison.names, values), comparison)
    slack = sides["expected"] - sides["found"]
    for number, code in enumerate(codes):
        at_zero, at_one, current = slack.iloc[3 * number : 3 * number + 3] * (-1 if comparison.operator == ">=" else 1)
        if comparison.operator != "=":
            ranges[code] = _apply_inequality(ranges[code], limit.rule_code, at_zero, at_one, current)
        elif not isnan(at_zero):
            ranges[code] = replace(ranges[code], moves_with=(*ranges[code].moves_with, limit.expression))


def _vary(codes: Sequence[str], names: Sequence[str], values: Mapping[str, Decimal]) -> pd.DataFrame:
    """The reported values, each code in turn set to zero, set to one and left as it is: three rows for each code."""
    import pandas as pd

    reported = {name: float(values.get(name, "nan")) for name in names}
    rows = [reported | {code: value} for code in codes for value in (0.0, 1.0, reported[code])]
    return pd.DataFrame(rows, columns=list(names), dtype="float64")


def _apply_inequality(limits: ValueRange, rule_code: str, at_zero: float, at_one: float, current: float) -> ValueRange:
    """Narrow a range to an inequality, which is linear in one value. One that is violated already limits nothing."""
    slope = at_one - at_zero
    if isnan(slope) or slope == 0 or current < 0 or abs(at_zero / slope) > _HUGE:
        return limits
    end = Decimal(repr(round(-at_zero / slope, 9)))
    if slope < 0:
        end = end.quantize(limits.step, ROUND_FLOOR)
        if limits.highest is None or end < limits.highest:
            return replace(limits, highest=max(end, limits.lowest), ruled_by=(*limits.ruled_by, rule_code))
    elif end > limits.lowest:
        end = end.quantize(limits.step, ROUND_CEILING)
        return replace(limits, lowest=end, ruled_by=(*limits.ruled_by, rule_code))
    return limits
