"""Small readers of a method file's keys; each complains about the line where something cannot be used."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

from etl.catalogue.document import Document


def text(document: Document, key: str, default: str | None = None) -> str:
    """A text that says something; `default` where the key may be left out."""
    if default is not None and key not in document:
        return default
    value = document[key]
    if not isinstance(value, str) or not value.strip():
        raise document.error(f"{key} is {value!r}, not a text", key=key)
    return value.strip()


def decimal(document: Document, key: str) -> Decimal:
    """A number, exact as it is written."""
    return exact(document, key, document[key])


def exact(document: Document, key: str, value: Any) -> Decimal:
    """A value as a number, exact as it is written; `key` names its line."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise document.error(f"{key} is {value!r}, not a number", key=key)
    return Decimal(str(value))


def between(document: Document, key: str, low: int, high: int) -> Decimal:
    """A number from `low` to `high`, both included."""
    value = decimal(document, key)
    if not low <= value <= high:
        raise document.error(f"{key} is {value}, not from {low} to {high}", key=key)
    return value


def one_of(document: Document, key: str, known: tuple[str, ...], default: str | None = None) -> Any:
    """One of the `known` words; `default` where the key may be left out."""
    if default is not None and key not in document:
        return default
    value = document[key]
    if value not in known:
        raise document.error(f"{key} {value!r} is unknown", f"Known are {', '.join(known)}", key=key)
    return value


def day(document: Document, key: str) -> date | None:
    """A date, or None where nothing stands."""
    value = document.get(key)
    if value is not None and not isinstance(value, date):
        raise document.error(f"{key} is {value!r}, not a date such as 2020-12-15", key=key)
    return value


def mappings(document: Document, key: str) -> list[Document]:
    """A list of mappings with at least one in it."""
    values: Any = document[key]
    if not isinstance(values, list) or not values or not all(isinstance(value, Document) for value in values):
        raise document.error(f"{key} is not a list of mappings", key=key)
    return values


def words(document: Document, key: str) -> list[str]:
    """A list of different texts; empty where the key is left out."""
    values: Any = document.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise document.error(f"{key} is not a list of names", key=key)
    if len(set(values)) < len(values):
        raise document.error(f"{key} names something twice", key=key)
    return values


def mapping(document: Document, key: str) -> Document:
    """A mapping of keys."""
    value = document[key]
    if not isinstance(value, Document):
        raise document.error(f"{key} is not a mapping", key=key)
    return value


def weight(document: Document) -> Decimal:
    """What a node weighs: `weight`, or `max_points`, which says the same in the words of a points table."""
    if ("weight" in document) == ("max_points" in document):
        raise document.error("there must be a weight or max_points, one of the two")
    key = "weight" if "weight" in document else "max_points"
    value = decimal(document, key)
    if value <= 0:
        raise document.error(f"{key} is {value}, not above 0", key=key)
    return value
