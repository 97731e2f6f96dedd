"""The head of a document: who reports for which period, under which number and date, and whether it is simulated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from etl import periods
from etl.catalogue import Catalogue, Phrases
from etl.errors import UsageError
from etl.findings import Finding
from etl.observations import SIMULATION_MARK, DocumentHead
from etl.parsing.layout.reporting_window import declared_window
from etl.parsing.matching.labels import printed
from etl.text import fold

_TITLE_LINES = 8
_SIMULATED = fold(SIMULATION_MARK)
_DAY = re.compile(r"ngày\s*(\d{1,2})\s*(?:tháng|[/.-])\s*(\d{1,2})\s*(?:năm|[/.-])\s*(\d{4})")
_MONTH = re.compile(r"tháng\s*\d{1,2}\s*(?:năm|[/.-])\s*\d{4}")
_YEAR = r"\s*(?:năm|[/.,-]|\s)\s*(20\d\d)(?!\d)"
# The name after a kind of unit, to a mark, a number, the period or the province.
_NAME = r"\.?((?:\s+(?!(?:quý|tháng|năm|kỳ|tỉnh)(?!\w))[^\W\d]+){1,4})"
_COMMITTEE = re.compile(r"\W*(?:UBND|[UỦ][ỶY]\s+BAN\s+NHÂN\s+DÂN)(?!\w)", re.IGNORECASE)
_MAX_LINE = 2_000
_OPENING_LINES = 12
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class _Said:
    """What one part of the document says of itself."""

    district_code: str = ""
    period_code: str = ""
    document_no: str = ""
    signed_on: date | None = None


class HeadReader:
    """Reads heads with the names and words of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._phrases: Phrases = catalogue.phrases
        types = {fold(unit.district_type) for unit in catalogue.districts.values()}
        self._type = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(types, key=len, reverse=True)))})(?!\w)")
        self._longest_name = max((len(unit.name_vi.split()) for unit in catalogue.districts.values()), default=0)
        symbols = "|".join(map(re.escape, self._phrases.report_symbols))
        self._number = re.compile(rf"(\d+)\s*/\s*((?:{symbols})\s*-\s*[A-ZĐ]+(?:\s?-\s?[A-ZĐ]+)*)", re.IGNORECASE)
        self._terms = [
            (term, re.compile(rf"(?<!\w){re.escape(word)}(?!\w){_YEAR}"))
            for term, word in sorted(
                ((term, word) for term, words in self._phrases.period_terms.items() for word in words),
                key=lambda pair: -len(pair[1]),
            )
        ]
        words = "|".join(map(re.escape, self._phrases.partial_titles))
        kinds = "|".join(map(re.escape, self._phrases.titled))
        # "Báo cáo (bổ sung) …", "Phụ lục đính chính", "(Đính chính Báo cáo số 56/BC-UBND)"; not "sửa đổi, bổ sung".
        self._partial = re.compile(rf"^\W*(?:(?:{kinds})\W+(?:\w+\W+){{0,2}})?(?:{words})(?!\w)")
        self._short = {
            word: expansion for word, expansion in catalogue.abbreviations.items() if fold(expansion) in types
        }
        kinds = "|".join(map(re.escape, (*types, *self._short, "thị trấn", "quận", "tỉnh")))
        self._unit = re.compile(rf"(?<!cấp )(?<!\w)(?:{kinds}){_NAME}", re.IGNORECASE)
        self._part_of_a_year = re.compile(
            rf"(?:{'|'.join(map(re.escape, self._phrases.part_of_a_year))})\W*(?:\w+\W+)?$"
        )

    def _spelled_out(self, folded: str) -> str:
        """A folded line with the short words for kinds of districts spelled out: "tx. ngã năm" → "thị xã ngã năm"."""
        for word, expansion in self._short.items():
            if word in folded:
                folded = re.sub(rf"(?<!\w){re.escape(word)}\.\s*|(?<!\w){re.escape(word)}\s+", f"{expansion} ", folded)
        return folded

    def district(self, folded: str, day: date | None = None) -> str:
        """The code of the first district that a folded line names with its type; "" if none.

        With a day only of those in being on it: a commune of 2025 is no reporting unit in a report of 2021.
        """
        for match in self._type.finditer(folded):
            words = re.findall(r"[\w'-]+", folded[match.start() : match.start() + 80])[: self._longest_name]
            for count in range(len(words), 1, -1):
                unit = self._catalogue.district_named(" ".join(words[:count]), day)
                if unit is not None:
                    return unit.district_code
        return ""

    def _unit_named(self, lines: Sequence[str], *, is_title: bool) -> str:
        """The unit that a title, or a line of its people's committee, names, whoever it is; "" if none."""
        for line in lines:
            committee = _COMMITTEE.match(line)
            if committee or is_title:
                unit = self._unit.search(line[:_MAX_LINE], committee.end() if committee else 0)
                if unit:
                    return unit[0]
        return ""

    def period(self, folded: str) -> str:
        """The code of the first period that a folded line names; a bare year is the whole one."""
        if "20" not in folded:  # no year of this century
            return ""
        line = _MONTH.sub(" ", _DAY.sub(" ", folded))
        found: list[tuple[int, int, str]] = []
        for rank, (term, pattern) in enumerate(self._terms):
            for match in pattern.finditer(line):
                if term == "FY" and self._part_of_a_year.search(line[: match.start()]):
                    continue
                found.append((match.start(), rank, f"{match[1]}-{term}"))
        whole = [entry for entry in found if entry[2].endswith("-FY")]
        best = min([entry for entry in found if entry not in whole] or whole, default=None)
        try:
            return periods.parse(best[2]).code if best else ""
        except UsageError:
            return ""

    def _document_no(self, line: str) -> tuple[str, str]:
        """The report's number on a line, and what stands after it."""
        match = self._number.search(line)
        if not match:
            return "", ""
        symbol = "".join(match[2].split()).upper()
        return f"{match[1]}/{symbol}", line[match.end() :]

    def _named_on(self, said: _Said, lines: Sequence[str], day: date | None) -> str:
        """The first district in being on a day that the lines name; else the one they name anyhow."""
        if day is None or not said.district_code:
            return said.district_code
        folded = (self._spelled_out(fold(line[:_MAX_LINE])) for line in lines)
        return next(filter(None, (self.district(line, day) for line in folded)), said.district_code)

    def _is_partial(self, before: Sequence[str], title: Sequence[str]) -> bool:
        """The report's own title, or its appendix's, says so."""
        is_titled = bool(title) and fold(title[0]).startswith(self._phrases.appendix_titles)
        for line in (*[text for text in before if text][:_OPENING_LINES], *(title if is_titled else ())):
            folded = fold(line[:_MAX_LINE])
            if len(folded) < _LONGEST_TITLE and self._partial.search(folded):
                return True
        return False

    def said(self, lines: Sequence[str], *, is_title: bool) -> _Said:
        """What these lines say: the first district, period, number and signing date among them.

        In an appendix's title a bare "năm 2021" names the period; in running text only a line that tells the kind of
        report does, since years are everywhere.
        """
        district = period = number = ""
        signed: date | None = None
        for line in lines:
            folded = self._spelled_out(fold(line[:_MAX_LINE]))
            district = district or self.district(folded)
            found = self.period(folded)
            if found and not period and (is_title or not found.endswith("-FY") or "báo cáo" in folded):
                period = found
            if not number:
                number, rest = self._document_no(line)
                day = _day(fold(rest)) if number else None
                signed = signed or day
            if signed is None and not is_title and _is_dateline(folded):
                signed = _day(folded)
        return _Said(district, period, number, signed)

    def read(self, lines: Sequence[str], later: Sequence[str]) -> tuple[DocumentHead, list[Finding]]:
        """The head from the lines before the appendix (its title last) and those after it.

        What the appendix says holds; where the report says otherwise, a finding tells of it.
        """
        texts = [printed(unicodedata.normalize("NFC", line)) for line in lines]
        after = [printed(unicodedata.normalize("NFC", line)) for line in later]
        start = self._title_start(texts)
        title = self.said(texts[start:], is_title=True)
        report = self.said([*texts[:start], *after], is_title=False)
        day = _last_day(title.period_code or report.period_code)
        title = replace(title, district_code=self._named_on(title, texts[start:], day))
        report = replace(report, district_code=self._named_on(report, [*texts[:start], *after], day))
        window = declared_window((fold(line[:_MAX_LINE]) for line in (*texts, *after)), self._phrases.window_words)
        head = DocumentHead(
            title.district_code or report.district_code,
            title.period_code or report.period_code,
            report.document_no or title.document_no,
            report.signed_on or title.signed_on,
            is_simulated=any(_SIMULATED in fold(line[:_MAX_LINE]) for line in (*texts, *after)),
            window_starts_on=window[0],
            window_ends_on=window[1],
            is_partial=self._is_partial(texts[:start], texts[start:]),
        )
        if not head.district_code:
            unit = self._unit_named(texts[start:], is_title=True) or self._unit_named(texts[:start], is_title=False)
            head = replace(head, unknown_unit=unit)
        return head, [
            Finding("head_disagrees", found=str(theirs), expected=str(ours))
            for ours, theirs in (
                (title.district_code, report.district_code),
                (title.period_code, report.period_code),
                (title.document_no, report.document_no),
                (title.signed_on, report.signed_on),
            )
            if ours and theirs and ours != theirs
        ]

    def _title_start(self, lines: Sequence[str]) -> int:
        for index in range(len(lines) - 1, -1, -1):
            if len(lines[index]) < 200 and fold(lines[index]).startswith(self._phrases.appendix_titles):
                return index
        return max(len(lines) - _TITLE_LINES, 0)


def _last_day(period_code: str) -> date | None:
    return periods.parse(period_code).ends_on if period_code else None


def _day(folded: str) -> date | None:
    match = _DAY.search(folded)
    if not match:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def _is_dateline(folded: str) -> bool:
    """ "Long Phú, ngày 18 tháng 3 năm 2021": a place, a date and nothing else."""
    match = _DAY.search(folded)
    if match is None or len(folded) >= 80:
        return False
    return "," in folded[: match.start()] and len(folded) - match.end() < 3
