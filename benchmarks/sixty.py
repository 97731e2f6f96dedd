"""A scoring method of sixty criteria for benchmarks, made from the catalogue; nobody scores by it.

Its rules are those that the shipped methods mix: rates, codes, and shares of two counts, whole or up to a threshold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue, Indicator
from etl.catalogue.document import read_document
from etl.ranking import Method, Vocabulary, parse_method

COUNT = 60
CODE = "sixty-criteria"
_THRESHOLD = 80
_BANDS = ({"from": 80, "name_vi": "Tốt", "name_en": "Good"}, {"from": 0, "name_vi": "Yếu", "name_en": "Weak"})


def method(catalogue: Catalogue, folder: Path) -> Method:
    """The method, in force since ever; written to `folder`, since a method is a file (and JSON is YAML)."""
    possible = list(_criteria(catalogue))
    chosen = [possible[number * len(possible) // COUNT] for number in range(COUNT)]
    areas = [
        {"area": code, "weight": 1, "criteria": [one for area, one in chosen if area == code]}
        for code in catalogue.reform_areas
    ]
    document = {"method_code": CODE, "weights": "parts", "bands": _BANDS, "areas": areas}
    path = folder / f"{CODE}.yml"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return parse_method(read_document(path), Vocabulary.from_catalogue(catalogue))


def _criteria(catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    """Area and criterion, for each rate and code by itself and each count as a share of the count before it."""
    before: Indicator | None = None
    for number, indicator in enumerate(catalogue.indicators.values()):
        rule: dict[str, Any] = {}
        if indicator.kind == "rate":
            rule = {"rule": "linear", "value": indicator.indicator_code}
        elif indicator.kind == "code_list":
            codes = catalogue.code_lists[indicator.code_list].labels_vi
            points = {code: 0 if code == "0" else 100 for code in codes}
            rule = {"rule": "code_list", "value": indicator.indicator_code, "points": points}
        elif indicator.kind == "count":
            if before is not None and before.parent_code == indicator.parent_code:
                parts = {"numerator": indicator.indicator_code, "denominator": before.indicator_code}
                kind = {"rule": "capped", "threshold": _THRESHOLD} if number % 2 else {"rule": "linear"}
                rule = {**kind, **parts, "empty_denominator": "drop"}
            before = indicator
        if rule:
            yield indicator.reform_area_code, {"criterion": indicator.indicator_code, "weight": 1, **rule}
