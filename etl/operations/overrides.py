"""Manual overrides: temporary rule waivers and permanent value corrections, each with an author and a reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from etl.catalogue import Catalogue, load_catalogue
from etl.decimals import format_decimal
from etl.errors import UsageError, require_reason
from etl.operations.connections import warehouse_writer
from etl.periods import PROVINCE_TIME
from etl.pipeline import refresh
from etl.rules import load_rules
from etl.settings import current_user, load_settings

if TYPE_CHECKING:
    from etl.warehouse import CellValue

_STATUSES_WITHOUT_VALUE = ("blank", "not_applicable", "not_done")


def waive(
    rule_code: str,
    reason: str,
    until: date,
    district_code: str | None = None,
    indicator_code: str | None = None,
    actor: str | None = None,
) -> int:
    """Suspend a rule until the end of `until`, for one district, one indicator or everywhere. Returns the waiver id.

    Raises UsageError if the rule is unknown or cannot be waived, if `until` is in the past, or without a reason.
    """
    from etl import warehouse
    from etl.validation import is_waivable

    rule = load_rules().get(rule_code)
    if rule is None or not rule.expression:
        raise UsageError(
            f"Unknown rule {rule_code!r}", "See expectations/rules.csv for the list; parser rules cannot be waived"
        )
    if not is_waivable(rule):
        raise UsageError(
            f"{rule_code} cannot be waived: it defines the structure of a report", "Fix the report, or accept it"
        )
    if until < datetime.now(PROVINCE_TIME).date():
        raise UsageError(f"{until:%d/%m/%Y} is in the past", "Use today or a later date")
    require_reason(reason)
    catalogue = load_catalogue(load_settings().catalogue)
    district = catalogue.district(district_code).district_code if district_code else ""
    if indicator_code:
        _require_indicator(indicator_code, catalogue)
    with warehouse_writer() as connection:
        return warehouse.grant_waiver(
            connection, rule_code, district, indicator_code or "", reason, until, actor or current_user()
        )


def correct(  # noqa: PLR0913, PLR0917 - the parts of a correction
    district_code: str,
    period_code: str,
    indicator_code: str,
    expect: str,
    to: str,
    reason: str,
    actor: str | None = None,
) -> int:
    """Correct an accepted value: `expect` is the current one, `to` the new one. Returns the correction id.

    Both are a number, blank, not_applicable or not_done. Raises UsageError for an unknown code, for a value that the
    indicator cannot have, and if the current value is another one.
    """
    from etl import warehouse

    require_reason(reason)
    catalogue = load_catalogue(load_settings().catalogue)
    catalogue.district(district_code)
    catalogue.period(period_code)
    _require_indicator(indicator_code, catalogue)
    correction = warehouse.Correction(
        district_code,
        period_code,
        indicator_code,
        _parse_value(expect),
        _require_possible(_parse_value(to), indicator_code, catalogue),
        reason,
        actor or current_user(),
    )
    with warehouse_writer() as connection:
        correction_id = warehouse.correct(connection, correction)
    refresh()
    return correction_id


def _require_indicator(indicator_code: str, catalogue: Catalogue) -> None:
    if indicator_code not in catalogue.indicators:
        raise UsageError(f"Unknown indicator {indicator_code!r}", "See docs/glossary.md for the list")


def _parse_value(text: str) -> CellValue:
    from etl import warehouse

    if text in _STATUSES_WITHOUT_VALUE:
        return warehouse.CellValue(None, text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        statuses = ", ".join(_STATUSES_WITHOUT_VALUE)
        raise UsageError(f"{text!r} is not a value", f"Use a number such as 62.15, or one of {statuses}")
    return warehouse.CellValue(value, "reported")


def _require_possible(new: CellValue, indicator_code: str, catalogue: Catalogue) -> CellValue:
    """The value, if the indicator can have it: a whole number, a rate from 0 to 100, or one of its codes."""
    indicator, value = catalogue.indicators[indicator_code], new.value
    if value is None:
        return new
    codes = catalogue.code_lists[indicator.code_list].labels_vi if indicator.code_list else {}
    is_possible = {
        "count": value >= 0 and value == value.to_integral_value(),
        "rate": 0 <= value <= 100,
        "code_list": format_decimal(value) in codes,
    }.get(indicator.kind, False)
    if not is_possible:
        raise UsageError(
            f"{indicator_code} ({indicator.kind}) cannot have the value {new}", "See docs/glossary.md for its values"
        )
    return new
