"""A small province with its own scoring method, for tests of rankings, releases and robustness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.catalogue.document import read_document
from etl.database import Connection
from etl.ranking import load_methods
from etl.warehouse import load_accepted, load_reference
from tests import world

HEAD = """
method_code: method-a
valid_from: 2020-01-01
is_default: true
"""
# Uses every feature of a method: groups, all three means, bonus, penalty, rounding, tie-breaks and statuses.
RICH = (
    HEAD
    + """
weights: parts
rounding: {groups: 3, score: 2}
minimum_coverage: 0.3
tie_breaks: [II, r1]
statuses: {blank: zero, not_done: lowest, undecidable: drop, not_applicable: drop}
areas:
  - area: I
    weight: 3
    criteria:
      - {criterion: r1, weight: 2, rule: linear, value: r}
      - group: deep
        weight: 1
        aggregation: geometric
        criteria:
          - {criterion: s1, weight: 1, rule: linear, value: s, direction: lower}
          - {criterion: t1, weight: 3, rule: capped, value: t, threshold: 80}
  - area: II
    weight: 2
    aggregation: sum
    criteria:
      - {criterion: q1, weight: 1, rule: linear, numerator: r, denominator: d, empty_denominator: drop}
      - {criterion: p1, weight: 1, rule: percentile_rank, value: t}
      - {criterion: steps1, weight: 2, rule: steps, value: s, steps: [{from: 0, points: 100}, {from: 50, points: 20}]}
      - {criterion: code1, weight: 1, rule: code_list, value: code, points: {0: 0, 1: 100}}
bonus:
  - {criterion: bonus1, max_points: 5, rule: linear, value: t}
penalties:
  - {criterion: penalty1, max_points: 3, rule: linear, value: s}
"""
)
RICH_INDICATORS: Mapping[str, Mapping[str, Any]] = {
    "r": {"kind": "rate"},
    "s": {"kind": "rate"},
    "t": {"kind": "rate"},
    "d": {"kind": "count"},
    "code": {"kind": "code_list"},
}
# Two areas with one rate each, of equal weight.
PLAIN = (
    HEAD
    + """
areas:
  - {area: I, weight: 50, criteria: [{criterion: r1, weight: 50, rule: linear, value: r}]}
  - {area: II, weight: 50, criteria: [{criterion: s1, weight: 50, rule: linear, value: s}]}
"""
)
PLAIN_INDICATORS: Mapping[str, Mapping[str, Any]] = {"r": {"kind": "rate"}, "s": {"kind": "rate"}}


def prepare(
    connection: Connection,
    folder: Path,
    method: str,
    districts: Mapping[str, Mapping[str, Any]],
    indicators: Mapping[str, Mapping[str, Any]],
) -> Catalogue:
    """Load the catalogue and the method; may be called again to replace them."""
    path = folder / "method-a.yml"
    path.write_text(method, encoding="utf-8")
    catalogue = world.catalogue(districts, indicators, methods={"method-a": read_document(path)})
    load_reference(connection, catalogue)
    load_methods(connection, catalogue)
    return catalogue


def report(connection: Connection, district: str, values: Mapping[str, Any], day: int = 15) -> int:
    """Load a report of a district, signed on a day of March 2021. Returns the submission id."""
    submission_id = world.submit(connection, district, values=values, signed_on=date(2021, 3, day))
    load_accepted(connection, [submission_id])
    return submission_id
