"""From the bytes of a report to its head, one observation for each printed row, and the reader's findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from etl.catalogue import AREA_LEVEL, Catalogue, FormRow
from etl.errors import UnreadableFile
from etl.findings import Finding
from etl.observations import DocumentHead, NarrativeFigure, Observation, ReportContent, ValueStatus
from etl.parsing.formats.grid import Line
from etl.parsing.formats.registry import open_document
from etl.parsing.layout.appendix_finder import Appendix, Finder, PrintedRow, Section
from etl.parsing.layout.head import HeadReader
from etl.parsing.layout.narrative_figures import NarrativeReader
from etl.parsing.matching.alignment import Change
from etl.parsing.matching.form_matcher import Match, Matcher
from etl.parsing.matching.labels import Labels
from etl.parsing.values.cell_values import Reader, Value
from etl.parsing.values.contacts import masked
from etl.parsing.values.number_parsing import Writing, column_writing

_RULES: dict[Change, str] = {"renamed": "row_renamed", "moved": "row_moved", "twice": "row_twice", "added": "row_added"}


@dataclass(frozen=True, slots=True)
class Laid:
    """A report before its values are read: its head, its lines, and each printed row beside that of the form."""

    head: DocumentHead
    findings: list[Finding]
    lines: list[Line]
    match: Match
    printed: list[PrintedRow]
    form_rows: Sequence[FormRow | None]
    changes: list[Change]
    converted: bytes = b""


class ReportReader:
    """Reads reports with one catalogue; made once, it keeps what it has learnt of the forms."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._finder = Finder(catalogue.phrases)
        self._matcher = Matcher(catalogue)
        self._head = HeadReader(catalogue)
        self._values = Reader(catalogue.phrases, catalogue.code_lists)
        self._narrative = NarrativeReader(catalogue.narrative, catalogue.phrases.masked)

    @property
    def labels(self) -> Labels:
        return self._matcher.labels

    def read(self, file_name: str, content: bytes) -> ReportContent:
        """See etl.parsing.read."""
        laid = self.lay(file_name, content)
        narrative = self._narrative.read(laid.lines)
        rows, findings = self._rows(laid, narrative)
        mask = self.catalogue.phrases.masked
        return ReportContent(
            replace(laid.head, form_code=laid.match.form.form_code if laid.match.is_known else ""),
            tuple(rows),
            tuple(_without_contacts(finding, mask) for finding in [*laid.findings, *findings]),
            narrative,
            Decimal(str(round(laid.match.fit, 3))),
            laid.converted,
        )

    def lay(self, file_name: str, content: bytes) -> Laid:
        """The appendix of a report laid on the form that fits it best, before any value is read."""
        document = open_document(file_name, content)
        appendix = self._finder.find(document)
        sections = self._matcher.choose(appendix)
        if not any(section.rows for section in sections):
            columns = self.catalogue.phrases.columns
            wanted = ", ".join(columns[role][0] for role in ("label", "unit", "value", "note"))
            what, hint = "No statistical appendix was found", f"Add a table with the columns {wanted}"
            raise UnreadableFile("appendix_missing", what, hint, wanted)
        lines, later = _lines(appendix, sections)
        head, findings = self._head.read(lines, later)
        if document.is_recognised:
            findings.insert(0, Finding("recognised_by_ocr"))
        match = replace(self._matcher.match(sections, head.period_code), is_partial=head.is_partial)
        form_rows = [match.form.rows[index] if index is not None else None for index in match.alignment.form_index]
        part = _within(match.rows, form_rows)
        return Laid(
            head,
            findings,
            [line for _, line in appendix.lines],
            match,
            match.rows[part],
            form_rows[part],
            match.alignment.changes[part],
            document.converted,
        )

    def _rows(self, laid: Laid, narrative: Sequence[NarrativeFigure]) -> tuple[list[Observation], list[Finding]]:
        match, printed, form_rows, changes = laid.match, laid.printed, laid.form_rows, laid.changes
        if match.is_known:
            findings = _structure(match, printed, form_rows, changes)
        else:
            findings = [Finding("form_unknown", found=f"{match.form.form_code}, {match.fit:.0%}")]
            form_rows = [None] * len(form_rows)
        values = self._read_values(printed, form_rows, _by_indicator(narrative))
        findings += [value.finding for value in values if value.finding is not None]
        return self._observations(printed, form_rows, changes, values), findings

    def _observations(
        self,
        printed: Sequence[PrintedRow],
        form_rows: Sequence[FormRow | None],
        changes: Sequence[Change],
        values: Sequence[Value],
    ) -> list[Observation]:
        places = _places(printed, form_rows, changes)
        mask = self.catalogue.phrases.masked
        return [
            Observation(
                *place,
                form_row.indicator.indicator_code if form_row else "",
                masked(row.label, mask),
                masked(row.unit, mask),
                value.value,
                value.status,
                value.raw if value.status is ValueStatus.REPORTED else masked(value.raw, mask),
                masked(row.note, mask),
                value.location,
                value.decision,
                (value.cell or row).box,
                (value.cell or row).confidence,
            )
            for row, form_row, value, place in zip(printed, form_rows, values, places, strict=True)
            if form_row is None or form_row.level != AREA_LEVEL
        ]

    def _read_values(
        self,
        rows: Sequence[PrintedRow],
        form_rows: Sequence[FormRow | None],
        narrative: Mapping[str, Sequence[Decimal]],
    ) -> list[Value]:
        values = [self._values.read(row, form_row) for row, form_row in zip(rows, form_rows, strict=True)]
        writings: dict[int, Writing | None] = {
            column: column_writing([value.number for value in values if value.number and value.column == column])
            for column in {value.column for value in values}
        }
        for value, row, form_row in zip(values, rows, form_rows, strict=True):
            self._values.settle(value, row, form_row, writings[value.column], narrative)
        _share_merged_cells(rows, form_rows, values)
        _speak_for_children(form_rows, values)
        return values


