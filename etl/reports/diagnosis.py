"""The diagnosis page for the authors of a method: discrimination, correlation and dominance of its criteria."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import sqrt
from typing import Any

from etl.database import Connection
from etl.errors import UsageError
from etl.reports import mart
from etl.reports.html import render
from etl.reports.mart import Rows

# Thresholds from which the page highlights a criterion or a pair. They belong to this page, not to any method.
ALIKE = 0.9  # correlation from which two criteria probably measure the same thing
OPPOSED = -0.7  # correlation below which points for one criterion cost points for the other
DOMINANT = Decimal("0.25")  # share of the score variance that comes from one criterion
NEARLY_FULL = Decimal("0.9")  # share of the districts with full marks
MIN_DISTRICTS = 5  # with fewer districts, neither correlations nor a lack of differences are reported


def diagnosis(connection: Connection, period_code: str, method_code: str | None) -> tuple[str, str]:
    """Return the page as HTML and the code of the method, which is the default one unless `method_code` is given.

    Raises UsageError if the method ranks no district in the period.
    """
    if method_code is None:
        methods = mart.rows(connection, "method", period_code=period_code)
        if not methods:
            raise UsageError(f"No scoring method is in force for {period_code}", "Check the period, or pass --method")
        method_code = str(methods[0]["method_code"])
    codes = {"period_code": period_code, "method_code": method_code}
    heads = mart.rows(connection, "diagnosis", **codes)
    if not heads or not heads[0]["ranked_count"]:
        raise UsageError(f"{method_code} ranks no district in {period_code}", "See `python -m etl ranking`")
    criteria = mart.rows(connection, "diagnosis_criteria", **codes)
    for number, criterion in enumerate(criteria, start=1):
        criterion |= {"number": number, "verdict": verdict(criterion)}
    # Correlations within this range do not differ from 0 at the 95 % level.
    chance = 1.96 / sqrt(heads[0]["ranked_count"])
    areas = _areas(criteria, mart.rows(connection, "diagnosis_pairs", **codes), chance)
    content = {
        "head": heads[0],
        "criteria": criteria,
        "areas": areas,
        "by_share": sorted(criteria, key=lambda criterion: criterion["variance_share"] or 0, reverse=True),
        "pairs": [pair for area in areas for pair in area["pairs"] if pair["is_reported"]],
        "chance": chance,
        "min_districts": MIN_DISTRICTS,
    }
    return render("diagnosis.html.j2", content), method_code


def verdict(criterion: Mapping[str, Any]) -> str:
    """Return the most important remark on a criterion, or "".

    One of no_points, too_few (districts with points), all_full, all_same, dominant, nearly_full.
    """
    scored, full = criterion["scored_count"], criterion["full_count"]
    if not scored:
        return "no_points"
    if scored < min(MIN_DISTRICTS, criterion["ranked_count"]):
        return "too_few"
    if full == scored:
        return "all_full"
    if criterion["distinct_count"] == 1:
        return "all_same"
    if (criterion["variance_share"] or 0) >= DOMINANT:
        return "dominant"
    return "nearly_full" if full >= NEARLY_FULL * scored else ""


def _areas(criteria: Rows, pairs: Rows, chance: float) -> list[dict[str, Any]]:
    """Return each area (or top-level group) with its criteria, without bonus and penalty points, and their pairs."""
    by_code = {criterion["criterion_code"]: criterion for criterion in criteria}
    areas: dict[str, dict[str, Any]] = {}
    for criterion in criteria:
        if criterion["kind"] == "criterion":
            area = areas.setdefault(criterion["top_code"], {**criterion, "criteria": [], "pairs": [], "cells": {}})
            area["criteria"].append(criterion)
    for row in pairs:
        first, second = by_code[row["one_code"]], by_code[row["other_code"]]
        pair = {**row, "first": first, "second": second, "tone": tone(row)}
        pair["is_reported"] = pair["tone"] in ("alike", "opposed") and abs(pair["correlation"]) > chance
        area = areas[pair["top_code"]]
        area["pairs"].append(pair)
        area["cells"][first["number"], second["number"]] = pair
    return [area for area in areas.values() if len(area["criteria"]) > 1]


def tone(pair: Mapping[str, Any]) -> str:
    """Classify a correlation: alike, near, apart, against or opposed; unknown if too few districts have both."""
    correlation = pair["correlation"]
    if correlation is None or pair["district_count"] < MIN_DISTRICTS:
        return "unknown"
    for minimum, name in ((ALIKE, "alike"), (0.5, "near"), (-0.4, "apart"), (OPPOSED, "against")):
        if correlation >= minimum:
            return name
    return "opposed"
