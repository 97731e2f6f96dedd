"""A place that reports come from, whatever stands behind it: a drive or an API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from etl.catalogue import DriveRules


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file where it lies. `version` changes whenever its content may have changed."""

    url: str
    name: str
    version: str
    changed_at: float | None = None
    """Seconds since 1970 by the source's clock, where it tells."""
    declared_period: str = ""
    """The period code that the place says it is for, such as its folder; empty where it says nothing."""
    declared_district: str = ""


class Source(Protocol):
    """Lists what lies there and fetches it; never changes anything."""

    @property
    def url(self) -> str: ...

    @property
    def channel(self) -> str: ...

    def files(self, rules: DriveRules) -> Iterator[SourceFile]:
        """Everything there that may be a report. Raises SourceUnavailable where the place does not answer."""
        ...

    def fetch(self, file: SourceFile) -> bytes | None:
        """The bytes of a listed file; None if it changed or went meanwhile: the next run takes it whole."""
        ...
