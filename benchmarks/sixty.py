"""A scoring method of sixty criteria, built from the catalogue for benchmarks only.

It mixes the rules of the shipped methods: rates, codes, and shares of two counts, linear or up to a threshold.
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
    """The method, valid in every period. It is written to `folder` first, since a method is read from a file."""
    candidates = list(_criteria(catalogue))
    chosen = [candidates[number * len(candidates) // COUNT] for number in range(COUNT)]
    areas = [
        {"area": code, "weight": 1, "criteria": [criterion for area, criterion in chosen if area == code]}
        for code in catalogue.reform_areas
    ]
    document = {"method_code": CODE, "weights": "parts", "bands": _BANDS, "areas": areas}
    path = folder / f"{CODE}.yml"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return parse_method(read_document(path), Vocabulary.from_catalogue(catalogue))


def _criteria(catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    """Area and criterion: each rate and code list, and each count as a share of the count before it."""
    previous: Indicator | None = None
    for number, indicator in enumerate(catalogue.indicators.values()):
        rule: dict[str, Any] = {}
        if indicator.kind == "rate":
            rule = {"rule": "linear", "value": indicator.indicator_code}
        elif indicator.kind == "code_list":
            codes = catalogue.code_lists[indicator.code_list].labels_vi
            points = {code: 0 if code == "0" else 100 for code in codes}
            rule = {"rule": "code_list", "value": indicator.indicator_code, "points": points}
        elif indicator.kind == "count":
            if previous is not None and previous.parent_code == indicator.parent_code:
                parts = {"numerator": indicator.indicator_code, "denominator": previous.indicator_code}
                kind = {"rule": "capped", "threshold": _THRESHOLD} if number % 2 else {"rule": "linear"}
                rule = {**kind, **parts, "empty_denominator": "drop"}
            previous = indicator
        if rule:
            yield indicator.reform_area_code, {"criterion": indicator.indicator_code, "weight": 1, **rule}
