"""Pages of one file without anything from outside: they can be mailed, printed and opened from a folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from etl.findings import describe_location
from etl.reports import words
from etl.reports.remarks import writable

TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, content: Mapping[str, Any]) -> str:
    """A template filled; all text is escaped, and a name that the content lacks is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "points": points,
        "number": number,
        "moment": _moment,
        "day": words.day,
        "last_day": words.last_day,
        "place": lambda location: describe_location(location)[0] or "Toàn tệp",
        "clean": writable,
    }
    text: str = environment.get_template(template).render(content)
    return text


def points(score: Decimal | None) -> str:
    """A score as published: two decimals, a comma. Ranks are of unrounded scores."""
    return number(score, 2)


def number(value: Decimal | float | None, digits: int) -> str:
    """A number with so many decimals, rounded half up, a comma before them; nothing for None."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
    return f"{rounded}".replace(".", ",")


def _moment(moment: datetime | None) -> str:
    return f"{moment:%H:%M} {words.day(moment)}" if moment else ""
