"""Scanned reports: OCR results are marked, uncertain ones are undecidable, and the report is held for review."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from etl.decimals import format_decimal
from etl.errors import UnreadableFile
from etl.observations import ReportContent
from etl.parsing import read
from etl.parsing.formats import ocr
from etl.rules import render_finding
from etl.validation.policy import load_policy
from tests.needs import needs
from tests.unit.parsing.pdf_writer import scanned
from tests.unit.parsing.rendering import CATALOGUE, real_lines

PRINTED = Path(__file__).parent / "files" / "long_phu.pdf"
PAGES = (0, 6)  # the title with the first rows, and a page of figures


@cache
def scanned_report() -> ReportContent:
    return read("scan.pdf", scanned(PRINTED.read_bytes(), slope=0.006, pages=PAGES), CATALOGUE)


@needs("tesseract")
def test_a_scan_gives_no_wrong_value() -> None:
    printed = {line.label: line.value for line in real_lines()}
    figures = {label: value.replace(",", "") for label, value in printed.items()}
    rows = [row for row in scanned_report().rows if row.label in figures and row.status == "reported"]
    assert len(rows) >= 6
    assert [row for row in rows if format_decimal(row.value) != figures[row.label]] == []


@needs("tesseract")
def test_values_from_ocr_have_a_confidence_and_a_box() -> None:
    reported = [row for row in scanned_report().rows if row.status == "reported"]
    assert all(row.confidence is not None and row.confidence >= 0.8 for row in reported)
    assert all(row.box for row in reported)
    assert all(row.confidence is None for row in read("a.pdf", PRINTED.read_bytes(), CATALOGUE).rows)


@needs("tesseract")
def test_a_scan_is_held_for_review() -> None:
    findings = [render_finding(finding) for finding in scanned_report().findings]
    assert findings[0].finding.rule_code == "recognised_by_ocr"
    assert load_policy().decide_status(findings[:1], ()) == "held"


@needs("tesseract")
def test_a_value_that_the_second_reading_does_not_confirm_is_undecidable(monkeypatch: pytest.MonkeyPatch) -> None:
    recognise = ocr._recognise

    def misread(picture: object, language: str, segmentation_mode: int) -> list[ocr._OcrWord]:
        words = recognise(picture, language, segmentation_mode)
        return [replace(word, text="8") if language == "eng" and word.text == "24" else word for word in words]

    monkeypatch.setattr(ocr, "_recognise", misread)
    content = read("scan.pdf", scanned(PRINTED.read_bytes(), pages=PAGES[:1]), CATALOGUE)
    row = next(row for row in content.rows if row.raw_value == "24")
    assert (row.status, row.value, row.confidence) == ("undecidable", None, 0.0)
    assert "value_recognised_unsurely" in {finding.rule_code for finding in content.findings}


def test_a_scan_without_tesseract_is_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.shutil, "which", lambda name: None)
    with pytest.raises(UnreadableFile, match=r"Send the report as \.docx") as caught:
        read("scan.pdf", scanned(PRINTED.read_bytes(), dots_per_inch=72, pages=(0,)), CATALOGUE)
    assert caught.value.rule == "file_is_scan"
