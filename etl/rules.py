"""The catalogue of rules: severity, validation stage, expression and messages (expectations/rules.csv)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal, get_args

from etl.errors import CatalogueError
from etl.findings import SEVERITIES, Finding, RenderedFinding, Severity, describe_location
from etl.settings import PROJECT_ROOT

ValidationStage = Literal["reading", "head", "types", "appendix", "narrative", "history", "districts"]
VALIDATION_STAGES: tuple[ValidationStage, ...] = get_args(ValidationStage)
TOLERANCES = ("", "rounding")

RULES_FILE = PROJECT_ROOT / "expectations" / "rules.csv"
_COMPARING = ("appendix", "narrative", "history", "districts")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:–-?\d+(?:\.\d+)?)?")  # a canonical number, or two as a range


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of rules.csv; expectations/README.md describes its columns.

    A rule without an expression is reported by the parser or the pipeline itself and has no expectation.
    """

    rule_code: str
    validation_stage: ValidationStage
    severity: Severity
    category: str
    scope: str
    expression: str
    tolerance: str
    message_vi: str
    message_en: str
    source: str

    def render_messages(
        self, finding: Finding, indicator_vi: str = "", indicator_en: str = "", cell: tuple[str, str] = ("", "")
    ) -> tuple[str, str]:
        """The Vietnamese and the English message of a finding: cell, what was found, what was expected, what to do.

        `cell` replaces the description of the finding's location.
        """
        fields_en = {"found": finding.found, "expected": finding.expected, "difference": finding.difference}
        # Comparisons report computed numbers, not the text of a cell: 98.5 is written 98,5 in Vietnamese.
        is_computed = self.validation_stage in _COMPARING
        fields_vi = {name: _in_vietnamese(text) for name, text in fields_en.items()} if is_computed else fields_en
        cell_vi, cell_en = cell if any(cell) else describe_location(finding.location)
        return (
            self.message_vi.format(indicator=indicator_vi or finding.indicator_code, cell=cell_vi, **fields_vi),
            self.message_en.format(indicator=indicator_en or finding.indicator_code, cell=cell_en, **fields_en),
        )


def _in_vietnamese(text: str) -> str:
    return text.replace(".", ",") if _NUMBERS.fullmatch(text) else text


@lru_cache(maxsize=1)
def load_rules() -> Mapping[str, Rule]:
    """All rules by code, in the order of the file. Raises CatalogueError with the line of an invalid entry."""
    columns = tuple(field.name for field in fields(Rule))
    rules: dict[str, Rule] = {}
    with RULES_FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise CatalogueError("rules.csv:1", f"the columns must be {', '.join(columns)}")
        for row in reader:
            problem = _find_problem(row, rules)
            if problem:
                raise CatalogueError(f"rules.csv:{reader.line_num}", *problem)
            rules[row["rule_code"]] = Rule(**row)  # type: ignore[arg-type]
    return rules


def _find_problem(row: Mapping[str, str], rules: Mapping[str, Rule]) -> tuple[str, str] | None:
    """Message and hint, or None for a valid line."""
    if None in row or None in row.values():
        return "wrong number of fields", "Check the commas and quotes"
    if row["rule_code"] in rules:
        return f"the rule {row['rule_code']!r} is listed twice", ""
    for column, known in (
        ("validation_stage", VALIDATION_STAGES),
        ("severity", SEVERITIES),
        ("tolerance", TOLERANCES),
    ):
        if row[column] not in known:
            return f"unknown {column} {row[column]!r}", f"Known are {', '.join(filter(None, known))}"
    return None


def render_finding(finding: Finding, indicator_names: tuple[str, str] = ("", "")) -> RenderedFinding:
    """A finding with the severity and messages of its rule. Raises CatalogueError if rules.csv has no such rule."""
    rule = load_rules().get(finding.rule_code)
    if rule is None:
        raise CatalogueError("rules.csv", f"there is no rule {finding.rule_code!r}")
    return RenderedFinding(finding, rule.severity, *rule.render_messages(finding, *indicator_names))
