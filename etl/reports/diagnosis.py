"""A page for the authors of a method: which criteria tell districts apart, which say the same, which decide alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import sqrt
from typing import Any

from etl.database import Connection
from etl.errors import UsageError
from etl.reports import mart
from etl.reports.html import rendered
from etl.reports.mart import Rows

# From where on the authors should look at something. Dials of this page, not of any method.
ALIKE = 0.9  # two criteria whose points go together this closely say the same
OPPOSED = -0.7  # … and this opposed, one is earned at the other's cost
DOMINANT = Decimal("0.25")  # of the spread of the scores, from one criterion
NEARLY = Decimal("0.9")  # of the districts at full marks
FEWEST = 5  # districts below which neither a correlation nor a lack of differences is told


def diagnosis(connection: Connection, period_code: str, method_code: str | None) -> tuple[str, str]:
    """The page as HTML for a period and a method (the default one where none is named), and the method's code.

    Raises UsageError where the method ranks nobody in the period.
    """
    if method_code is None:
        methods = mart.rows(connection, "method", period_code=period_code)
        if not methods:
            raise UsageError(f"no scoring method is in force for {period_code}", "Check the period, or name a --method")
        method_code = str(methods[0]["method_code"])
    codes = {"period_code": period_code, "method_code": method_code}
    heads = mart.rows(connection, "diagnosis", **codes)
    if not heads or not heads[0]["ranked_count"]:
        raise UsageError(f"{method_code} ranks no district in {period_code}", "See `python -m etl ranking`")
    criteria = mart.rows(connection, "diagnosis_criteria", **codes)
    for place, one in enumerate(criteria, start=1):
        one["number"] = place
        one["verdict"] = verdict(one)
    chance = 1.96 / sqrt(heads[0]["ranked_count"])
    areas = _areas(criteria, mart.rows(connection, "diagnosis_pairs", **codes), chance)
    content = {
        "head": heads[0],
        "criteria": criteria,
        "areas": areas,
        "by_share": sorted(criteria, key=lambda one: one["variance_share"] or 0, reverse=True),
        "pairs": [pair for area in areas for pair in area["pairs"] if pair["is_told"]],
        "chance": chance,
        "dials": {"alike": ALIKE, "opposed": OPPOSED, "dominant": DOMINANT, "fewest": FEWEST},
    }
    return rendered("diagnosis.html.j2", content), method_code


def verdict(criterion: Mapping[str, Any]) -> str:
    """What the authors should know of a criterion first, "" if nothing: no_points, too_few (districts with points),
    all_full, all_same, dominant, nearly_full.
    """
    scored, full = criterion["scored_count"], criterion["full_count"]
    if not scored:
        return "no_points"
    if scored < min(FEWEST, criterion["ranked_count"]):
        return "too_few"
    if full == scored:
        return "all_full"
    if criterion["distinct_count"] == 1:
        return "all_same"
    if (criterion["variance_share"] or 0) >= DOMINANT:
        return "dominant"
    return "nearly_full" if full >= NEARLY * scored else ""


def _areas(criteria: Rows, pairs: Rows, chance: float) -> list[dict[str, Any]]:
    """Each area (or group at the top) with its criteria in the hundred and the correlations between them."""
    numbers = {one["criterion_code"]: one for one in criteria}
    areas: dict[str, dict[str, Any]] = {}
    for one in criteria:
        if one["kind"] == "criterion":
            area = areas.setdefault(one["top_code"], {**one, "criteria": [], "pairs": [], "cells": {}})
            area["criteria"].append(one)
    for pair in pairs:
        one, other = numbers[pair["one_code"]], numbers[pair["other_code"]]
        told = {**pair, "one": one, "other": other, "tone": tone(pair)}
        told["is_told"] = told["tone"] in ("alike", "opposed") and abs(pair["correlation"]) > chance
        areas[pair["top_code"]]["pairs"].append(told)
        areas[pair["top_code"]]["cells"][one["number"], other["number"]] = told
    return [area for area in areas.values() if len(area["criteria"]) > 1]


def tone(pair: Mapping[str, Any]) -> str:
    """How closely two criteria go together: alike, near, apart, against, opposed; unknown where too few have both."""
    correlation = pair["correlation"]
    if correlation is None or pair["district_count"] < FEWEST:
        return "unknown"
    for least, name in ((ALIKE, "alike"), (0.5, "near"), (-0.4, "apart"), (OPPOSED, "against")):
        if correlation >= least:
            return name
    return "opposed"
