"""What each kind of absence counts as."""

from __future__ import annotations

from etl.catalogue.document import Document
from etl.ranking.methods.fields import mapping, one_of

# A value that should be there earns nothing, falls away, or counts as the worst of the others.
_ABSENT = ("zero", "drop", "lowest")
KNOWN = {
    "blank": _ABSENT,
    "not_done": _ABSENT,
    "undecidable": _ABSENT,
    "not_applicable": ("drop", "full", "zero", "lowest"),
    "no_report": _ABSENT,
}
DEFAULTS = {"blank": "zero", "not_done": "zero", "undecidable": "zero", "not_applicable": "drop", "no_report": "drop"}


def statuses(document: Document, *, is_whole: bool) -> dict[str, str]:
    """The mapping under `statuses`; a whole one names all but no_report, a criterion's own what differs there."""
    given = mapping(document, "statuses")
    asked = tuple(KNOWN) if not is_whole else ("no_report",)
    given.check_keys(() if not is_whole else tuple(name for name in KNOWN if name != "no_report"), asked)
    read = {}
    for status in given:
        if given[status] not in KNOWN[status]:
            raise given.error(
                f"{status} counts as {given[status]!r}", f"Known are {', '.join(KNOWN[status])}", key=status
            )
        read[status] = one_of(given, status, KNOWN[status])
    return {**DEFAULTS, **read} if is_whole else read
