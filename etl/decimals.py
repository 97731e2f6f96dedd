"""The text form of decimal numbers, used wherever a value is printed, hashed or staged."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

_MAX_STORED_EXPONENT = 30
_MAX_EXACT_DIGITS = 15  # a double holds that many digits exactly


def format_decimal(number: Decimal | None) -> str:
    """The canonical text of a number: no grouping, a dot for decimals, no exponent, no trailing zeros; "" for None."""
    if number is None:
        return ""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def normalize_decimal(number: Decimal) -> Decimal:
    """The same number without trailing zeros, exponent or minus zero; exact, unlike Decimal.normalize()."""
    return Decimal(format_decimal(number))


def format_stored_number(stored: str) -> str:
    """The shortest decimal for a stored number, which may be a binary float with an exponent; other text unchanged."""
    is_plain = stored.isdecimal() and stored.isascii() and (stored[0] != "0" or stored == "0")
    if is_plain and len(stored) <= _MAX_EXACT_DIGITS:
        return stored
    try:
        number = Decimal(repr(float(stored)))
    except (ValueError, InvalidOperation):
        return stored
    if not number.is_finite() or abs(number.adjusted()) > _MAX_STORED_EXPONENT:
        return stored
    return format_decimal(number)
