"""How an explained score is laid out: for people in Vietnamese with English beside it, for programs as CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from etl.decimals import format_decimal
from etl.tables import Table, json_value, to_csv, to_text

if TYPE_CHECKING:
    from etl.ranking import Explanation

_SHOWN = 5  # changes that a person is shown; CSV and JSON have all
_OUTCOMES = {
    "appraised": "điểm thẩm định | appraised",
    "empty_denominator": "mẫu số bằng 0 | denominator 0",
    "not_applicable": "không áp dụng | not applicable",
    "dropped": "không tính | dropped",
    "later_stage": "thuộc bước sau | later stage",
    "no_report": "không có báo cáo | no report",
    "missing": "thiếu số liệu | missing",
}
_PARTS = {"numerator": "tử số", "denominator": "mẫu số", "value": "giá trị", "appraisal": "điểm thẩm định"}
_STATUSES = {
    "blank": "để trống | blank",
    "not_applicable": "không áp dụng | not applicable",
    "not_done": "chưa thực hiện | not done",
    "undecidable": "không xác định được | undecidable",
}


def explained(explanation: Explanation, table_format: str, detail: str = "") -> str:
    """The explanation in a format of etl.tables; a `detail` alone is one table, else CSV is the criteria's.

    JSON without a detail is one object: the district's row with its criteria, each with its inputs, and gains.
    """
    tables = {"criteria": explanation.criteria, "inputs": explanation.inputs, "gains": _gains(explanation)}
    if table_format == "csv":
        return to_csv(tables[detail or "criteria"])
    if table_format == "json":
        return (
            json.dumps(_objects(tables[detail]) if detail else _nested(explanation), ensure_ascii=False, indent=2)
            + "\n"
        )
    if explanation.district["score"] is None:
        return _head(explanation)
    parts = {
        "criteria": _criteria_for_reading(explanation),
        "inputs": _inputs_for_reading(explanation),
        "gains": _gains_for_reading(explanation),
    }
    return parts[detail] if detail else "\n".join((_head(explanation), *parts.values()))


def _objects(table: Table) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, map(json_value, row), strict=True)) for row in table.rows]


def _nested(explanation: Explanation) -> dict[str, Any]:
    inputs: dict[str, list[dict[str, Any]]] = {}
    for one in _objects(explanation.inputs):
        inputs.setdefault(one.pop("criterion_code"), []).append(one)
    criteria = _objects(explanation.criteria)
    return {
        **{key: json_value(value) for key, value in explanation.district.items()},
        "criteria": [{**one, "inputs": inputs.get(one["criterion_code"], [])} for one in criteria],
        "gains": _objects(_gains(explanation)),
    }


def _gains(explanation: Explanation) -> Table:
    columns = ("indicator_code", "before", "after", "change", "share", "lowest", "highest", "ruled_by", "moves_with")
    return Table(
        (*columns, "score", "rank"),
        [
            (
                *(gain.indicator_code, gain.before, gain.after, gain.change, round(gain.share, 6)),
                *(gain.limits.lowest, gain.limits.highest),
                *(" ".join(gain.limits.ruled_by), "; ".join(gain.limits.moves_with), gain.score, gain.rank),
            )
            for gain in explanation.gains
        ],
    )


def _number(value: Decimal | None, digits: int | None = None) -> str:
    """A number as the province writes it: a comma before the decimals; rounded half up where digits are given."""
    if value is None:
        return ""
    if digits is not None:
        value = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0  # no minus before a nought
    return (format_decimal(value) if digits is None else f"{value:f}").replace(".", ",")


def _rows(table: Table) -> list[Mapping[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _head(explanation: Explanation) -> str:
    one = explanation.district
    figures = "mô phỏng | simulated" if one["is_simulated"] else "thật | real"
    lines = [
        f"{one['district_name']} ({one['district_code']}) · {one['period_code']}",
        f"Bộ tiêu chí | Method      {one['method_code']}: {one['method_name']} | {one['method_name_en']}",
    ]
    if one["score"] is None:
        return "\n".join((*lines, f"Chưa có điểm | No score     {one['reason']}", ""))
    tied = ", đồng hạng | tied" if one["is_tied"] else ""
    place = f"{one['rank']} / {one['ranked_count']}{tied}" if one["rank"] else f"– {one['reason']}"
    lines += [
        f"Điểm | Score              {_number(one['score'], 2)}   ({_number(one['score'])})",
        f"Hạng | Rank               {place}",
        f"Xếp loại | Band           {one['band']} | {one['band_en']}" if one["band"] else "",
        f"Có căn cứ | Coverage      {_number(100 * one['coverage'], 1)} %",
        f"Số liệu | Figures         {figures}",
    ]
    if one["next_rank"]:
        lines.append(
            f"Hạng trên | Next rank     {one['next_rank']}: {one['next_district_name']},"
            f" {_number(one['next_score'], 2)} điểm, hơn {_number(one['gap'], 4)} điểm | points ahead"
        )
    return "\n".join(line for line in (*lines, "") if line) + "\n"


def _criteria_for_reading(explanation: Explanation) -> str:
    rows = []
    for one in _rows(explanation.criteria):
        lost = None if one["effective_weight"] is None else 100 * one["effective_weight"] - one["contribution"]
        rows.append(
            (
                one["reform_area_code"] or "",
                f"{one['criterion_name']}\n{one['criterion_name_en']}",
                _measured(one),
                _number(one["points"], 2),
                _number(one["weight"]),
                "" if one["effective_weight"] is None else _number(100 * one["effective_weight"], 2) + " %",
                _number(one["contribution"], 4),
                _number(lost, 4) if one["kind"] == "criterion" else "",
            )
        )
    total = sum((one["contribution"] for one in _rows(explanation.criteria)), Decimal(0))
    rows.append(("", "Cộng, đúng bằng điểm\nSum, exactly the score", "", "", "", "", _number(total, 4), ""))
    columns = ("", "Tiêu chí\nCriterion", "Đo được\nMeasure", "Điểm\nPoints", "Trọng số\nWeight", "Thực tế\nEffective")
    return to_text(Table((*columns, "Đóng góp\nContribution", "Còn thiếu\nLost"), rows), 46)


def _measured(one: Mapping[str, Any]) -> str:
    if one["outcome"] != "scored":
        return _OUTCOMES.get(one["outcome"], "")
    if one["denominator"] is None:
        return _number(one["measure"])
    return f"{_number(one['numerator'])} / {_number(one['denominator'])} = {_number(one['measure'], 2)} %"


def _inputs_for_reading(explanation: Explanation) -> str:
    rows = []
    for one in _rows(explanation.inputs):
        value = _number(one["value"]) if one["value_status"] == "reported" else _STATUSES[one["value_status"]]
        where = one["location"] or {"catalogue": "danh mục | catalogue", "external": "nhập ngoài | entered"}.get(
            one["source"], ""
        )
        if one["source"] == "external" and one["entered_by"]:
            where = f"{where}: {one['entered_by']}, {one['entry_reason']}"
        if one["correction_id"]:
            where = f"{where}\nđính chính | correction {one['correction_id']}"
        rows.append(
            (
                one["criterion_code"],
                f"{_PARTS[one['part']]}: {one['input_name']} ({one['input_code']})",
                value,
                one["file_name"] or "",
                where,
                one["raw_value"] or "",
            )
        )
    columns = (
        "Tiêu chí\nCriterion",
        "Số liệu\nInput",
        "Giá trị\nValue",
        "Tệp\nFile",
        "Ô\nCell",
        "Nguyên văn\nRaw text",
    )
    return to_text(Table(columns, rows), 50)


def _gains_for_reading(explanation: Explanation) -> str:
    if not explanation.is_searched:
        reason = "đã xếp thứ nhất | already first" if explanation.district["rank"] == 1 else "chưa có điểm | no score"
        return f"Không tìm thay đổi để lên hạng: {reason}.\n"
    if not explanation.gains:
        return (
            "Không có thay đổi nào của riêng một chỉ tiêu giúp lên hạng.\n"
            "No change of a single indicator gains a place.\n"
        )
    names = {one["input_code"]: one for one in _rows(explanation.inputs)}
    rows = []
    for gain in explanation.gains[:_SHOWN]:
        one = names[gain.indicator_code]
        part = " – mẫu số | denominator" if one["part"] == "denominator" else ""
        before = "để trống | blank" if gain.before is None else _number(gain.before)
        moves = f"\ncùng với | together with {'; '.join(gain.limits.moves_with)}" if gain.limits.moves_with else ""
        rows.append(
            (
                f"{one['input_name']} ({gain.indicator_code}){part}{moves}",
                f"{before} → {_number(gain.after)}" + ("" if gain.limits.codes else f" {one['unit']}"),
                f"{_number(100 * gain.share, 1)} %",
                _number(gain.score, 2),
                gain.rank,
            )
        )
    columns = ("Chỉ tiêu\nIndicator", "Thay đổi nhỏ nhất\nSmallest change", "Mức\nShare", "Điểm\nScore", "Hạng\nRank")
    return (
        f"Lên hạng bằng một chỉ tiêu: {len(explanation.gains)} cách, ít nhất trước"
        f" | One indicator gains a place: {len(explanation.gains)} ways, the smallest first\n\n"
        + to_text(Table(columns, rows), 60)
    )


def trend_for_reading(table: Table) -> Table:
    """A trend as people read it: two decimals, a sign before what changed, the reason where nothing can be compared."""
    names = {"previous": "kỳ trước | previous", "year_before": "năm trước | year before"}
    rows = [
        (
            one["district_name"],
            names[one["comparison"]],
            one["compared_period_code"],
            _number(one["score"], 2),
            _signed(_number(one["score_change"], 2)),
            one["rank"],
            _signed(str("" if one["rank_change"] is None else one["rank_change"])),
            "" if one["score"] is None else "mô phỏng | simulated" if one["is_simulated"] else "thật | real",
            f"{one['reason']} | {one['reason_en']}" if one["reason"] else "",
        )
        for one in _rows(table)
    ]
    columns = ("Đơn vị\nDistrict", "So với\nAgainst", "Kỳ\nPeriod", "Điểm\nScore", "Thay đổi\nChange")
    return Table((*columns, "Hạng\nRank", "Số bậc\nPlaces", "Số liệu\nFigures", "Lý do\nReason"), rows)


def _signed(text: str) -> str:
    return f"+{text}" if text and not text.startswith("-") and text.strip("0,") else text
