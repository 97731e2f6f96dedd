"""The words around the figures: letter head, narrative and titles of a report, filled from data/wording.yml."""

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
from etl.simulation.numbers import written

_WORDING = Path(__file__).parent / "data" / "wording.yml"


@dataclass(frozen=True, slots=True)
class Letter:
    """A report's words, line by line, ready for any file format. `mark` is empty for a real report."""

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
def _wording() -> Mapping[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_WORDING.read_text(encoding="utf-8"))
    return document


def place_of(district: District) -> str:
    """The district's name without its type: "Huyện Long Phú" → "Long Phú"."""
    name, kind = district.name_vi, district.district_type
    return name[len(kind) + 1 :] if name.casefold().startswith(f"{kind} ".casefold()) else name


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _long_date(day: date) -> str:
    """Days under 10 and the months 1 and 2 take a zero, as Decree 30/2020/NĐ-CP wants it."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _fields(appendix: Appendix) -> dict[str, str]:
    head, form = appendix.head, appendix.form
    district, period = _lower_first(head.district.name_vi), _lower_first(head.period.name_vi)
    fields = {row.indicator_code: written(row.value, "vi") for row in appendix.rows if not isinstance(row.value, str)}
    return fields | {
        "district": district,
        "DISTRICT": district.upper(),
        "district_type": head.district.district_type,
        "place": place_of(head.district),
        "period": period,
        "PERIOD": period.upper(),
        "starts_on": f"{head.period.starts_on:%d/%m/%Y}",
        "ends_on": f"{head.period.ends_on:%d/%m/%Y}",
        "document_no": head.document_no,
        "signed_long": _long_date(head.signed_on),
        "FORM_TITLE": form.title_vi.upper(),
        "form_document_no": form.document_no,
        "form_issued_on": f"{form.issued_on:%d/%m/%Y}",
        "issuer": form.issuer,
    }


def _has_all(template: str, fields: Mapping[str, str]) -> bool:
    return all(name in fields for _, name, _, _ in Formatter().parse(template) if name)


def letter(appendix: Appendix) -> Letter:
    """The words of a report. A narrative paragraph that needs a number which the report lacks is left out."""
    fields, wording = _fields(appendix), _wording()

    def lines(key: str) -> tuple[str, ...]:
        return tuple(text.format(**fields) for text in wording[key])

    narrative = tuple(
        (part["style"], part["text"].format(**fields))
        for part in wording["narrative"]
        if _has_all(part["text"], fields)
    )
    return Letter(
        mark=SIMULATION_MARK if appendix.head.is_simulated else "",
        remark=appendix.head.remark,
        authority=lines("authority"),
        nation=lines("nation"),
        number=wording["number"].format(**fields),
        place_and_date=wording["place_and_date"].format(**fields),
        title=lines("title"),
        narrative=narrative,
        recipients=lines("recipients"),
        signature=lines("signature"),
        appendix_title=lines("appendix_title"),
        appendix_reference=wording["appendix_reference"].format(**fields),
        sheet=wording["sheet"],
        table_header=tuple(tuple(line) for line in wording["table_header"]),
    )
