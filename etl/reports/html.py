"""Self-contained HTML pages, which can be mailed, printed and opened from a folder."""

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
    """Render a template. All text is escaped, and an undefined name is an error."""
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
        "moment": _format_time,
        "day": words.day,
        "last_day": words.last_day,
        "place": lambda location: describe_location(location)[0] or "Toàn tệp",
        "clean": writable,
    }
    text: str = environment.get_template(template).render(content)
    return text


def points(score: Decimal | None) -> str:
    """Format a score as published: two decimals and a decimal comma. Ranks use unrounded scores."""
    return number(score, 2)


def number(value: Decimal | float | None, digits: int) -> str:
    """Format a number with a decimal comma, rounded half up; "" for None."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
    return f"{rounded}".replace(".", ",")


def _format_time(timestamp: datetime | None) -> str:
    return f"{timestamp:%H:%M} {words.day(timestamp)}" if timestamp else ""
