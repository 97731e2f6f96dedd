"""What rules may ask of a report as a whole: its head, its district, its history, the other districts.

In rules.csv they stand as `head.…`, `district.…`, `history.…` and `districts.…`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from etl import periods
from etl.catalogue import Catalogue
from etl.periods import REPORTED_TERMS, Period
from etl.validation.model import Candidate

FACTS = {
    "district": ("commune_count",),
    "head": (
        "is_known_district",
        "is_district_in_being",
        "is_period_given",
        "is_judged_period",
        "is_form_in_force",
        "is_form_window",
        "is_dated",
        "days_signed_after_window",
        "is_signed_before_next_window_ends",
        "reported_values",
    ),
    "history": ("stocks_far_pct", "same_share_pct", "rows_newly_zero"),
    "districts": ("round_share_pct", "shared_pct"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that rules compare (1 and 0 for yes and no), with what is told of it: the words found and expected."""

    number: Decimal | None
    found: str = ""
    expected: str = ""


def _yes_no(holds: bool | None, found: str, expected: str) -> Fact:
    return Fact(None if holds is None else Decimal(holds), found, expected)


def head_facts(candidate: Candidate, period: Period, catalogue: Catalogue) -> dict[str, Fact]:
    """The facts of one submission's head and district by name; a number is None where the question makes no sense."""
    head = candidate.head
    known = catalogue.districts.get(head.district_code)
    district = catalogue.district_on(head.district_code, period.ends_on) or known
    form = catalogue.forms.get(head.form_code)
    days = (head.signed_on - period.ends_on).days if head.signed_on else None
    signed_on = f"{head.signed_on:%d/%m/%Y}" if head.signed_on else ""
    last_day = f"{period.ends_on:%d/%m/%Y}"
    reported = sum(row.status == "reported" for row in candidate.rows)
    in_being = district.is_valid_on(period.ends_on) if district else None  # a unit that ended is still known
    is_judged_period = head.period_code == period.code if head.period_code else None
    next_one = _next_reported(period)
    is_before_next = head.signed_on <= next_one.ends_on if head.signed_on else None
    return {
        "head.is_known_district": _yes_no(district is not None, head.district_code, ""),
        "head.is_district_in_being": _yes_no(in_being, district.name_vi if district else "", period.name_vi),
        "head.is_period_given": _yes_no(bool(head.period_code), "", period.code),
        "head.is_judged_period": _yes_no(is_judged_period, head.period_code, period.code),
        "head.is_form_in_force": _yes_no(
            form.is_valid_for(period) if form else None, form.document_no if form else "", period.name_vi
        ),
        "head.is_form_window": _window(candidate, period),
        "head.is_dated": _yes_no(head.signed_on is not None, signed_on, ""),
        "head.days_signed_after_window": Fact(None if days is None else Decimal(days), signed_on, last_day),
        "head.is_signed_before_next_window_ends": _yes_no(is_before_next, signed_on, next_one.name_vi),
        "head.reported_values": Fact(Decimal(reported), str(reported), ""),
        "district.commune_count": Fact(Decimal(district.commune_count) if district else None),
    }


def _window(candidate: Candidate, period: Period) -> Fact:
    """Whether the data window that a report declares is that of its period; a report may name one of its ends only."""
    starts_on, ends_on = candidate.head.window_starts_on, candidate.head.window_ends_on
    if starts_on is None and ends_on is None:
        return Fact(None)
    holds = starts_on in (None, period.starts_on) and ends_on in (None, period.ends_on)
    told = " – ".join(f"{day:%d/%m/%Y}" for day in (starts_on, ends_on) if day)
    return _yes_no(holds, told, f"{period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}")


def _next_reported(period: Period) -> Period:
    """The first report whose data window closes after this one's."""
    later = (periods.parse(f"{year}-{term}") for year in (period.year, period.year + 1) for term in REPORTED_TERMS)
    return min(one for one in later if one.ends_on > period.ends_on)
