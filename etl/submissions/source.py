"""The interface of a source of reports, such as a drive or an API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from etl.catalogue import DriveRules


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file at a source. `version` changes whenever its content may have changed."""

    url: str
    name: str
    version: str
    changed_at: float | None = None
    """Seconds since 1970 by the source's clock, if it reports them."""
    declared_period: str = ""
    """The period code that its folder or API item declares; empty if none."""
    declared_district: str = ""


class Source(Protocol):
    """Lists and fetches files; never changes anything."""

    @property
    def url(self) -> str: ...

    @property
    def channel(self) -> str: ...

    def files(self, rules: DriveRules) -> Iterator[SourceFile]:
        """List the files that may be reports. Raises SourceUnavailable if the source does not respond."""
        ...

    def fetch(self, file: SourceFile) -> bytes | None:
        """Return the bytes of a listed file; None if it has changed or gone, which leaves it to the next run."""
        ...
