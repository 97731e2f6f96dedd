"""What rules may ask of a report as a whole: its head and its district (`head.…` and `district.…` in rules.csv)."""

from __future__ import annotations

from dataclasses import dataclass

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
        "is_validated_period",
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
    """A number to compare (1 and 0 for yes and no), and the texts of a finding about it.

    The number is None where the question does not apply.
    """

    number: float | None
    found: str = ""
    expected: str = ""


def head_facts(candidate: Candidate, period: Period, catalogue: Catalogue) -> dict[str, Fact]:
    """The facts about head and district of one report, by name."""
    head = candidate.head
    listed = catalogue.districts.get(head.district_code)
    district = catalogue.district_on(head.district_code, period.ends_on) or listed
    form = catalogue.forms.get(head.form_code)
    reported = sum(row.status == "reported" for row in candidate.rows)
    in_being = district.is_valid_on(period.ends_on) if district else None  # a district that was dissolved is listed
    is_validated_period = head.period_code == period.code if head.period_code else None
    is_in_force = form.is_valid_for(period) if form else None
    return {
        "head.is_known_district": _yes_no(district is not None, head.district_code, ""),
        "head.is_district_in_being": _yes_no(in_being, district.name_vi if district else "", period.name_vi),
        "head.is_period_given": _yes_no(bool(head.period_code), "", period.code),
        "head.is_validated_period": _yes_no(is_validated_period, head.period_code, period.code),
        "head.is_form_in_force": _yes_no(is_in_force, form.document_no if form else "", period.name_vi),
        "head.is_form_window": _is_form_window(candidate, period),
        **_signature_facts(candidate, period),
        "head.reported_values": Fact(reported, str(reported), ""),
        "district.commune_count": Fact(district.commune_count if district else None),
    }


def _yes_no(holds: bool | None, found: str, expected: str) -> Fact:
    return Fact(None if holds is None else float(holds), found, expected)


def _signature_facts(candidate: Candidate, period: Period) -> dict[str, Fact]:
    """When the report was signed, compared with its own data window and the next one."""
    signed_on, following = candidate.head.signed_on, _next_reported(period)
    days = (signed_on - period.ends_on).days if signed_on else None
    is_before_next = signed_on <= following.ends_on if signed_on else None
    found = f"{signed_on:%d/%m/%Y}" if signed_on else ""
    return {
        "head.is_dated": _yes_no(signed_on is not None, found, ""),
        "head.days_signed_after_window": Fact(days, found, f"{period.ends_on:%d/%m/%Y}"),
        "head.is_signed_before_next_window_ends": _yes_no(is_before_next, found, following.name_vi),
    }


def _is_form_window(candidate: Candidate, period: Period) -> Fact:
    """Whether the declared data window is that of the period; a report may declare only one of its ends."""
    starts_on, ends_on = candidate.head.window_starts_on, candidate.head.window_ends_on
    if starts_on is None and ends_on is None:
        return Fact(None)
    holds = starts_on in (None, period.starts_on) and ends_on in (None, period.ends_on)
    declared = " – ".join(f"{day:%d/%m/%Y}" for day in (starts_on, ends_on) if day)
    return _yes_no(holds, declared, f"{period.starts_on:%d/%m/%Y} – {period.ends_on:%d/%m/%Y}")


def _next_reported(period: Period) -> Period:
    """The first report whose data window closes after that of `period`."""
    later = (periods.parse(f"{year}-{term}") for year in (period.year, period.year + 1) for term in REPORTED_TERMS)
    return min(one for one in later if one.ends_on > period.ends_on)
