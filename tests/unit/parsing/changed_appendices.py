"""Appendices as clerks change them, each with the true value of every row, for tests and benchmarks/matching.py.

Every row has a unique value, so that a value assigned to the wrong indicator is seen.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from etl.catalogue import Form, FormRow
from etl.decimals import format_decimal
from etl.observations import ReportContent
from tests.unit.parsing.outcomes import Outcome
from tests.unit.parsing.rendering import CATALOGUE, FORM, HEAD, TITLE, docx_of, docx_table, printed_item

Row = tuple[str, ...]
HEADER: Row = ("STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số lượng/Tỷ lệ", "Ghi chú")
DRAFT = CATALOGUE.forms["snv-2022-draft"]
_OTHERS = (
    "Số chuyến tham quan học tập do ngành tổ chức",
    "Số buổi tập huấn đã tham gia",
    "Số máy tính được trang bị mới",
)


@dataclass(frozen=True)
class PrintedLine:
    """A printed row and its true indicator; none for a row that the clerk added or printed a second time."""

    code: str
    item: str
    label: str
    unit: str
    value: str

    def cells(self) -> Row:
        return (self.item, self.label, self.unit, self.value, "")


@dataclass
class ChangedAppendix:
    """The rows of a changed appendix, and how they are arranged in tables."""

    rows: list[PrintedLine]
    form: Form
    title: tuple[str, ...] = TITLE
    layout: Callable[[list[PrintedLine]], list[list[Row]]] = field(
        default=lambda rows: [[HEADER, *map(PrintedLine.cells, rows)]]
    )

    def tables(self) -> list[list[Row]]:
        return self.layout(self.rows)

    @property
    def truth(self) -> dict[str, str]:
        """The value of each indicator that is asked and printed; the first if its row is printed twice."""
        asked = {row.indicator.indicator_code for row in self.form.asked_rows}
        return {row.code: row.value for row in reversed(self.rows) if row.code in asked}


def unique_value(row: FormRow) -> str:
    """A value that no other row of its kind has."""
    if not row.is_asked:
        return ""
    if row.indicator.kind == "rate":
        return f"{row.ordinal / 2:g}"
    if row.indicator.kind == "code_list":
        return str(row.ordinal % 2)
    return str(200 + row.ordinal)


def unchanged_rows(form: Form = FORM) -> list[PrintedLine]:
    return [
        PrintedLine(row.indicator.indicator_code, printed_item(row), row.label, row.unit, unique_value(row))
        for row in form.rows
    ]


def to_txt(appendix: ChangedAppendix) -> bytes:
    lines = [*HEAD, "", *appendix.title, ""]
    for table in appendix.tables():
        width = max(map(len, table))
        lines += ["\t".join((*row, *[""] * (width - len(row)))) for row in table] + [""]
    return "\n".join(lines).encode()


def to_docx(appendix: ChangedAppendix) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in (*HEAD, *appendix.title))
    tables = "<w:p/>".join(docx_table(table) for table in appendix.tables())
    for table in appendix.tables():  # a row of one cell is one that is merged over the whole width
        for row in table:
            if len(row) == 1:
                plain = docx_table([row]).split("</w:tblGrid>")[1].removesuffix("</w:tbl>")
                span = f'<w:tcPr><w:gridSpan w:val="{max(map(len, table))}"/></w:tcPr>'
                tables = tables.replace(plain, plain.replace("<w:tcPr/>", span))
    return docx_of(paragraphs + tables)


# How rows are changed ---------------------------------------------------------------------------------


def _some(source: random.Random, rows: Sequence[PrintedLine], count: int) -> list[int]:
    """Indices of rows other than area headings."""
    return source.sample([index for index, row in enumerate(rows) if index and not row.item.isalpha()], count)


def drop_rows(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    gone = set(_some(source, rows, 12))
    return [row for index, row in enumerate(rows) if index not in gone]


def add_rows(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    rows = list(rows)
    for place in sorted(_some(source, rows, 10), reverse=True):
        rows.insert(place, PrintedLine("", "", f"{source.choice(_OTHERS)} {place}", "Người", str(900 + place)))
    return rows


def add_similar_rows(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    """Rows for another level of government, beside the form's own."""
    rows = list(rows)
    for place, row in reversed(list(enumerate(rows))):
        if "cấp huyện" in row.label and row.value and source.random() < 0.6:
            twin = replace(
                row, code="", item="", label=row.label.replace("cấp huyện", "cấp tỉnh"), value=str(700 + place)
            )
            rows.insert(place + source.randint(0, 1), twin)
    return rows


