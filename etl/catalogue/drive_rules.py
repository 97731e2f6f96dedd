"""Which names on a drive are reports, and what the folders say about them (data/drives.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from etl.catalogue.document import read_text
from etl.errors import CatalogueError

_FILE = "drives.yml"
_KEYS = ("include", "exclude", "declared", "settle_seconds")
_PLACEHOLDERS = {"{period}": r"(?P<period>\d{4}-[0-9a-z]{2})", "{district}": r"(?P<district>\d{3,5})"}


@dataclass(frozen=True, slots=True)
class DriveRules:
    """Patterns over the path of a file below its drive's root, parts separated by "/"."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    declared: tuple[re.Pattern[str], ...]
    settle_seconds: float

    def takes(self, path: str) -> bool:
        """Whether the file may be a report: no part of its path is excluded, and its name is included."""
        parts = path.casefold().split("/")
        if any(fnmatchcase(part, pattern) for part in parts for pattern in self.exclude):
            return False
        return any(fnmatchcase(parts[-1], pattern) for pattern in self.include)

    def declares(self, path: str) -> tuple[str, str]:
        """The period and the district that the place of a file declares, each empty where it says nothing."""
        for pattern in self.declared:
            match = pattern.search("/" + path)
            if match:
                named = match.groupdict()
                return (named.get("period") or "").upper(), named.get("district") or ""
        return "", ""


def _pattern(text: str) -> re.Pattern[str]:
    """A shell pattern with placeholders, which may begin at any folder."""
    pieces = re.split(r"(\{period\}|\{district\})", text)
    inner = "".join(_PLACEHOLDERS.get(piece) or translate(piece)[4:-3] for piece in pieces)  # "(?s:" … ")\Z" away
    return re.compile(f"/(?s:{inner})\\Z", re.IGNORECASE)


def _texts(document: dict[str, Any], key: str) -> list[str]:
    value = document[key]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CatalogueError(_FILE, f"{key} is not a list of patterns")
    return value


@lru_cache(maxsize=4)
def load_drive_rules(overlay: Path | None = None) -> DriveRules:
    """The rules shipped, or those of the overlay folder in their place. Raises CatalogueError for unknown keys."""
    own = overlay / _FILE if overlay else None
    path = own if own and own.exists() else Path(__file__).parent / "data" / _FILE
    document = yaml.safe_load(read_text(path))
    if not isinstance(document, dict) or sorted(document) != sorted(_KEYS):
        raise CatalogueError(_FILE, f"the keys must be {', '.join(_KEYS)}")
    if not isinstance(document["settle_seconds"], int | float) or document["settle_seconds"] < 0:
        raise CatalogueError(_FILE, "settle_seconds is not a number of seconds")
    return DriveRules(
        tuple(one.casefold() for one in _texts(document, "include")),
        tuple(one.casefold() for one in _texts(document, "exclude")),
        tuple(map(_pattern, _texts(document, "declared"))),
        float(document["settle_seconds"]),
    )
