"""A proposal for the form of a report: each printed row beside the nearest known form, for a person to decide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from etl import periods
from etl.catalogue import AREA_LEVEL, Catalogue, CodeList, FormRow
from etl.catalogue.proposals import UNNAMED, Proposal, ProposedRow
from etl.parsing.layout.appendix_finder import PrintedRow
from etl.parsing.matching.alignment import Change
from etl.parsing.matching.labels import Labels, likeness
from etl.parsing.report_reader import Laid, ReportReader
from etl.parsing.values.contacts import masked
from etl.text import fold, without_accents

_CHANGES: dict[Change, str] = {
    "same": "kept",
    "renamed": "renamed",
    "moved": "moved",
    "twice": "added",
    "added": "added",
}
_ROMAN = re.compile(r"^[IVX]+$")
_WORDS_OF_A_CODE = 6
_LEAST_TOLD = 0.35


def propose(file_name: str, content: bytes, catalogue: Catalogue) -> Proposal:
    """A proposal from the bytes of a report. Raises UnreadableFile as etl.parsing.read does."""
    reader = ReportReader(catalogue)
    laid = reader.lay(file_name, content)
    period_code = laid.head.period_code
    starts_on = periods.parse(period_code).starts_on if period_code else None
    return Proposal(
        form_code=f"form-{period_code[:4] or 'new'}",
        valid_from=starts_on,
        nearest_form=laid.match.form.form_code,
        fit=str(Decimal(str(round(laid.match.fit, 3)))),
        source_sha256=hashlib.sha256(content).hexdigest(),
        rows=tuple(_Proposer(laid, catalogue, reader.labels).rows()),
    )


class _Proposer:
    def __init__(self, laid: Laid, catalogue: Catalogue, labels: Labels) -> None:
        self._laid, self._catalogue, self._labels = laid, catalogue, labels
        self._codes: set[str] = set()
        self._dropped = [laid.match.form.rows[index] for index in laid.match.alignment.missing]

    def rows(self) -> Iterator[ProposedRow]:
        """The printed rows in their order, then what the nearest form has and the report lacks."""
        for place, row, form_row, change in zip(
            _paths(self._laid.printed, self._laid.form_rows),
            self._laid.printed,
            self._laid.form_rows,
            self._laid.changes,
            strict=True,
        ):
            label, unit = (masked(text, self._catalogue.phrases.masked) for text in (row.label, row.unit))
            if form_row is not None:
                yield self._known(place, label, unit, form_row, _CHANGES[change])
            else:
                yield self._added(place, row, label, unit)
        for form_row in self._dropped:
            code = form_row.indicator.indicator_code
            yield ProposedRow("dropped", "", form_row.label, "", "", "", "", form_row.unit, code, "")

    def _likeness(self, one: str, other: str) -> float:
        return likeness(self._labels.label(self._labels.key(one)), self._labels.label(self._labels.key(other)))

    def _known(self, place: tuple[str, str], label: str, unit: str, form_row: FormRow, change: str) -> ProposedRow:
        return ProposedRow(
            change,
            f"{self._likeness(label, form_row.label):.2f}",
            form_row.label,
            "yes" if change == "kept" else "",
            *place,
            label,
            unit,
            form_row.indicator.indicator_code,
            "yes" if form_row.is_required else "",
        )

    def _added(self, place: tuple[str, str], row: PrintedRow, label: str, unit: str) -> ProposedRow:
        alike, nearest = max(
            ((self._likeness(label, one.label), one.label) for one in self._dropped), default=(0.0, "")
        )
        told = alike >= _LEAST_TOLD
        kind, unit_code, code_list = self._asked(row, unit, place[0])
        return ProposedRow(
            "added",
            f"{alike:.2f}" if told else "",
            nearest if told else "",
            "",
            *place,
            label,
            unit,
            self._suggested_code(label),
            "",
            kind,
            unit_code,
            code_list,
            self._nature(label, kind),
            label,
            "",
        )

    def _suggested_code(self, label: str) -> str:
        words = re.findall(r"[a-z0-9]+", without_accents(label).casefold())[:_WORDS_OF_A_CODE]
        code = base = UNNAMED + ("_".join(words) or "row")
        number = 1
        while code in self._codes:
            number += 1
            code = f"{base}_{number}"
        self._codes.add(code)
        return code

    def _asked(self, row: PrintedRow, unit: str, path: str) -> tuple[str, str, str]:
        """Kind, unit and code list that the printed unit suggests; empty where it says nothing."""
        if path.count(".") == AREA_LEVEL:
            return "heading", "", ""
        if fold(unit) == "%":
            return "rate", "percent", ""
        if "=" in unit:
            lists = (one.code_list for one in self._catalogue.code_lists.values() if _says(unit, one))
            return "code_list", "code", next(lists, "")
        names = {fold(one.name_vi): one.unit_code for one in self._catalogue.units.values()}
        if unit:
            return "count", names.get(fold(unit), ""), ""
        return ("", "", "") if any(cell.text for cell in row.values) else ("heading", "", "")

    def _nature(self, label: str, kind: str) -> str:
        """What the form's own words say of the time that a number counts over; empty where they say nothing."""
        if kind in ("heading", ""):
            return ""
        folded = fold(label)
        natures = self._catalogue.phrases.natures.items()
        return next((nature for nature, words in natures if any(word in folded for word in words)), "")


def _says(unit: str, codes: CodeList) -> bool:
    """Whether a printed unit lists all labels of a code list ("Có =1 Không = 0")."""
    return all(fold(label) in fold(unit) for label in codes.labels_vi.values())


def _paths(rows: Sequence[PrintedRow], form_rows: Sequence[FormRow | None]) -> Iterator[tuple[str, str]]:
    """Path and item of each row as the new form numbers them: areas by their numeral, then place among siblings.

    Rows below a numbered one show no level; one that a known form has keeps the depth that it has there.
    """
    area, counts, item = "", [0], ""
    for row, form_row in zip(rows, form_rows, strict=True):
        level = _level(row, form_row, len(counts))
        if level == AREA_LEVEL:
            area, counts, item = row.item or (form_row.path if form_row else ""), [0], ""
            yield area, ""
            continue
        counts = [*counts[:level], *[0] * (level - len(counts))]
        counts[level - 1] += 1
        if level == 1:
            item = row.item or str(counts[0])
        yield ".".join([area, *map(str, counts)]), item


def _level(row: PrintedRow, form_row: FormRow | None, deepest: int) -> int:
    if _ROMAN.match(row.item):
        return AREA_LEVEL
    if form_row is not None and form_row.level in (AREA_LEVEL, 1):
        return form_row.level
    if row.item:
        return 1
    wanted = form_row.level if form_row is not None else 2
    return min(wanted, deepest + 1)
