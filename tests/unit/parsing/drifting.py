"""Appendices as clerks change them, with what each row truly says: what benchmarks/matching.py measures.

Every row has a figure of its own, so that one read for another shows.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from etl.catalogue import Form, FormRow
from etl.decimals import format_decimal
from etl.observations import ReportContent
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
class Printed:
    """A printed row with the indicator that it truly speaks of; none for a row of the clerk's own or a second print."""

    code: str
    item: str
    label: str
    unit: str
    value: str

    def cells(self) -> Row:
        return (self.item, self.label, self.unit, self.value, "")


@dataclass
class Drifted:
    """A drifted appendix: its rows, and how they are laid out in tables."""

    rows: list[Printed]
    form: Form
    title: tuple[str, ...] = TITLE
    lay_out: Callable[[list[Printed]], list[list[Row]]] = field(
        default=lambda rows: [[HEADER, *map(Printed.cells, rows)]]
    )

    def tables(self) -> list[list[Row]]:
        return self.lay_out(self.rows)

    @property
    def truth(self) -> dict[str, str]:
        """The figure of each indicator that is asked and printed; of a row printed twice the first."""
        asked = {row.indicator.indicator_code for row in self.form.asked_rows}
        return {row.code: row.value for row in reversed(self.rows) if row.code in asked}


def figure(row: FormRow) -> str:
    """A figure that no other row of its kind has."""
    if not row.is_asked:
        return ""
    if row.indicator.kind == "rate":
        return f"{row.ordinal / 2:g}"
    if row.indicator.kind == "code_list":
        return str(row.ordinal % 2)
    return str(200 + row.ordinal)


def clean(form: Form = FORM) -> list[Printed]:
    return [
        Printed(row.indicator.indicator_code, printed_item(row), row.label, row.unit, figure(row)) for row in form.rows
    ]


def to_txt(drifted: Drifted) -> bytes:
    lines = [*HEAD, "", *drifted.title, ""]
    for table in drifted.tables():
        width = max(map(len, table))
        lines += ["\t".join((*row, *[""] * (width - len(row)))) for row in table] + [""]
    return "\n".join(lines).encode()


def to_docx(drifted: Drifted) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in (*HEAD, *drifted.title))
    tables = "<w:p/>".join(docx_table(table) for table in drifted.tables())
    for table in drifted.tables():  # a row of one cell is one that is merged over the whole width
        for row in table:
            if len(row) == 1:
                plain = docx_table([row]).split("</w:tblGrid>")[1].removesuffix("</w:tbl>")
                span = f'<w:tcPr><w:gridSpan w:val="{max(map(len, table))}"/></w:tcPr>'
                tables = tables.replace(plain, plain.replace("<w:tcPr/>", span))
    return docx_of(paragraphs + tables)


# The ways in which appendices drift ---------------------------------------------------------------------------------


def _some(source: random.Random, rows: Sequence[Printed], count: int) -> list[int]:
    """Places of rows that are no area headings."""
    return source.sample([index for index, row in enumerate(rows) if index and not row.item.isalpha()], count)


def missing(source: random.Random, rows: list[Printed]) -> list[Printed]:
    gone = set(_some(source, rows, 12))
    return [row for index, row in enumerate(rows) if index not in gone]


def added(source: random.Random, rows: list[Printed]) -> list[Printed]:
    rows = list(rows)
    for place in sorted(_some(source, rows, 10), reverse=True):
        rows.insert(place, Printed("", "", f"{source.choice(_OTHERS)} {place}", "Người", str(900 + place)))
    return rows


def look_alikes(source: random.Random, rows: list[Printed]) -> list[Printed]:
    """Rows for another level of government, beside the form's own."""
    rows = list(rows)
    for place, row in reversed(list(enumerate(rows))):
        if "cấp huyện" in row.label and row.value and source.random() < 0.6:
            twin = replace(
                row, code="", item="", label=row.label.replace("cấp huyện", "cấp tỉnh"), value=str(700 + place)
            )
            rows.insert(place + source.randint(0, 1), twin)
    return rows


def renamed(source: random.Random, rows: list[Printed]) -> list[Printed]:
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


def reworded(source: random.Random, rows: list[Printed]) -> list[Printed]:
    """Words put in or left out that change nothing."""
    rows = list(rows)
    for index in _some(source, rows, 30):
        label = rows[index].label
        label = label.replace("Tổng số", "Số") if "Tổng số" in label else label.replace("Số lượng", "Số")
        rows[index] = replace(
            rows[index], label=source.choice((label, f"{label} trong kỳ báo cáo", f"{label} (nếu có)"))
        )
    return rows


def moved(source: random.Random, rows: list[Printed]) -> list[Printed]:
    """Eight rows elsewhere, of those whose label stands once."""
    rows = list(rows)
    labels = [row.label for row in rows]
    alone = [row for row in rows if labels.count(row.label) == 1 and not row.item and row.value]
    for row in source.sample(alone, 8):
        rows.remove(row)
        rows.insert(source.randrange(1, len(rows)), row)
    return rows


