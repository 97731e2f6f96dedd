"""A proposal for the form of a report: each printed row beside the nearest known form, to be confirmed by a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from etl import periods
from etl.catalogue import AREA_LEVEL, Catalogue
from etl.catalogue.proposals import UNNAMED, Proposal, ProposedRow
from etl.parsing.layout.printed_row import PrintedRow
from etl.parsing.report_reader import MatchedReport, ReportReader
from etl.parsing.values.contacts import mask_contacts
from etl.text import fold, without_accents

_ROMAN = re.compile(r"^[IVX]+$")
_MAX_WORDS_OF_CODE = 6
_MIN_SIMILARITY = 0.35  # below it no row counts as the nearest


def propose(file_name: str, content: bytes, catalogue: Catalogue) -> Proposal:
    """A proposal from the bytes of a report. Raises UnreadableFile as etl.parsing.read does."""
    reader = ReportReader(catalogue)
    report = reader.match(file_name, content)
    period_code = report.head.period_code
    return Proposal(
        form_code=f"form-{period_code[:4] or 'new'}",
        valid_from=periods.parse(period_code).starts_on if period_code else None,
        nearest_form=report.match.form.form_code,
        fit=str(Decimal(str(round(report.match.fit, 3)))),
        source_sha256=hashlib.sha256(content).hexdigest(),
        rows=tuple(_Proposer(report, reader).rows()),
    )


class _Proposer:
    def __init__(self, report: MatchedReport, reader: ReportReader) -> None:
        self._match, self._labels = report.match, reader.labels
        self._catalogue: Catalogue = reader.catalogue
        self._codes: set[str] = set()

    def rows(self) -> Iterator[ProposedRow]:
        """The printed rows in their order, then the rows of the nearest form that the report lacks."""
        mask = self._catalogue.phrases.masked
        for place, row in zip(_paths_and_items(self._match.rows), self._match.rows, strict=True):
            printed = (*place, mask_contacts(row.label, mask), mask_contacts(row.unit, mask))
            yield self._known_row(printed, row) if row.form_row is not None else self._added_row(printed, row)
        for form_row in self._match.missing:
            code = form_row.indicator.indicator_code
            yield ProposedRow("dropped", "", form_row.label, "", "", "", "", form_row.unit, code, "")

    def _known_row(self, printed: tuple[str, str, str, str], row: PrintedRow) -> ProposedRow:
        assert row.form_row is not None, "the row is on the nearest form"
        is_kept, nearest = row.change == "same", row.form_row.label
        similarity = f"{self._labels.text_similarity(printed[2], nearest):.2f}"
        confirmed, is_required = "yes" if is_kept else "", "yes" if row.form_row.is_required else ""
        change = "kept" if is_kept else row.change
        return ProposedRow(change, similarity, nearest, confirmed, *printed, row.indicator_code, is_required)

    def _added_row(self, printed: tuple[str, str, str, str], row: PrintedRow) -> ProposedRow:
        path, _, label, unit = printed
        similar = [(self._labels.text_similarity(label, other.label), other.label) for other in self._match.missing]
        similarity, nearest = max(similar, default=(0.0, ""))
        if similarity < _MIN_SIMILARITY:
            nearest = ""
        kind, unit_code, code_list = self._expected_values(row, unit, path)
        return ProposedRow(
            "added",
            f"{similarity:.2f}" if nearest else "",
            nearest,
            "",
            *printed,
            self._suggested_code(label),
            "",
            kind,
            unit_code,
            code_list,
            self._nature(label, kind),
            name_vi=label,
        )

    def _suggested_code(self, label: str) -> str:
        words = re.findall(r"[a-z0-9]+", without_accents(label).casefold())[:_MAX_WORDS_OF_CODE]
        code = base = UNNAMED + ("_".join(words) or "row")
        number = 1
        while code in self._codes:
            number += 1
            code = f"{base}_{number}"
        self._codes.add(code)
        return code

    def _expected_values(self, row: PrintedRow, unit: str, path: str) -> tuple[str, str, str]:
        """Kind, unit and code list that the printed unit suggests; empty if it suggests none."""
        folded = fold(unit)
        if path.count(".") == AREA_LEVEL:
            return "heading", "", ""
        if folded == "%":
            return "rate", "percent", ""
        if "=" in unit:  # it lists the codes: "Có =1 Không = 0"
            lists = self._catalogue.code_lists.values()
            listed = (codes for codes in lists if all(fold(label) in folded for label in codes.labels_vi.values()))
            return "code_list", "code", next((codes.code_list for codes in listed), "")
        if unit:
            names = {fold(known.name_vi): known.unit_code for known in self._catalogue.units.values()}
            return "count", names.get(folded, ""), ""
        return ("", "", "") if any(cell.text for cell in row.values) else ("heading", "", "")

    def _nature(self, label: str, kind: str) -> str:
        """The time that a number counts over by the form's own words; empty if they do not say it."""
        if kind in ("heading", ""):
            return ""
        folded = fold(label)
        natures = self._catalogue.phrases.natures.items()
        return next((nature for nature, words in natures if any(word in folded for word in words)), "")


def _paths_and_items(rows: Sequence[PrintedRow]) -> Iterator[tuple[str, str]]:
    """Path and item of each row in the new form: areas by their numeral, other rows by their place among siblings.

    Rows below a numbered one show no level; one that a known form has keeps the depth that it has there.
    """
    area, counts, item = "", [0], ""
    for row in rows:
        level = _level(row, len(counts))
        if level == AREA_LEVEL:
            area, counts, item = row.item or (row.form_row.path if row.form_row else ""), [0], ""
            yield area, ""
            continue
        counts = [*counts[:level], *[0] * (level - len(counts))]
        counts[level - 1] += 1
        if level == 1:
            item = row.item or str(counts[0])
        yield ".".join([area, *map(str, counts)]), item


def _level(row: PrintedRow, deepest: int) -> int:
    if _ROMAN.match(row.item):
        return AREA_LEVEL
    if row.form_row is not None and row.form_row.level in (AREA_LEVEL, 1):
        return row.form_row.level
    if row.item:
        return 1
    return min(row.form_row.level if row.form_row is not None else 2, deepest + 1)
