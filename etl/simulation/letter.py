"""The text around the figures: letter head, narrative and titles of a report, filled from data/wording.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from etl.catalogue import District
from etl.observations import SIMULATION_MARK
from etl.simulation.appendix import Appendix
from etl.simulation.numbers import format_value

_WORDING = Path(__file__).parent / "data" / "wording.yml"


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of a report, line by line, ready for any file format. `mark` is empty for a real report."""

    mark: str
    remark: str
    authority: tuple[str, ...]
    nation: tuple[str, ...]
    number: str
    place_and_date: str
    title: tuple[str, ...]
    narrative: tuple[tuple[str, str], ...]
    recipients: tuple[str, ...]
    signature: tuple[str, ...]
    appendix_title: tuple[str, ...]
    appendix_reference: str
    sheet: str
    table_header: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def _read_wording() -> Mapping[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_WORDING.read_text(encoding="utf-8"))
    return document


def get_place_name(district: District) -> str:
    """Return the name of a district without its type: "Huyện Long Phú" → "Long Phú"."""
    name, kind = district.name_vi, district.district_type
    return name[len(kind) + 1 :] if name.casefold().startswith(f"{kind} ".casefold()) else name


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _format_long_date(day: date) -> str:
    """Return a date with a zero before days under 10 and the months 1 and 2, as Decree 30/2020/NĐ-CP requires."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _list_fields(appendix: Appendix) -> dict[str, str]:
    head, form = appendix.head, appendix.form
    district, period = _lower_first(head.district.name_vi), _lower_first(head.period.name_vi)
    fields = {
        row.indicator_code: format_value(row.value, "vi") for row in appendix.rows if not isinstance(row.value, str)
    }
    return fields | {
        "district": district,
        "DISTRICT": district.upper(),
        "district_type": head.district.district_type,
        "place": get_place_name(head.district),
        "period": period,
        "PERIOD": period.upper(),
        "starts_on": f"{head.period.starts_on:%d/%m/%Y}",
        "ends_on": f"{head.period.ends_on:%d/%m/%Y}",
        "document_no": head.document_no,
        "signed_long": _format_long_date(head.signed_on),
        "FORM_TITLE": form.title_vi.upper(),
        "form_document_no": form.document_no,
        "form_issued_on": f"{form.issued_on:%d/%m/%Y}",
        "issuer": form.issuer,
    }


def _has_all(template: str, fields: Mapping[str, str]) -> bool:
    return all(name in fields for _, name, _, _ in Formatter().parse(template) if name)


def _fill(template: Any, fields: Mapping[str, str]) -> Any:
    """Fill a template, or every template of a list."""
    if isinstance(template, list):
        return tuple(_fill(item, fields) for item in template)
    return template.format(**fields)


def compose_letter(appendix: Appendix) -> Letter:
    """Return the text of a report. A narrative paragraph that needs a number which the report lacks is left out."""
    fields, wording = _list_fields(appendix), _read_wording()
    narrative = tuple(
        (part["style"], _fill(part["text"], fields)) for part in wording["narrative"] if _has_all(part["text"], fields)
    )
    return Letter(
        mark=SIMULATION_MARK if appendix.head.is_simulated else "",
        remark=appendix.head.remark,
        narrative=narrative,
        **{key: _fill(template, fields) for key, template in wording.items() if key != "narrative"},
    )