def _by_indicator(narrative: Sequence[NarrativeFigure]) -> dict[str, list[Decimal]]:
    """What the prose says of each indicator; several numbers where it says different ones."""
    result: dict[str, list[Decimal]] = {}
    for figure in narrative:
        result.setdefault(figure.indicator_code, []).append(figure.value)
    return result


def _lines(appendix: Appendix, sections: Sequence[Section]) -> tuple[list[str], list[str]]:
    """The lines before the appendix and those after its first table."""
    first = appendix.sections.index(sections[0])
    before: list[str] = [text for count, text in appendix.lines if count <= first]
    return before, [text for count, text in appendix.lines if count > first]


def _structure(
    match: Match, rows: Sequence[PrintedRow], form_rows: Sequence[FormRow | None], changes: Sequence[Change]
) -> list[Finding]:
    """How the rows differ from the form: renamed, moved, twice, added, missing."""
    findings = []
    for row, form_row, change in zip(rows, form_rows, changes, strict=True):
        if change != "same":
            code = form_row.indicator.indicator_code if form_row else ""
            expected = form_row.label if form_row else ""
            findings.append(Finding(_RULES[change], row.location, code, row.label, expected))
    for index in match.alignment.missing:
        form_row = match.form.rows[index]
        findings.append(Finding("row_missing", "", form_row.indicator.indicator_code, expected=form_row.label))
    return findings


def _within(rows: Sequence[PrintedRow], form_rows: Sequence[FormRow | None]) -> slice:
    """The rows from the first to the last that the form has or that say something: what stands around them under the
    same columns (a subtitle, the signature) is none of the appendix."""
    kept = [
        index
        for index, (row, form_row) in enumerate(zip(rows, form_rows, strict=True))
        if form_row is not None or row.unit or row.item or any(cell.text for cell in row.values)
    ]
    return slice(kept[0], kept[-1] + 1) if kept else slice(0, 0)


def _places(
    rows: Sequence[PrintedRow], form_rows: Sequence[FormRow | None], changes: Sequence[Change]
) -> list[tuple[str, str]]:
    """Reform area and item of each row: of the group in which it is printed."""
    places: list[tuple[str, str]] = []
    area = group = item = ""
    for row, form_row, change in zip(rows, form_rows, changes, strict=True):
        if form_row is not None and change != "moved":
            if form_row.reform_area_code != area:
                area, group, item = form_row.reform_area_code, "", ""
            own_group = ".".join(form_row.path.split(".")[:2])
            if form_row.level != AREA_LEVEL and own_group != group:
                group, item = own_group, form_row.item
        if row.item and (form_row is None or form_row.level != AREA_LEVEL):
            item = row.item
        places.append((area, item))
    return places


def _share_merged_cells(
    rows: Sequence[PrintedRow], form_rows: Sequence[FormRow | None], values: Sequence[Value]
) -> None:
    """A figure in a cell merged over several rows belongs to the one that asks for it; to none if several ask."""
    owners: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        for cell in row.values:
            if cell.row_span > 1 and cell.text:
                owners.setdefault(id(cell), []).append(index)
    for indices in owners.values():
        asked = [index for index in indices if (form_row := form_rows[index]) is None or form_row.is_asked]
        if len(indices) < 2:
            continue
        for index in indices:
            value, form_row = values[index], form_rows[index]
            if value.status is ValueStatus.HEADING and len(asked) == 1:
                value.finding = None
            elif value.status is ValueStatus.REPORTED and len(asked) > 1:
                code = form_row.indicator.indicator_code if form_row else ""
                value.status, value.value, value.decision = ValueStatus.UNDECIDABLE, None, "open"
                value.finding = Finding("value_undecidable", value.location, code, value.raw, "")


def _speak_for_children(form_rows: Sequence[FormRow | None], values: Sequence[Value]) -> None:
    """ "Chưa thực hiện" on a heading or a text row holds for the blank rows below it."""
    paths = [
        form_row.path + "."
        for form_row, value in zip(form_rows, values, strict=True)
        if form_row is not None and value.is_not_done and form_row.indicator.kind in ("heading", "text")
    ]
    if paths:
        for form_row, value in zip(form_rows, values, strict=True):
            if form_row is not None and value.status is ValueStatus.BLANK and form_row.path.startswith(tuple(paths)):
                value.status, value.decision = ValueStatus.NOT_DONE, "heading words"


def _without_contacts(finding: Finding, mask: str) -> Finding:
    found, expected = masked(finding.found, mask), masked(finding.expected, mask)
    return Finding(finding.rule_code, finding.location, finding.indicator_code, found, expected, finding.difference)
