"""Which files on a drive are reports, and what the folders say about them (data/drives.yml)."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from etl.catalogue.document import CatalogueModel, read_document, validate_document

_FILE = "drives.yml"
_PLACEHOLDERS = {"{period}": r"(?P<period>\d{4}-[0-9a-z]{2})", "{district}": r"(?P<district>\d{3,5})"}


def _compile(glob: str) -> re.Pattern[str]:
    """Return the expression for a shell pattern with placeholders, which may begin at any folder."""
    pieces = re.split(r"(\{period\}|\{district\})", str(glob))
    inner = "".join(_PLACEHOLDERS.get(piece) or translate(piece)[4:-3] for piece in pieces)  # "(?s:" … ")\Z" away
    return re.compile(f"/(?s:{inner})\\Z", re.IGNORECASE)


NamePattern = Annotated[str, AfterValidator(str.casefold)]


class DriveRules(CatalogueModel):
    """Patterns over the path of a file below the root of its drive, with "/" between the parts."""

    include: tuple[NamePattern, ...]
    exclude: tuple[NamePattern, ...]
    declared: tuple[Annotated[re.Pattern[str], BeforeValidator(_compile)], ...]
    settle_seconds: float = Field(ge=0)

    def takes(self, path: str) -> bool:
        """Whether the file may be a report: no part of its path is excluded, and its name is included."""
        parts = path.casefold().split("/")
        if any(fnmatchcase(part, pattern) for part in parts for pattern in self.exclude):
            return False
        return any(fnmatchcase(parts[-1], pattern) for pattern in self.include)

    def declares(self, path: str) -> tuple[str, str]:
        """Return the period and the district that the path of a file names; empty where it names none."""
        for pattern in self.declared:
            if match := pattern.search("/" + path):
                named = match.groupdict()
                return (named.get("period") or "").upper(), named.get("district") or ""
        return "", ""


@lru_cache(maxsize=4)
def load_drive_rules(overlay: Path | None = None) -> DriveRules:
    """Return the shipped rules, or those of the overlay folder instead.

    Raises CatalogueError with file and line for unknown keys and invalid values.
    """
    own = overlay / _FILE if overlay else None
    path = own if own and own.exists() else Path(__file__).parent / "data" / _FILE
    return validate_document(read_document(path), DriveRules)
