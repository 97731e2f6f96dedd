"""A person's word against a rule or a figure: waivers for a while, corrections for good; both with reason and name."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from etl import database
from etl.catalogue import Catalogue, load_catalogue
from etl.decimals import format_decimal
from etl.errors import UsageError
from etl.operations.reviews import needs_reason
from etl.periods import PROVINCE_TIME
from etl.pipeline import prepare, refresh
from etl.rules import load_rules
from etl.settings import current_user, load_settings

if TYPE_CHECKING:
    from etl.warehouse import CellValue

_ABSENT = ("blank", "not_applicable", "not_done")


def waive(
    rule_code: str,
    reason: str,
    until: date,
    district_code: str | None = None,
    indicator_code: str | None = None,
    actor: str | None = None,
) -> int:
    """Sets a rule aside until a day, that day included: for a district, a row, or all. Returns the waiver's number.

    Raises UsageError for an unknown code, a rule that says what a report is, a day that has passed or no reason.
    """
    from etl import warehouse
    from etl.validation import is_waivable

    rule = load_rules().get(rule_code)
    if rule is None or not rule.expression:
        raise UsageError(f"unknown rule {rule_code!r}", "expectations/rules.csv lists them; the reader's own stand")
    if not is_waivable(rule):
        raise UsageError(f"{rule_code} cannot be waived: it says what a report is", "Mend the report, or accept it")
    if until < datetime.now(PROVINCE_TIME).date():
        raise UsageError(f"{until:%d/%m/%Y} has passed", "Give a day from today on")
    needs_reason(reason)
    catalogue = load_catalogue(load_settings().catalogue)
    district = catalogue.district(district_code).district_code if district_code else ""
    if indicator_code and indicator_code not in catalogue.indicators:
        raise UsageError(f"unknown indicator {indicator_code!r}", "docs/glossary.md lists them")
    prepare()
    with database.connect(load_settings()) as connection:
        return warehouse.grant_waiver(
            connection, rule_code, district, indicator_code or "", reason, until, actor or current_user()
        )


def correct(  # noqa: PLR0913, PLR0917 - what a correction says
    district_code: str,
    period_code: str,
    indicator_code: str,
    expect: str,
    to: str,
    reason: str,
    actor: str | None = None,
) -> int:
    """Corrects an accepted figure: `expect` is what is known now, `to` what holds instead; a number or blank,
    not_applicable, not_done. Returns the correction's number.

    Raises UsageError for an unknown code, a value that the row cannot hold, or where something else is known.
    """
    from etl import warehouse

    needs_reason(reason)
    catalogue = load_catalogue(load_settings().catalogue)
    catalogue.district(district_code)
    catalogue.period(period_code)
    if indicator_code not in catalogue.indicators:
        raise UsageError(f"unknown indicator {indicator_code!r}", "docs/glossary.md lists them")
    correction = warehouse.Correction(
        district_code,
        period_code,
        indicator_code,
        _said(expect),
        _checked(_said(to), indicator_code, catalogue),
        reason,
        actor or current_user(),
    )
    prepare()
    with database.connect(load_settings()) as connection:
        number = warehouse.correct(connection, correction)
    refresh()
    return number


def _said(text: str) -> CellValue:
    from etl import warehouse

    if text in _ABSENT:
        return warehouse.CellValue(None, text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise UsageError(f"{text!r} is no value", f"Give a number such as 62.15, or one of {', '.join(_ABSENT)}")
    return warehouse.CellValue(value, "reported")


def _checked(said: CellValue, indicator_code: str, catalogue: Catalogue) -> CellValue:
    """What a row can hold: a whole number, a rate from 0 to 100, one of its codes."""
    indicator, value = catalogue.indicators[indicator_code], said.value
    if value is None:
        return said
    codes = catalogue.code_lists[indicator.code_list].labels_vi if indicator.code_list else {}
    fits = {
        "count": value >= 0 and value == value.to_integral_value(),
        "rate": 0 <= value <= 100,
        "code_list": format_decimal(value) in codes,
    }.get(indicator.kind, False)
    if not fits:
        raise UsageError(
            f"{said} cannot stand for {indicator_code} ({indicator.kind})", "docs/glossary.md says what can"
        )
    return said
