"""The limits of expectations/history.yml: what counts as unusual, near or copied."""

from __future__ import annotations

from functools import lru_cache

from etl.catalogue.document import CatalogueModel, read_document, validate_document
from etl.settings import PROJECT_ROOT

LIMITS_FILE = PROJECT_ROOT / "expectations" / "history.yml"


class Spread(CatalogueModel):
    """How far from a median is usual however steady the history was: roots × √median + share × median + least."""

    roots: float
    share: float
    least: float


class Nearness(CatalogueModel):
    """When a stock is near its last value, and how many stocks there must be to compare."""

    stock_from: float
    within: float
    fewest: int


class Group(CatalogueModel):
    """Which counts are looked at together, and how many there must be."""

    count_from: int
    fewest: int


class Limits(CatalogueModel):
    most_reports: int
    fewest_values: int
    mads: float
    flows: Spread
    stocks: Spread
    rates: Spread
    near: Nearness
    copied: Group
    from_another: Group
    round_digits: Group


@lru_cache(maxsize=1)
def load_limits() -> Limits:
    """Raises CatalogueError with file and line for an unknown, missing or wrong key."""
    return validate_document(read_document(LIMITS_FILE), Limits)
