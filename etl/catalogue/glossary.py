"""docs/glossary.md, written from the catalogue: `python -m etl.catalogue.glossary`. A test keeps the two the same."""

from __future__ import annotations

import sys

from etl.catalogue.loader import load_catalogue
from etl.catalogue.model import Catalogue, Indicator

_OPENING = """\
# Glossary · Bảng thuật ngữ

Written by `python -m etl.catalogue.glossary > docs/glossary.md` from `etl/catalogue/data`; change it there.
Codes are permanent: a code never comes to mean something else, and a name may be mended.

## Words · Từ dùng chung

| English | Tiếng Việt | Meaning |
|---|---|---|
| submission | hồ sơ báo cáo | one file that came from a district, with everything known about its coming |
| report | báo cáo | what a district says for one period |
| appendix | phụ lục | the statistical table of a report |
| form | biểu mẫu | the appendix as the department prints it: rows in order, valid from a date |
| indicator | chỉ tiêu thống kê | what a row asks, under a code that outlives the form |
| observation | số liệu | the value of one indicator for one district and period, or why there is none |
| finding | phát hiện | what a rule found wrong with a submission, and in which cell |
| reform area | lĩnh vực | one of the seven parts of the appendix, I to VII |
| district | đơn vị cấp huyện | the unit that reports |
| period | kỳ báo cáo | quý I, 6 tháng, quý III, năm |

## Kinds of row · Loại dòng

| Code | Meaning |
|---|---|
| `heading` | a heading: nothing is asked |
| `count` | a whole number, 0 or more |
| `rate` | a per cent, 0 to 100 |
| `code_list` | one of the codes printed in the unit column |
| `text` | words |

## Nature · Tính chất thời gian

| Code | Tiếng Việt | Meaning |
|---|---|---|
| `flow` | phát sinh trong kỳ | happened within the period's data window; counts may be derived for Q2, 9M and Q4 |
| `stock` | tại thời điểm | as it stood on the last day of the window; never added up |
| `cumulative` | lũy kế | since the beginning, up to the last day of the window |
| `year_to_date` | trong năm | since 1 January |

## Status of a value · Tình trạng số liệu

| Code | Meaning |
|---|---|
| `reported` | a value was given; 0 is a value |
| `blank` | asked, nothing said; never read as 0 |
| `not_applicable` | the district says that the matter does not exist there |
| `not_done` | “Chưa thực hiện”, on the row or on the heading that speaks for it |
| `heading` | nothing is asked |
| `undecidable` | something is there that evidence cannot turn into one number |
"""


def _unit(indicator: Indicator, catalogue: Catalogue) -> str:
    if indicator.kind == "code_list":
        labels = catalogue.code_lists[indicator.code_list].labels_vi
        return ", ".join(f"{code} = {label}" for code, label in labels.items())
    unit = catalogue.units.get(indicator.unit_code)
    return unit.name_vi if unit else ""


def glossary(catalogue: Catalogue) -> str:
    """The whole page as Markdown: the project's words, then every indicator by reform area."""
    parts = [_OPENING, "\n## Indicators · Chỉ tiêu\n"]
    for area in catalogue.reform_areas.values():
        parts.append(f"\n### {area.reform_area_code} · {area.name_vi} · {area.name_en}\n\n")
        parts.append("| Code | Tiếng Việt | English | Unit or codes | Kind | Nature |\n|---|---|---|---|---|---|\n")
        parts.extend(
            f"| `{one.indicator_code}` | {one.name_vi} | {one.name_en} | {_unit(one, catalogue)}"
            f" | {one.kind} | {one.nature} |\n"
            for one in catalogue.indicators.values()
            if one.reform_area_code == area.reform_area_code
        )
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # stdout is a text stream here
    sys.stdout.write(glossary(load_catalogue()))
