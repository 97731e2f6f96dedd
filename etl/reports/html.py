"""Self-contained HTML pages, which can be mailed, printed and opened from a folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from etl.findings import describe_location
from etl.reports import wording
from etl.reports.remarks import writable

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, content: Mapping[str, Any]) -> str:
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
        "timestamp": _format_timestamp,
        "day": wording.format_date,
        "last_day": wording.format_last_day,
        "cell": lambda location: describe_location(location)[0] or "Toàn tệp",
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


def _format_timestamp(timestamp: datetime | None) -> str:
    return f"{timestamp:%H:%M} {wording.format_date(timestamp)}" if timestamp else ""
