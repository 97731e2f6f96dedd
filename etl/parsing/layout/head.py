"""The head of a document: reporting unit, period, number and date, and whether the report is simulated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from etl import periods
from etl.catalogue import Catalogue
from etl.errors import UsageError
from etl.findings import Finding
from etl.observations import SIMULATION_MARK, DocumentHead
from etl.parsing.layout.printed_text import clean_label
from etl.parsing.layout.reporting_window import declared_window
from etl.text import any_word, fold

_TITLE_LINES = 8
_OPENING_LINES = 12
_MAX_LINE = 2_000
_MAX_TITLE = 300
_MAX_APPENDIX_TITLE = 200
_MAX_DATELINE = 80
_SIMULATED = fold(SIMULATION_MARK)
_DAY = re.compile(r"ngày\s*(\d{1,2})\s*(?:tháng|[/.-])\s*(\d{1,2})\s*(?:năm|[/.-])\s*(\d{4})")
_MONTH = re.compile(r"tháng\s*\d{1,2}\s*(?:năm|[/.-])\s*\d{4}")
_YEAR = r"\s*(?:năm|[/.,-]|\s)\s*(20\d\d)(?!\d)"
# The name of a unit, to a punctuation mark, a number, the period or the province.
_NAME = r"\.?((?:\s+(?!(?:quý|tháng|năm|kỳ|tỉnh)(?!\w))[^\W\d]+){1,4})"
_COMMITTEE = re.compile(r"\W*(?:UBND|[UỦ][ỶY]\s+BAN\s+NHÂN\s+DÂN)(?!\w)", re.IGNORECASE)
_OTHER_UNIT_TYPES = ("thị trấn", "quận", "tỉnh")


@dataclass(frozen=True, slots=True)
class _PartHead:
    """What one part of the document states: the title of the appendix, or the rest of the report."""

    district_code: str = ""
    period_code: str = ""
    document_no: str = ""
    signed_on: date | None = None


class HeadReader:
    """Reads heads with the names and words of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        phrases = self._phrases = catalogue.phrases
        types = {fold(unit.district_type) for unit in catalogue.districts.values()}
        self._unit_type = re.compile(any_word(types))
        self._max_name_words = max((len(unit.name_vi.split()) for unit in catalogue.districts.values()), default=0)
        # "tx. ngã năm" → "thị xã ngã năm"
        self._type_abbreviations = {
            short: (re.compile(rf"(?<!\w){re.escape(short)}(?:\.\s*|\s+)"), f"{expansion} ")
            for short, expansion in catalogue.abbreviations.items()
            if fold(expansion) in types
        }
        unit_types = _any((*types, *self._type_abbreviations, *_OTHER_UNIT_TYPES))
        self._named_unit = re.compile(rf"(?<!cấp )(?<!\w)(?:{unit_types}){_NAME}", re.IGNORECASE)
        symbols = _any(phrases.report_symbols)
        self._document_no = re.compile(rf"(\d+)\s*/\s*((?:{symbols})\s*-\s*[A-ZĐ]+(?:\s?-\s?[A-ZĐ]+)*)", re.IGNORECASE)
        terms = [(term, word) for term, words in phrases.period_terms.items() for word in words]
        self._period_terms = [
            (term, re.compile(rf"(?<!\w){re.escape(word)}(?!\w){_YEAR}"))
            for term, word in sorted(terms, key=lambda pair: -len(pair[1]))
        ]
        self._part_of_a_year = re.compile(rf"(?:{_any(phrases.part_of_a_year)})\W*(?:\w+\W+)?$")
        # "Báo cáo (bổ sung) …", "Phụ lục đính chính", "(Đính chính Báo cáo số 56/BC-UBND)"; not "sửa đổi, bổ sung".
        self._partial_title = re.compile(
            rf"^\W*(?:(?:{_any(phrases.titled)})\W+(?:\w+\W+){{0,2}})?(?:{_any(phrases.partial_titles)})(?!\w)"
        )

    def read(self, before: Sequence[str], after: Sequence[str]) -> tuple[DocumentHead, list[Finding]]:
        """The head from the lines before the appendix (its title last) and those after it.

        What the appendix states counts; a different statement of the report is a finding.
        """
        lines = [clean_label(unicodedata.normalize("NFC", line)) for line in before]
        later = [clean_label(unicodedata.normalize("NFC", line)) for line in after]
        start = self._title_start(lines)
        opening, title_lines = lines[:start], lines[start:]
        title = self._read_part(title_lines, is_title=True)
        report = self._read_part([*opening, *later], is_title=False)
        period_code = title.period_code or report.period_code
        if period_code:
            day = periods.parse(period_code).ends_on
            title = replace(title, district_code=self._district_on(day, title, title_lines))
            report = replace(report, district_code=self._district_on(day, report, [*opening, *later]))
        folded = [fold(line[:_MAX_LINE]) for line in (*lines, *later)]
        window_starts_on, window_ends_on = declared_window(folded, self._phrases.window_words)
        district_code = title.district_code or report.district_code
        head = DocumentHead(
            district_code,
            period_code,
            report.document_no or title.document_no,
            report.signed_on or title.signed_on,
            is_simulated=any(_SIMULATED in line for line in folded),
            window_starts_on=window_starts_on,
            window_ends_on=window_ends_on,
            is_partial=self._is_partial(opening, title_lines),
            unknown_unit="" if district_code else self._unit_name(opening, title_lines),
        )
        return head, _disagreements(title, report)

    def _title_start(self, lines: Sequence[str]) -> int:
        """The index of the line that opens the title of the appendix."""
        for index in range(len(lines) - 1, -1, -1):
            is_short = len(lines[index]) < _MAX_APPENDIX_TITLE
            if is_short and fold(lines[index]).startswith(self._phrases.appendix_titles):
                return index
        return max(len(lines) - _TITLE_LINES, 0)

    def _read_part(self, lines: Sequence[str], *, is_title: bool) -> _PartHead:
        """The first district, period, number and signing date in some lines.

        In an appendix's title a bare "năm 2021" names the period; in running text, where years are everywhere, only a
        line that names the kind of report does.
        """
        district_code = period_code = document_no = ""
        signed_on: date | None = None
        for line in lines:
            folded = self._fold(line)
            district_code = district_code or self._district(folded)
            period = "" if period_code else self._period(folded)
            if is_title or not period.endswith("-FY") or "báo cáo" in folded:
                period_code = period_code or period
            if not document_no and (match := self._document_no.search(line)):
                document_no = f"{match[1]}/{''.join(match[2].split()).upper()}"
                signed_on = signed_on or _find_day(fold(line[match.end() :]))
            if signed_on is None and not is_title and _is_dateline(folded):
                signed_on = _find_day(folded)
        return _PartHead(district_code, period_code, document_no, signed_on)

    def _fold(self, line: str) -> str:
        """A folded line with the abbreviated types of districts spelled out."""
        folded = fold(line[:_MAX_LINE])
        for short, (pattern, expansion) in self._type_abbreviations.items():
            if short in folded:
                folded = pattern.sub(expansion, folded)
        return folded

    def _district(self, folded: str, day: date | None = None) -> str:
        """The code of the first district that a folded line names with its type; "" if there is none.

        With a day only districts that exist on it: a commune of 2025 is no reporting unit in a report of 2021.
        """
        for match in self._unit_type.finditer(folded):
            words = re.findall(r"[\w'-]+", folded[match.start() : match.start() + 80])[: self._max_name_words]
            for count in range(len(words), 1, -1):
                unit = self._catalogue.district_named(" ".join(words[:count]), day)
                if unit is not None:
                    return unit.district_code
        return ""

    def _district_on(self, day: date, part: _PartHead, lines: Iterable[str]) -> str:
        """The first district named that exists on a day, or else the one that is named anyhow."""
        if not part.district_code:
            return ""
        return next(filter(None, (self._district(self._fold(line), day) for line in lines)), part.district_code)

    def _unit_name(self, opening: Sequence[str], title: Sequence[str]) -> str:
        """The unit that the title, or a line of its people's committee in the report, names, whoever it is."""
        lines = [*((line, True) for line in title), *((line, False) for line in opening)]
        for line, is_title in lines:
            committee = _COMMITTEE.match(line)
            if committee or is_title:
                unit = self._named_unit.search(line[:_MAX_LINE], committee.end() if committee else 0)
                if unit:
                    return unit[0]
        return ""

    def _period(self, folded: str) -> str:
        """The code of the first period that a folded line names; a year alone counts if there is nothing else."""
        if "20" not in folded:  # no year of this century
            return ""
        line = _MONTH.sub(" ", _DAY.sub(" ", folded))
        found = [
            (term == "FY", match.start(), rank, f"{match[1]}-{term}")
            for rank, (term, pattern) in enumerate(self._period_terms)
            for match in pattern.finditer(line)
            if term != "FY" or not self._part_of_a_year.search(line[: match.start()])
        ]
        try:
            return periods.parse(min(found)[-1]).code if found else ""
        except UsageError:
            return ""

    def _is_partial(self, opening: Sequence[str], title: Sequence[str]) -> bool:
        """Whether the title of the report or of its appendix calls it an addition or a correction."""
        lines = [line for line in opening if line][:_OPENING_LINES]
        if title and fold(title[0]).startswith(self._phrases.appendix_titles):
            lines += title
        folded = (fold(line[:_MAX_LINE]) for line in lines)
        return any(len(line) < _MAX_TITLE and self._partial_title.search(line) for line in folded)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


def _disagreements(title: _PartHead, report: _PartHead) -> list[Finding]:
    pairs = (
        (title.district_code, report.district_code),
        (title.period_code, report.period_code),
        (title.document_no, report.document_no),
        (title.signed_on, report.signed_on),
    )
    return [
        Finding("head_disagrees", found=str(stated), expected=str(expected))
        for expected, stated in pairs
        if expected and stated and expected != stated
    ]


def _find_day(folded: str) -> date | None:
    match = _DAY.search(folded)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _is_dateline(folded: str) -> bool:
    """Whether a line is a place and a date: "Long Phú, ngày 18 tháng 3 năm 2021"."""
    match = _DAY.search(folded)
    if match is None or len(folded) >= _MAX_DATELINE:
        return False
    return "," in folded[: match.start()] and len(folded) - match.end() < 3