def twice(source: random.Random, rows: list[Printed]) -> list[Printed]:
    """Six rows printed a second time right below, with another figure: the first counts."""
    rows = list(rows)
    labels = [row.label for row in rows]
    alone = [index for index, row in enumerate(rows) if labels.count(row.label) == 1 and row.value and not row.item]
    for index in sorted(source.sample(alone, 6), reverse=True):
        rows.insert(index + 1, replace(rows[index], code="", value=str(int(float(rows[index].value)) // 7)))
    return rows


def spelled_out(_: random.Random, rows: list[Printed]) -> list[Printed]:
    words = {"UBND": "Ủy ban nhân dân", "TTHC": "thủ tục hành chính", "VBQPPL": "văn bản quy phạm pháp luật"}
    words |= {"DVC": "dịch vụ công", "CCHC": "cải cách hành chính", "NSNN": "ngân sách nhà nước"}
    return [replace(row, label=_replaced(row.label, words)) for row in rows]


def abbreviated(_: random.Random, rows: list[Printed]) -> list[Printed]:
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


def other_letters(source: random.Random, rows: list[Printed]) -> list[Printed]:
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


# The ways in which tables are laid out ------------------------------------------------------------------------------


def other_order(rows: list[Printed]) -> list[list[Row]]:
    order = (0, 3, 1, 4, 2)
    return [[tuple(row[place] for place in order) for row in (HEADER, *map(Printed.cells, rows))]]


def extra_columns(rows: list[Printed]) -> list[list[Row]]:
    """Last period before the figure, plan and running total behind it."""
    header = ("STT", "Chỉ tiêu", "ĐVT", "Kỳ trước", "Kỳ này", "Kế hoạch năm", "Lũy kế từ đầu năm", "Ghi chú")
    others = [("77", row.value, "888", "99") if row.value else ("", "", "", "") for row in rows]
    return [[header, *((row.item, row.label, row.unit, *other, "") for row, other in zip(rows, others, strict=True))]]


def merged_areas(rows: list[Printed]) -> list[list[Row]]:
    return [[HEADER, *((f"{row.item}. {row.label}",) if row.item.isalpha() else row.cells() for row in rows)]]


def cut_in_two(rows: list[Printed]) -> list[list[Row]]:
    return [[HEADER, *map(Printed.cells, rows[:77])], [*map(Printed.cells, rows[77:])]]


def a_table_an_area(rows: list[Printed]) -> list[list[Row]]:
    """Seven tables, between them one that is none of the appendix, before them the contact table."""
    starts = [index for index, row in enumerate(rows) if row.item.isalpha()]
    tables = [
        [HEADER, *map(Printed.cells, rows[start:end])]
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
    ]
    other: list[Row] = [("TT", "Nội dung", "Số lượng"), ("1", "Máy tính", "40"), ("2", "Máy in", "12")]
    contacts: list[Row] = [("STT", "Họ và tên", "Chức vụ", "Email/điện thoại"), ("1", "A B", "Trưởng phòng", "…")]
    return [contacts, *tables[:3], other, *tables[3:]]


def numbers_in_labels(rows: list[Printed]) -> list[list[Row]]:
    """No column of numbers: they stand before the label."""
    cells = ((f"{row.item}. {row.label}" if row.item else row.label, row.unit, row.value, "") for row in rows)
    return [[HEADER[1:], *cells]]


def page_breaks(rows: list[Printed]) -> list[list[Row]]:
    table: list[Row] = []
    for index, row in enumerate(rows):
        if index % 13 == 0:
            table += [("STT", "Chỉ tiêu thống kê", "Kết quả thống kê", "", "Ghi chú"), ("", "", *HEADER[2:4], "")]
        table.append(row.cells())
    return [table]


CHANGES: dict[str, Callable[[random.Random, list[Printed]], list[Printed]]] = {
    "as it is": lambda _, rows: rows,
    "12 rows missing": missing,
    "10 rows added": added,
    "rows of another level added": look_alikes,
    "30 labels misprinted": renamed,
    "30 labels reworded": reworded,
    "8 rows moved": moved,
    "6 rows printed twice": twice,
    "abbreviations spelled out": spelled_out,
    "words abbreviated": abbreviated,
    "other letters, tones, marks": other_letters,
    "missing, reworded, misprinted": lambda source, rows: renamed(source, reworded(source, missing(source, rows))),
    "missing, added, misprinted, moved": lambda source, rows: moved(
        source, renamed(source, added(source, missing(source, rows)))
    ),
}
LAYOUTS = {
    "columns in another order": other_order,
    "last period, plan, running total": extra_columns,
    "areas as merged rows": merged_areas,
    "table cut in two": cut_in_two,
    "a table an area, others between": a_table_an_area,
    "numbers before the labels": numbers_in_labels,
    "header again on every page": page_breaks,
}
TITLES = {FORM.form_code: TITLE, DRAFT.form_code: tuple(line.replace("2021", "2022") for line in TITLE)}


def cases(form: Form, seed: int) -> dict[str, Drifted]:
    """Every way to drift, by name; those of layout with misprints, lost and added rows besides."""
    source, rows = random.Random(seed), clean(form)
    title = TITLES[form.form_code]
    made = {name: Drifted(change(source, rows), form, title) for name, change in CHANGES.items()}
    for name, lay_out in LAYOUTS.items():
        made[name] = Drifted(renamed(source, missing(source, rows)), form, title, lay_out)
    return made


@dataclass
class Outcome:
    """How many figures were read right, how many were left open (no indicator, or undecidable), which were wrong."""

    right: int = 0
    open: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.right + other.right, self.open + other.open, self.wrong + other.wrong)


def judge(content: ReportContent, drifted: Drifted) -> Outcome:
    """What was read against what is true. A figure under an indicator that was not printed is wrong too."""
    truth, outcome = drifted.truth, Outcome()
    read: dict[str, str] = {}
    for row in content.rows:
        if row.indicator_code and row.status not in ("heading", "undecidable"):
            read.setdefault(row.indicator_code, format_decimal(row.value))
    for code, value in truth.items():
        if code not in read:
            outcome.open += 1
        elif read[code] == value:
            outcome.right += 1
        else:
            outcome.wrong.append(f"{code}: {read[code]} instead of {value}")
    outcome.wrong += [f"{code}: {value}, not printed" for code, value in read.items() if value and code not in truth]
    return outcome
