"""Read the bytes of a report: its head, one observation for each printed row, and the parser's findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from etl.catalogue import Catalogue
from etl.errors import UnreadableFile
from etl.findings import Finding
from etl.observations import DocumentHead, NarrativeFigure, Observation, ReportContent, ValueStatus
from etl.parsing.formats.grid import TextLine
from etl.parsing.formats.registry import open_document
from etl.parsing.layout.appendix_finder import AppendixFinder
from etl.parsing.layout.head import HeadReader
from etl.parsing.layout.printed_row import PrintedRow, RowChange
from etl.parsing.matching.form_matcher import FormMatch, FormMatcher
from etl.parsing.values.cell_values import CellValue, ValueReader
from etl.parsing.values.contacts import mask_contacts
from etl.parsing.values.narrative_figures import NarrativeReader

_RULES: dict[RowChange, str] = {
    "renamed": "row_renamed",
    "moved": "row_moved",
    "twice": "row_twice",
    "added": "row_added",
}


@dataclass(frozen=True, slots=True)
class MatchedReport:
    """A report whose rows are matched with a form, before their values are read."""

    head: DocumentHead
    findings: list[Finding]
    lines: list[TextLine]
    match: FormMatch
    converted: bytes = b""


class ReportReader:
    """Reads reports with one catalogue; it is made once and keeps the comparable labels of the forms."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._appendix_finder = AppendixFinder(catalogue.phrases)
        self._matcher = FormMatcher(catalogue)
        self._head = HeadReader(catalogue)
        self._values = ValueReader(catalogue.phrases, catalogue.code_lists)
        self._narrative = NarrativeReader(catalogue.narrative, catalogue.phrases.masked)
        self.labels = self._matcher.labels

    def read(self, file_name: str, content: bytes) -> ReportContent:
        """See etl.parsing.read."""
        report = self.match(file_name, content)
        match, rows = report.match, report.match.rows
        if match.is_known:
            findings = [*report.findings, *_structure_findings(match)]
        else:
            findings = [*report.findings, Finding("form_unknown", found=f"{match.form.form_code}, {match.fit:.0%}")]
            for row in rows:
                row.form_row = None
        narrative = self._narrative.read(report.lines)
        values = self._values.read_values(rows, _numbers_by_indicator(narrative))
        findings += [value.finding for value in values if value.finding is not None]
        return ReportContent(
            replace(report.head, form_code=match.form.form_code if match.is_known else ""),
            tuple(self._observations(rows, values)),
            tuple(map(self._masked, findings)),
            narrative,
            Decimal(str(round(match.fit, 3))),
            report.converted,
        )

    def match(self, file_name: str, content: bytes) -> MatchedReport:
        """Find the appendix of a report and match it with the form that fits best."""
        document = open_document(file_name, content)
        appendix = self._appendix_finder.find(document)
        sections = self._matcher.choose_sections(appendix.sections)
        if not any(section.rows for section in sections):
            columns = self.catalogue.phrases.columns
            expected = ", ".join(columns[role][0] for role in ("label", "unit", "value", "note"))
            message, hint = "No statistical appendix was found", f"Add a table with the columns {expected}"
            raise UnreadableFile("appendix_missing", message, hint, expected)
        first = appendix.sections.index(sections[0])
        before = [line for count, line in appendix.lines if count <= first]
        after = [line for count, line in appendix.lines if count > first]
        head, findings = self._head.read(before, after)
        if document.is_recognised:
            findings.insert(0, Finding("recognised_by_ocr"))
        match = self._matcher.match(sections, head.period_code, is_partial=head.is_partial)
        return MatchedReport(head, findings, [*before, *after], match, document.converted)

    def _observations(self, rows: Sequence[PrintedRow], values: Sequence[CellValue]) -> Iterator[Observation]:
        mask = self.catalogue.phrases.masked
        for row, value, place in zip(rows, values, _areas_and_items(rows), strict=True):
            if row.is_area_heading:
                continue
            cell = value.cell or row.place
            yield Observation(
                *place,
                row.indicator_code,
                mask_contacts(row.label, mask),
                mask_contacts(row.unit, mask),
                value.value,
                value.status,
                value.raw if value.status is ValueStatus.REPORTED else mask_contacts(value.raw, mask),
                mask_contacts(row.note, mask),
                value.location,
                value.decision,
                cell.box,
                cell.confidence,
            )

    def _masked(self, finding: Finding) -> Finding:
        mask = self.catalogue.phrases.masked
        return replace(
            finding, found=mask_contacts(finding.found, mask), expected=mask_contacts(finding.expected, mask)
        )


def _numbers_by_indicator(narrative: Sequence[NarrativeFigure]) -> dict[str, list[Decimal]]:
    """What the prose says about each indicator; several numbers if it says different ones."""
    numbers: dict[str, list[Decimal]] = {}
    for figure in narrative:
        numbers.setdefault(figure.indicator_code, []).append(figure.value)
    return numbers


def _structure_findings(match: FormMatch) -> list[Finding]:
    """How the rows differ from the form: renamed, moved, twice, added, missing."""
    differing = [
        Finding(
            _RULES[row.change],
            row.location,
            row.indicator_code,
            row.label,
            row.form_row.label if row.form_row is not None else "",
        )
        for row in match.rows
        if row.change != "same"
    ]
    missing = [Finding("row_missing", "", row.indicator.indicator_code, expected=row.label) for row in match.missing]
    return [*differing, *missing]


def _areas_and_items(rows: Sequence[PrintedRow]) -> Iterator[tuple[str, str]]:
    """Reform area and item of each row: those of the group in which it is printed."""
    area = group = item = ""
    for row in rows:
        form_row = row.form_row
        if form_row is not None and row.change != "moved":
            if form_row.reform_area_code != area:
                area, group, item = form_row.reform_area_code, "", ""
            own_group = ".".join(form_row.path.split(".")[:2])
            if not row.is_area_heading and own_group != group:
                group, item = own_group, form_row.item
        if row.item and not row.is_area_heading:
            item = row.item
        yield area, item
