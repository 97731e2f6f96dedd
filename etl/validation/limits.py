"""The limits of expectations/history.yml: what counts as unusual, near or copied."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import yaml

from etl.errors import CatalogueError
from etl.settings import PROJECT_ROOT

LIMITS_FILE = PROJECT_ROOT / "expectations" / "history.yml"


@dataclass(frozen=True, slots=True)
class Around:
    """How far from a median is still usual, however steady the history was."""

    roots: float
    share: float
    least: float

    def of(self, middle: float) -> float:
        return self.roots * math.sqrt(middle) + self.share * middle + self.least


@dataclass(frozen=True, slots=True)
class Near:
    stock_from: float
    within: float
    fewest: int


@dataclass(frozen=True, slots=True)
class Group:
    """Which counts are looked at together, and how many there must be."""

    count_from: int
    fewest: int


@dataclass(frozen=True, slots=True)
class Limits:
    most_reports: int
    fewest_values: int
    mads: float
    flows: Around
    stocks: Around
    rates: Around
    near: Near
    copied: Group
    from_another: Group
    round_digits: Group


@lru_cache(maxsize=1)
def load() -> Limits:
    """The limits. Raises CatalogueError for an unknown or missing key."""
    document = yaml.safe_load(LIMITS_FILE.read_text(encoding="utf-8"))
    parts = {
        "flows": Around,
        "stocks": Around,
        "rates": Around,
        "near": Near,
        "copied": Group,
        "from_another": Group,
        "round_digits": Group,
    }
    try:
        return Limits(**{key: parts[key](**item) if key in parts else item for key, item in document.items()})
    except TypeError as error:
        raise CatalogueError(LIMITS_FILE.name, str(error)) from error
