"""The sentences of findings."""

import pytest

from etl.findings import Finding
from etl.rules import render_finding


@pytest.mark.parametrize(
    ("code", "found", "expected", "in_vietnamese", "in_english"),
    [
        ("documents_sent_electronic_shares", "101.5", "100", "là 101,5 %, vượt 100 %", "101.5"),
        ("unusual_against_own_history", "98.5", "12.25–31", "98,5", "98.5"),
        ("unusual_against_own_history", "98.5", "12.25–31", "12,25–31", "12.25–31"),
        ("rate_out_of_range", "1.349", "0–100", "1.349", "1.349"),
    ],
)
def test_numbers_are_written_as_each_language_does_and_a_cell_is_quoted_as_it_stands(
    code: str, found: str, expected: str, in_vietnamese: str, in_english: str
) -> None:
    rendered = render_finding(Finding(code, "table[1]/row[2]/col[4]", "", found, expected, "1"))
    assert in_vietnamese in rendered.message_vi
    assert in_english in rendered.message_en