def misprint_labels(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    """A letter lost, doubled or swapped in thirty labels."""
    rows = list(rows)
    for index in _some(source, rows, 30):
        label = rows[index].label
        place = source.randrange(1, len(label) - 1)
        change = source.choice(("lost", "doubled", "swapped"))
        middle = {"lost": "", "doubled": label[place] * 2, "swapped": label[place + 1] + label[place]}[change]
        rest = label[place + 2 :] if change == "swapped" else label[place + 1 :]
        rows[index] = replace(rows[index], label=label[:place] + middle + rest)
    return rows


def reword_labels(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    """Words put in or left out that change nothing."""
    rows = list(rows)
    for index in _some(source, rows, 30):
        label = rows[index].label
        label = label.replace("Tổng số", "Số") if "Tổng số" in label else label.replace("Số lượng", "Số")
        rows[index] = replace(
            rows[index], label=source.choice((label, f"{label} trong kỳ báo cáo", f"{label} (nếu có)"))
        )
    return rows


def move_rows(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    """Eight rows moved elsewhere, of those with a unique label."""
    rows = list(rows)
    labels = [row.label for row in rows]
    unique = [row for row in rows if labels.count(row.label) == 1 and not row.item and row.value]
    for row in source.sample(unique, 8):
        rows.remove(row)
        rows.insert(source.randrange(1, len(rows)), row)
    return rows


def print_rows_twice(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    """Six rows printed a second time right below, with another value: the first counts."""
    rows = list(rows)
    labels = [row.label for row in rows]
    unique = [index for index, row in enumerate(rows) if labels.count(row.label) == 1 and row.value and not row.item]
    for index in sorted(source.sample(unique, 6), reverse=True):
        rows.insert(index + 1, replace(rows[index], code="", value=str(int(float(rows[index].value)) // 7)))
    return rows


def spell_out_abbreviations(_: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    words = {"UBND": "Ủy ban nhân dân", "TTHC": "thủ tục hành chính", "VBQPPL": "văn bản quy phạm pháp luật"}
    words |= {"DVC": "dịch vụ công", "CCHC": "cải cách hành chính", "NSNN": "ngân sách nhà nước"}
    return [replace(row, label=_replaced(row.label, words)) for row in rows]


def abbreviate_words(_: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    words = {
        "thủ tục hành chính": "TTHC",
        "văn bản": "VB",
        "đơn vị sự nghiệp": "ĐVSN",
        "công chức, viên chức": "CC, VC",
    }
    return [replace(row, label=_replaced(row.label, words)) for row in rows]


def _replaced(label: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        label = label.replace(old, new)
    return label


def change_letters(source: random.Random, rows: list[PrintedLine]) -> list[PrintedLine]:
    """Homoglyphs, decomposed letters, the other tone placement, capitals, dashes and spaces of a page."""
    tones = {"hòa": "hoà", "Ủy": "Uỷ", "ủy": "uỷ", "thủy": "thuỷ", "hóa": "hoá", "khóa": "khoá"}

    def change(label: str) -> str:
        label = _replaced(label, tones)
        kind = source.randrange(6)
        if kind == 0:
            return label.replace("ă", "ǎ")
        if kind == 1:
            return unicodedata.normalize("NFD", label)
        if kind == 2:
            return label.upper()
        if kind == 3:
            return f"– {label};"
        return label.replace(" ", "\u00a0 ", 2) if kind == 4 else f"<i>{label}</i>"

    return [replace(row, label=change(row.label)) for row in rows]


# How tables are arranged ------------------------------------------------------------------------------


def reorder_columns(rows: list[PrintedLine]) -> list[list[Row]]:
    order = (0, 3, 1, 4, 2)
    return [[tuple(row[place] for place in order) for row in (HEADER, *map(PrintedLine.cells, rows))]]


def add_columns(rows: list[PrintedLine]) -> list[list[Row]]:
    """The last period before the value, plan and running total after it."""
    header = ("STT", "Chỉ tiêu", "ĐVT", "Kỳ trước", "Kỳ này", "Kế hoạch năm", "Lũy kế từ đầu năm", "Ghi chú")
    others = [("77", row.value, "888", "99") if row.value else ("", "", "", "") for row in rows]
    return [[header, *((row.item, row.label, row.unit, *other, "") for row, other in zip(rows, others, strict=True))]]


def merge_area_rows(rows: list[PrintedLine]) -> list[list[Row]]:
    return [[HEADER, *((f"{row.item}. {row.label}",) if row.item.isalpha() else row.cells() for row in rows)]]


def split_table(rows: list[PrintedLine]) -> list[list[Row]]:
    return [[HEADER, *map(PrintedLine.cells, rows[:77])], [*map(PrintedLine.cells, rows[77:])]]


def split_by_area(rows: list[PrintedLine]) -> list[list[Row]]:
    """Seven tables, one between them that is not part of the appendix, the contact table before them."""
    starts = [index for index, row in enumerate(rows) if row.item.isalpha()]
    tables = [
        [HEADER, *map(PrintedLine.cells, rows[start:end])]
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
    ]
    other: list[Row] = [("TT", "Nội dung", "Số lượng"), ("1", "Máy tính", "40"), ("2", "Máy in", "12")]
    contacts: list[Row] = [("STT", "Họ và tên", "Chức vụ", "Email/điện thoại"), ("1", "A B", "Trưởng phòng", "…")]
    return [contacts, *tables[:3], other, *tables[3:]]


def number_labels(rows: list[PrintedLine]) -> list[list[Row]]:
    """No column of numbers: they are printed before the label."""
    cells = ((f"{row.item}. {row.label}" if row.item else row.label, row.unit, row.value, "") for row in rows)
    return [[HEADER[1:], *cells]]


def repeat_header(rows: list[PrintedLine]) -> list[list[Row]]:
    table: list[Row] = []
    for index, row in enumerate(rows):
        if index % 13 == 0:
            table += [("STT", "Chỉ tiêu thống kê", "Kết quả thống kê", "", "Ghi chú"), ("", "", *HEADER[2:4], "")]
        table.append(row.cells())
    return [table]


CHANGES: dict[str, Callable[[random.Random, list[PrintedLine]], list[PrintedLine]]] = {
    "as it is": lambda _, rows: rows,
    "12 rows missing": drop_rows,
    "10 rows added": add_rows,
    "rows of another level added": add_similar_rows,
    "30 labels misprinted": misprint_labels,
    "30 labels reworded": reword_labels,
    "8 rows moved": move_rows,
    "6 rows printed twice": print_rows_twice,
    "abbreviations spelled out": spell_out_abbreviations,
    "words abbreviated": abbreviate_words,
    "other letters, tones, marks": change_letters,
    "missing, reworded, misprinted": lambda source, rows: misprint_labels(
        source, reword_labels(source, drop_rows(source, rows))
    ),
    "missing, added, misprinted, moved": lambda source, rows: move_rows(
        source, misprint_labels(source, add_rows(source, drop_rows(source, rows)))
    ),
}
LAYOUTS = {
    "columns in another order": reorder_columns,
    "last period, plan, running total": add_columns,
    "areas as merged rows": merge_area_rows,
    "table cut in two": split_table,
    "a table an area, others between": split_by_area,
    "numbers before the labels": number_labels,
    "header again on every page": repeat_header,
}
TITLES = {FORM.form_code: TITLE, DRAFT.form_code: tuple(line.replace("2021", "2022") for line in TITLE)}


def cases(form: Form, seed: int) -> dict[str, ChangedAppendix]:
    """Every changed appendix by the name of its change; those of layout have misprints and missing rows as well."""
    source, rows = random.Random(seed), unchanged_rows(form)
    title = TITLES[form.form_code]
    appendices = {name: ChangedAppendix(change(source, rows), form, title) for name, change in CHANGES.items()}
    for name, layout in LAYOUTS.items():
        appendices[name] = ChangedAppendix(misprint_labels(source, drop_rows(source, rows)), form, title, layout)
    return appendices


def compare(content: ReportContent, appendix: ChangedAppendix) -> Outcome:
    """Compare what was read with the truth. A value under an indicator that was not printed is wrong too."""
    truth, outcome = appendix.truth, Outcome()
    read: dict[str, str] = {}
    for row in content.rows:
        if row.indicator_code and row.status not in ("heading", "undecidable"):
            read.setdefault(row.indicator_code, format_decimal(row.value))
    for code, value in truth.items():
        if code not in read:
            outcome.undecided += 1
        elif read[code] == value:
            outcome.right += 1
        else:
            outcome.wrong.append(f"{code}: {read[code]} instead of {value}")
    outcome.wrong += [f"{code}: {value}, not printed" for code, value in read.items() if value and code not in truth]
    return outcome
