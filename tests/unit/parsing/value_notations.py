"""Values as clerks write them, in every file format, each with its true value: see benchmarks/file_formats.py."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from etl.catalogue import FormRow
from etl.decimals import format_decimal
from etl.observations import ReportContent
from tests.unit.parsing.file_formats import WrittenFormat, to_xls
from tests.unit.parsing.outcomes import Outcome
from tests.unit.parsing.rendering import FORM, HEADERS, Line, Report, long_phu, printed_item, real_lines, to_xlsx

ONE_HEADER = (("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số lượng/Tỷ lệ", "Ghi chú"),)
UNDECIDED = "?"  # no evidence decides it
CellText = tuple[str, str]  # the text of a cell and its true value


@dataclass(frozen=True)
class ReportCase:
    """A report and the true value of each asked indicator: "" for none, UNDECIDED for one that must stay so."""

    report: Report
    truth: Mapping[str, str]
    # Cells that a spreadsheet may hold as real numbers.
    is_plain: bool = False


def _count(source: random.Random) -> int:
    return int(10 ** source.uniform(0, 5.5)) if source.random() < 0.8 else 0


def _rate(source: random.Random) -> str:
    share = source.uniform(0, 100)
    return f"{source.choice((100, round(share), round(share, 1), round(share, 2))):g}"


def _value(row: FormRow, source: random.Random) -> str:
    """A canonical value of the kind that the row asks for."""
    kind = row.indicator.kind
    return _rate(source) if kind == "rate" else source.choice("01") if kind == "code_list" else str(_count(source))


def grouped(value: str, mark: str, decimal: str) -> str:
    whole, _, rest = value.partition(".")
    return f"{int(whole):,}".replace(",", mark) + (decimal + rest if rest else "")


def _plain(row: FormRow, value: str, source: random.Random) -> CellText:
    return value, value


def _vietnamese(row: FormRow, value: str, source: random.Random) -> CellText:
    return grouped(value, ".", ","), value


def _english(row: FormRow, value: str, source: random.Random) -> CellText:
    return grouped(value, ",", "."), value


def _spaced(row: FormRow, value: str, source: random.Random) -> CellText:
    return grouped(value, source.choice((" ", "\u00a0", "\u202f")), ","), value


def _padded(row: FormRow, value: str, source: random.Random) -> CellText:
    return (value.zfill(2) if row.indicator.kind == "count" else grouped(value, ".", ",")), value


def _full_width(row: FormRow, value: str, source: random.Random) -> CellText:
    return "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in value), value


def _with_unit(row: FormRow, value: str, source: random.Random) -> CellText:
    """ "12 văn bản", "31 /", "85%"."""
    if row.indicator.kind == "rate":
        return f"{grouped(value, '.', ',')}%", value
    if row.indicator.kind == "code_list":
        return value, value
    return (f"{value} {row.unit.split(',')[0].lower()}" if source.random() < 0.7 else f"{value} /"), value


def _fraction(row: FormRow, value: str, source: random.Random) -> CellText:
    """A fraction: of a count the numerator, of a rate the share."""
    if row.indicator.kind == "code_list":
        return value, value
    whole = source.choice((1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100))
    part = source.randrange(whole + 1)
    return f"{part}/{whole}", f"{100 * part / whole:g}" if row.indicator.kind == "rate" else str(part)


def _absent(row: FormRow, value: str, source: random.Random) -> CellText:
    word = source.choice(("", "-", "…", "Không phát sinh", "Chưa thực hiện", "Văn bản số ...", "không áp dụng"))
    if row.indicator.kind == "code_list" and word == "Chưa thực hiện":
        word = ""  # there it is the label of a code
    return (word, "") if source.random() < 0.5 else (value, value)


def _words(row: FormRow, value: str, source: random.Random) -> CellText:
    """A cross, yes or no: the label of a code, and undecidable under a count or a rate."""
    if row.indicator.code_list == "yes_no":
        return ("Có" if value == "1" else "không"), value
    if row.indicator.kind in ("count", "rate") and source.random() < 0.2:
        return source.choice(("x", "Có", "nhiều", "12-13", "01/3/2021 và 5")), UNDECIDED
    return value, value


def _mixed(row: FormRow, value: str, source: random.Random) -> CellText:
    """Every cell in its own notation, as offices send their parts; the column proves none."""
    return source.choice((_vietnamese, _english))(row, value, source)


Notation = Callable[[FormRow, str, random.Random], CellText]
NOTATIONS: dict[str, Notation] = {
    "plain digits": _plain,
    "Vietnamese marks (1.234,5)": _vietnamese,
    "English marks (1,234.5)": _english,
    "both in one column": _mixed,
    "spaces between thousands": _spaced,
    "zero-padded": _padded,
    "full-width digits": _full_width,
    "unit, per cent or stroke behind": _with_unit,
    "fractions": _fraction,
    "nothing, dashes, words of absence": _absent,
    "words in place of figures": _words,
}


def _in_notation(notation: Notation, seed: int) -> ReportCase:
    source, lines, truth = random.Random(seed), [], {}
    for row in FORM.rows:
        text = ""
        if row.is_asked and row.indicator.kind != "text":
            text, truth[row.indicator.indicator_code] = notation(row, _value(row, source), source)
        lines.append(Line(printed_item(row), row.label, row.unit, text, ""))
    return ReportCase(long_phu(lines=tuple(lines)), truth, is_plain=notation is _plain)


def _real() -> ReportCase:
    """Long Phú's own values; none is undecidable, and "0" of what the unit does not have is no value."""
    lines, truth = real_lines(), {}
    for row, line in zip(FORM.rows, lines, strict=True):
        if row.is_asked and row.indicator.kind != "text":
            number = line.value.replace(",", "") if line.value[:1].isdigit() else ""
            is_none = number == "0" and "không có lĩnh vực" in line.note.lower()
            truth[row.indicator.indicator_code] = "" if is_none else number
    return ReportCase(long_phu(), truth, is_plain=True)


