"""Simulated reports satisfy all identities of the form, for any seed, district and period."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from etl import periods
from etl.catalogue import FormRow
from tests.unit.simulation.factories import CATALOGUE, numbers, simulated_report

SEEDS = range(50)
PERIODS = ("2021-Q1", "2021-H1", "2021-Q3", "2021-FY")
SUMS = {
    "procedures_in_force": ("procedures_in_force_district", "procedures_in_force_commune"),
    "one_stop_page_procedures_level_3_4": ("online_procedures_level_3", "online_procedures_level_4"),
    "portal_procedures_level_3_4": ("online_procedures_level_3", "online_procedures_level_4"),
    "legal_documents_checked_and_handled": ("legal_documents_self_checked", "legal_documents_checked"),
    "public_service_units": (
        "autonomous_units_recurrent_and_investment",
        "autonomous_units_recurrent",
        "autonomous_units_partial",
        "state_funded_units",
    ),
    "disciplined_public_employees": (
        "disciplined_in_fully_autonomous_units",
        "disciplined_in_partly_autonomous_units",
        "disciplined_in_state_funded_units",
    ),
}
AT_MOST = [
    ("plan_tasks_completed", "plan_tasks_assigned"),
    ("inspection_problems_resolved", "inspection_problems_found"),
    ("provincial_tasks_completed_on_time", "provincial_tasks_assigned"),
    ("legal_documents_issued_on_schedule", "legal_documents_issued"),
    ("legal_documents_following_procedure", "legal_documents_issued"),
    ("self_check_unlawful_found", "legal_documents_self_checked"),
    ("self_check_unlawful_handled", "self_check_unlawful_found"),
    ("check_unlawful_found", "legal_documents_checked"),
    ("check_unlawful_handled", "check_unlawful_found"),
    ("legal_documents_reviewed", "legal_documents_to_review"),
    ("legal_document_recommendations_handled", "legal_documents_recommended_for_handling"),
    ("feedback_resolved", "feedback_received"),
    ("dossiers_resolved_district", "dossiers_received_district"),
    ("dossiers_resolved_commune", "dossiers_received_commune"),
    ("one_stop_page_procedures", "procedures_in_force"),
    ("portal_procedures", "procedures_in_force"),
    ("portal_procedures_level_3_4", "portal_procedures"),
    ("portal_procedures_online_payment", "portal_procedures_level_3_4"),
    ("civil_servants_present", "civil_servants_allotted"),
    ("public_employees_present", "public_employees_allotted"),
    ("self_financed_staff_present", "self_financed_staff_approved"),
    ("decentralisation_problems_resolved", "decentralisation_problems_found"),
    ("audit_problems_resolved", "audit_problems_found"),
    ("training_completed", "training_planned"),
    ("rotation_completed", "rotation_required"),
    ("inspected_departments", "departments"),
    ("leaders_appointed_district", "leaders_district"),
    ("leaders_appointed_departments", "leaders_departments"),
    ("leaders_appointed_communes", "leaders_communes"),
    ("postal_procedures_received", "postal_procedures_published"),
    ("postal_procedures_returned", "postal_procedures_published"),
    ("postal_procedures_received", "postal_dossiers_received"),
    ("postal_procedures_returned", "postal_dossiers_returned"),
]
COMMUNE_COUNTS = (
    "communes_connected_to_district",
    "communes_connected_to_one_stop_system",
    "decentralisation_inspected_communes",
    "audited_communes",
    "iso_published_communes",
    "iso_internal_audit_communes",
    "iso_management_review_communes",
)
FORM = CATALOGUE.form_for(periods.parse("2021-Q1"))


def every_report(period: str):
    districts = [unit.district_code for unit in CATALOGUE.expected_districts(periods.parse(period))]
    return [simulated_report(seed, districts[seed % len(districts)], period) for seed in SEEDS]


def pairs_in(reports, pairs):
    """For each pair with both values: the indicator of the smaller one, the smaller and the greater value."""
    for report in reports:
        values = numbers(report)
        for less, more in pairs:
            if less in values and more in values:
                yield less, values[less], values[more]


@pytest.mark.parametrize("period", PERIODS)
def test_a_total_is_the_sum_of_its_parts(period: str):
    for report in every_report(period):
        values = numbers(report)
        assert {total: values[total] for total in SUMS} == {
            total: sum(values[part] for part in parts) for total, parts in SUMS.items()
        }


@pytest.mark.parametrize("period", PERIODS)
def test_a_part_never_exceeds_its_total(period: str):
    assert [pair for pair in pairs_in(every_report(period), AT_MOST) if pair[1] > pair[2]] == []


@pytest.mark.parametrize("period", PERIODS)
def test_tasks_completed_on_time_and_late_do_not_exceed_the_assigned_ones(period: str):
    for report in every_report(period):
        values = numbers(report)
        done = values["provincial_tasks_completed_on_time"] + values["provincial_tasks_completed_late"]
        assert done <= values["provincial_tasks_assigned"]


@pytest.mark.parametrize("period", PERIODS)
def test_no_count_of_communes_exceeds_the_communes_of_the_district(period: str):
    for report in every_report(period):
        values = numbers(report)
        for code in COMMUNE_COUNTS:
            assert values.get(code, Decimal(0)) <= report.head.district.commune_count


@pytest.mark.parametrize("period", PERIODS)
def test_rates_stay_within_0_and_100_and_codes_within_their_list(period: str):
    for report in every_report(period):
        values = numbers(report)
        for row in FORM.asked_rows:
            code, value = row.indicator.indicator_code, values.get(row.indicator.indicator_code)
            if value is None:
                continue
            if row.indicator.kind == "rate":
                assert 0 <= value <= 100, code
            elif row.indicator.kind == "code_list":
                assert str(value) in CATALOGUE.code_lists[row.indicator.code_list].labels_vi, code
            else:
                assert value >= 0, code
                assert value == value.to_integral_value(), code
        assert values["documents_sent_electronic_pct"] + values["documents_sent_electronic_and_paper_pct"] <= 100


def fraction(note: str) -> tuple[Decimal, Decimal] | None:
    match = re.search(r"([\d.]+)/([\d.]+)", note)
    return (Decimal(match[1].replace(".", "")), Decimal(match[2].replace(".", ""))) if match else None


@pytest.mark.parametrize("period", PERIODS)
def test_a_rate_agrees_with_the_fraction_in_its_note(period: str):
    checked = 0
    for report in every_report(period):
        for row in report.rows:
            if row.indicator_code.endswith("_pct") and (parts := fraction(row.note)) and parts[1]:
                assert isinstance(row.value, Decimal)
                assert abs(row.value - 100 * parts[0] / parts[1]) <= Decimal("0.005"), row
                checked += 1
    assert checked > 5 * len(SEEDS)


@pytest.mark.parametrize("period", PERIODS)
def test_received_dossiers_are_the_sum_of_new_and_carried_over_ones(period: str):
    for report in every_report(period):
        for code in ("dossiers_received_district", "dossiers_received_commune"):
            row = next(row for row in report.rows if row.indicator_code == code)
            new, carried = (
                int(text.replace(".", ""))
                for text in re.findall(r"là ([\d.]+)|qua ([\d.]+)", row.note)[0:2]
                for text in text
                if text
            )
            assert row.value == new + carried


@pytest.mark.parametrize("period", PERIODS)
def test_every_required_row_has_a_value(period: str):
    for report in every_report(period):
        blank = [
            row.indicator_code
            for row, asked in zip(report.rows, FORM.rows, strict=True)
            if asked.is_required and row.value == ""
        ]
        assert blank == []


def flows() -> list[FormRow]:
    return [row for row in FORM.asked_rows if row.indicator.kind == "count" and row.indicator.nature == "flow"]


def test_year_to_date_counts_never_decrease_and_no_derived_quarter_is_negative():
    for seed in SEEDS:
        district = CATALOGUE.expected_districts(periods.parse("2021-Q1"))[seed % 11].district_code
        first, half, third, year = (numbers(simulated_report(seed, district, period)) for period in PERIODS)
        for row in flows():
            code = row.indicator.indicator_code
            if code in first:
                assert first[code] <= half[code], code
                assert half[code] + third[code] <= year[code], code


def test_dossiers_pending_at_the_end_of_a_period_are_carried_into_the_next():
    for seed in range(10):
        half, third = (simulated_report(seed, "943", period) for period in ("2021-H1", "2021-Q3"))
        pending = numbers(half)["dossiers_received_district"] - numbers(half)["dossiers_resolved_district"]
        note = next(row.note for row in third.rows if row.indicator_code == "dossiers_received_district")
        assert note.endswith(f"kỳ trước chuyển qua {pending} hồ sơ")


def test_the_same_rows_are_filled_in_every_period_of_a_year():
    for seed in SEEDS:
        filled = [
            {row.indicator_code for row in simulated_report(seed, "949", period).rows if row.value != ""}
            for period in ("2021-Q1", "2021-H1", "2021-Q3", "2021-FY")
        ]
        assert all(codes == filled[0] for codes in filled)
