"""The hash that recognises a report with the same facts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from etl.observations import DocumentHead, Observation, ReportContent, ValueStatus
from etl.submissions.register import hash_facts

ROW = Observation(
    "I", "1", "rate", "Tỷ lệ", "%", Decimal("12.5"), ValueStatus.REPORTED, "12,5", "", "table[1]/row[2]/col[4]"
)
REPORT = ReportContent(DocumentHead("946", "2021-Q1"), (ROW,))


@pytest.mark.parametrize("number", ["12.50", "1.25E+1", "12.5000"])
def test_the_hash_of_the_facts_does_not_depend_on_the_representation(number: str) -> None:
    row = ROW._replace(value=Decimal(number), raw_value=number, location="Sheet1!D2")
    assert hash_facts(replace(REPORT, rows=(row,))) == hash_facts(REPORT)


@pytest.mark.parametrize(
    "changes",
    [{"value": Decimal("12.6")}, {"value": None, "status": ValueStatus.BLANK}, {"note": "x"}, {"indicator_code": "y"}],
)
def test_the_hash_depends_on_the_facts(changes: dict[str, object]) -> None:
    row = ROW._replace(**changes)  # type: ignore[arg-type]
    assert hash_facts(replace(REPORT, rows=(row,))) != hash_facts(REPORT)