def _with_letters(case: ReportCase, change: Callable[[str], str]) -> ReportCase:
    lines = tuple(
        replace(line, label=change(line.label), unit=change(line.unit), note=change(line.note))
        for line in case.report.lines
    )
    return replace(case, report=replace(case.report, lines=lines))


def _with_layout(case: ReportCase, **changes: object) -> ReportCase:
    return replace(case, report=replace(case.report, **changes))  # type: ignore[arg-type]


def _with_other_rows(case: ReportCase, seed: int) -> ReportCase:
    """One row in twelve left out, one in fifteen added."""
    source, lines, truth = random.Random(seed), [], dict(case.truth)
    for row, line in zip(FORM.rows, case.report.lines, strict=True):
        if source.random() < 1 / 12 and row.level > 1:
            truth.pop(row.indicator.indicator_code, None)
            continue
        lines.append(line)
        if source.random() < 1 / 15:
            lines.append(Line("", f"Số máy tính được trang bị lần {len(lines)}", "Máy", "3", ""))
    return ReportCase(replace(case.report, lines=tuple(lines)), truth)


def cases(seed: int) -> dict[str, ReportCase]:
    """Every case by name: the real values, notations, letters, layouts, rows."""
    every_ten = frozenset(range(5, 181, 10))
    cases_by_name = {"Long Phú's figures": _real()}
    cases_by_name |= {name: _in_notation(notation, seed) for name, notation in NOTATIONS.items()}
    vietnamese = _in_notation(_vietnamese, seed + 1)
    cases_by_name["decomposed letters"] = _with_letters(vietnamese, lambda text: unicodedata.normalize("NFD", text))
    cases_by_name["capitals, other letters"] = _with_letters(vietnamese, lambda text: text.upper().replace("Ă", "Ǎ"))
    cases_by_name["header once, other column order"] = _with_layout(
        vietnamese, headers=ONE_HEADER, order=(1, 0, 3, 2, 4), breaks=frozenset()
    )
    cases_by_name["two-line header every ten rows"] = _with_layout(vietnamese, headers=HEADERS, breaks=every_ten)
    cases_by_name["rows left out and put in"] = _with_other_rows(vietnamese, seed)
    return cases_by_name


def compare(content: ReportContent, truth: Mapping[str, str]) -> Outcome:
    """Compare what was read with the truth. A value lost without a finding is wrong, and so is one from nowhere."""
    outcome = Outcome()
    read = {row.indicator_code: row for row in reversed(content.rows) if row.indicator_code}
    for code, value in truth.items():
        row = read.get(code)
        is_undecided = row is None or row.status == "undecidable"
        if is_undecided and value != UNDECIDED:
            outcome.undecided += 1
        elif is_undecided or (row is not None and format_decimal(row.value) == value):
            outcome.right += 1
        else:
            said = f"{format_decimal(row.value) or row.status} for {row.raw_value!r}" if row is not None else ""
            outcome.wrong.append(f"{code}: {said}, which is {value!r}")
    outcome.wrong += [
        f"{code}: {row.value}, not printed" for code, row in read.items() if row.value is not None and code not in truth
    ]
    return outcome


# Our PDFs embed no font, and PDFium drops a letter that the replacement font lacks.
UNPRINTABLE = {("full-width digits", "pdf"), ("full-width digits", "unruled")}
# The same with real numbers in the cells, where the case writes plain figures.
WITH_NUMBERS = {
    "xlsx numbers": WrittenFormat("report.xlsx", lambda report: to_xlsx(report, numbers=True)),
    "xls numbers": WrittenFormat("report.xls", lambda report: to_xls(report, numbers=True)),
}
