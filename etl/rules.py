"""The catalogue of rules: severity, validation stage and sentences of every finding (expectations/rules.csv)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from etl.errors import CatalogueError
from etl.findings import SEVERITIES, Finding, RenderedFinding, Severity, describe_location
from etl.settings import PROJECT_ROOT

RULES_FILE = PROJECT_ROOT / "expectations" / "rules.csv"
VALIDATION_STAGES = ("reading", "head", "types", "appendix", "narrative", "history", "districts")
_COMPARING = ("appendix", "narrative", "history", "districts")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:–-?\d+(?:\.\d+)?)?")  # a canonical number, or two as a range
_COLUMNS = (
    "rule_code",
    "validation_stage",
    "severity",
    "category",
    "scope",
    "expression",
    "message_vi",
    "message_en",
    "source",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `scope` names an indicator, a kind of row or the whole submission; `expression` is its condition where
    it is a sum or an inequality of indicators ("procedures_in_force = procedures_in_force_district + …").
    """

    rule_code: str
    validation_stage: str
    severity: Severity
    category: str
    scope: str
    expression: str
    message_vi: str
    message_en: str
    source: str

    def sentences(
        self, finding: Finding, indicator_vi: str = "", indicator_en: str = "", cell: tuple[str, str] = ("", "")
    ) -> tuple[str, str]:
        """The Vietnamese and the English sentence of a finding, each saying the cell, what was found, what to do.

        `cell` is said in place of the finding's own where it is given.
        """
        fields = {"found": finding.found, "expected": finding.expected, "difference": finding.difference}
        # What a comparison tells are our numbers, not the cell's own text: "98.5" is written 98,5 in Vietnamese.
        is_compared = self.validation_stage in _COMPARING
        fields_vi = {name: _in_vietnamese(text) for name, text in fields.items()} if is_compared else fields
        cell_vi, cell_en = cell if any(cell) else describe_location(finding.location)
        return (
            self.message_vi.format(indicator=indicator_vi or finding.indicator_code, cell=cell_vi, **fields_vi),
            self.message_en.format(indicator=indicator_en or finding.indicator_code, cell=cell_en, **fields),
        )


def _in_vietnamese(text: str) -> str:
    return text.replace(".", ",") if _NUMBERS.fullmatch(text) else text


@lru_cache(maxsize=1)
def load_rules() -> Mapping[str, Rule]:
    """All rules by code, in the file's order. Raises CatalogueError naming the line of a wrong entry."""
    rules: dict[str, Rule] = {}
    with RULES_FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise CatalogueError("rules.csv:1", f"the columns must be {', '.join(_COLUMNS)}")
        for row in reader:
            place = f"rules.csv:{reader.line_num}"
            if None in row or None in row.values():
                raise CatalogueError(place, f"there are not {len(_COLUMNS)} fields", "Check the commas and quotes")
            if row["rule_code"] in rules:
                raise CatalogueError(place, f"{row['rule_code']} stands twice")
            if row["validation_stage"] not in VALIDATION_STAGES or row["severity"] not in SEVERITIES:
                raise CatalogueError(
                    place, f"unknown validation stage {row['validation_stage']!r} or severity {row['severity']!r}"
                )
            severity = SEVERITIES[SEVERITIES.index(row.pop("severity"))]
            rules[row["rule_code"]] = Rule(severity=severity, **row)
    return rules


def render_finding(finding: Finding, indicator_names: tuple[str, str] = ("", "")) -> RenderedFinding:
    """A finding with its rule's severity and sentences. Raises CatalogueError where rules.csv has no such rule."""
    rule = load_rules().get(finding.rule_code)
    if rule is None:
        raise CatalogueError("rules.csv", f"there is no rule {finding.rule_code!r}")
    return RenderedFinding(finding, rule.severity, *rule.sentences(finding, *indicator_names))
