"""An explained score: for people in Vietnamese with English beside it, for programs as CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from textwrap import fill
from typing import TYPE_CHECKING, Any

from etl.cli.output import print_table
from etl.decimals import format_decimal
from etl.tables import WIDTH, Table, TableFormat, json_value

if TYPE_CHECKING:
    from etl.ranking import Explanation
    from etl.ranking.scoring.gains import RankGain

_GAINS_SHOWN = 5  # CSV and JSON contain all
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
_COMPARISONS = {"previous": "kỳ trước | previous", "year_before": "năm trước | year before"}


def print_explanation(explanation: Explanation, output_format: TableFormat, detail: str = "") -> None:
    """Print an explanation, or only one `detail` of it. CSV without a detail is the criteria.

    JSON without a detail is one object: the district's row with its criteria, each with its inputs, and gains.
    """
    tables = {"criteria": explanation.criteria, "inputs": explanation.inputs, "gains": _gains(explanation)}
    if output_format == "json" and not detail:
        print(json.dumps(_nested(explanation, tables), ensure_ascii=False, indent=2))
    elif output_format != "table":
        print_table(tables[detail or "criteria"], output_format)
    elif explanation.district["score"] is None:
        _print_summary(explanation)
    else:
        parts = {"criteria": _print_criteria, "inputs": _print_inputs, "gains": _print_gains}
        if detail:
            parts[detail](explanation)
            return
        _print_summary(explanation)
        for print_part in parts.values():
            print()
            print_part(explanation)


def _nested(explanation: Explanation, tables: Mapping[str, Table]) -> dict[str, Any]:
    criteria, inputs, gains = (_json_records(tables[name]) for name in ("criteria", "inputs", "gains"))
    for criterion in criteria:
        own = [row for row in inputs if row["criterion_code"] == criterion["criterion_code"]]
        criterion["inputs"] = [{key: value for key, value in row.items() if key != "criterion_code"} for row in own]
    district = {key: json_value(value) for key, value in explanation.district.items()}
    return {**district, "criteria": criteria, "gains": gains}


def _json_records(table: Table) -> list[dict[str, Any]]:
    return [{key: json_value(value) for key, value in row.items()} for row in table.records()]


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
    """A number as written in Vietnam: a comma before the decimals; rounded half up if `digits` is given."""
    if value is None:
        return ""
    if digits is not None:
        value = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0  # + 0 turns -0 into 0
    return (format_decimal(value) if digits is None else f"{value:f}").replace(".", ",")


def _percent(value: Decimal | None, digits: int) -> str:
    return "" if value is None else f"{_number(100 * value, digits)}\u00a0%"


def _print_summary(explanation: Explanation) -> None:
    for line in _summary(explanation.district):
        print(fill(line, WIDTH, subsequent_indent=" " * 26))


def _summary(district: Mapping[str, Any]) -> Iterator[str]:
    yield f"{district['district_name']} ({district['district_code']}) · {district['period_code']}"
    yield f"Bộ tiêu chí | Method      {district['method_code']}"
    yield f"Tên | Name                {district['method_name']}"
    yield f"                          {district['method_name_en']}"
    if district["score"] is None:
        yield f"Chưa có điểm | No score   {district['reason']}"
        return
    tied = ", đồng hạng | tied" if district["is_tied"] else ""
    rank = f"{district['rank']} / {district['ranked_count']}{tied}" if district["rank"] else f"– {district['reason']}"
    yield f"Điểm | Score              {_number(district['score'], 2)}   ({_number(district['score'])})"
    yield f"Hạng | Rank               {rank}"
    if district["band"]:
        yield f"Xếp loại | Band           {district['band']} | {district['band_en']}"
    yield f"Có căn cứ | Coverage      {_percent(district['coverage'], 1)}"
    yield f"Số liệu | Figures         {'mô phỏng | simulated' if district['is_simulated'] else 'thật | real'}"
    if district["next_rank"]:
        yield (
            f"Hạng trên | Next rank     {district['next_rank']}: {district['next_district_name']},"
            f" {_number(district['next_score'], 2)} điểm, hơn {_number(district['gap'], 4)} điểm | points ahead"
        )


def _print_criteria(explanation: Explanation) -> None:
    criteria = explanation.criteria.records()
    rows = [_criterion_row(criterion) for criterion in criteria]
    total = sum((criterion["contribution"] for criterion in criteria), Decimal(0))
    rows.append(("Cộng, đúng bằng điểm\nSum, exactly the score", "", "", _number(total, 4), ""))
    columns = ("Tiêu chí\nCriterion", "Đo được\nMeasure", "Điểm\nPoints", "Đóng góp\nAdds")
    print_table(Table((*columns, "Còn thiếu\nLost"), rows), "table")


def _criterion_row(criterion: Mapping[str, Any]) -> tuple[Any, ...]:
    weight, contribution = criterion["effective_weight"], criterion["contribution"]
    is_lost = criterion["kind"] == "criterion" and weight is not None
    name = f"{criterion['reform_area_code'] or ''} {criterion['criterion_name']}".strip()
    return (
        f"{name}\n{criterion['criterion_name_en']}",
        _measure(criterion),
        _number(criterion["points"], 2),
        _number(contribution, 4),
        _number(100 * weight - contribution, 4) if is_lost else "",
    )


def _measure(criterion: Mapping[str, Any]) -> str:
    if criterion["outcome"] != "scored":
        return _OUTCOMES.get(criterion["outcome"], "")
    if criterion["denominator"] is None:
        return _number(criterion["measure"])
    numerator, denominator = _number(criterion["numerator"]), _number(criterion["denominator"])
    return f"{numerator} / {denominator} = {_number(criterion['measure'], 2)}\u00a0%"


def _print_inputs(explanation: Explanation) -> None:
    columns = ("Tiêu chí | Criterion", "Số liệu | Input", "Giá trị | Value", "Tệp | File", "Ô | Cell")
    rows = [_input_row(row) for row in explanation.inputs.records()]
    print_table(Table((*columns, "Nguyên văn | Raw text"), rows), "table")


def _input_row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    sources = {"catalogue": "danh mục | catalogue", "external": "nhập ngoài | entered"}
    source = row["location"] or sources.get(row["source"], "")
    if row["source"] == "external" and row["entered_by"]:
        source += f": {row['entered_by']}, {row['entry_reason']}"
    if row["correction_id"]:
        source += f"; đính chính | correction {row['correction_id']}"
    return (
        row["criterion_code"],
        f"{_PARTS[row['part']]}: {row['input_name']} ({row['input_code']})",
        _number(row["value"]) if row["value_status"] == "reported" else _STATUSES[row["value_status"]],
        row["file_name"],
        source,
        row["raw_value"],
    )


def _print_gains(explanation: Explanation) -> None:
    if not explanation.is_searched:
        reason = "đã xếp thứ nhất | already first" if explanation.district["rank"] == 1 else "chưa có điểm | no score"
        print(f"Không tìm thay đổi để lên hạng: {reason}.")
    elif not explanation.gains:
        print("Không có thay đổi nào của riêng một chỉ tiêu giúp lên hạng.")
        print("No change of a single indicator gains a place.")
    else:
        print(f"Lên hạng bằng một chỉ tiêu: {len(explanation.gains)} cách, ít nhất trước")
        print(f"Ways to gain a place by one indicator: {len(explanation.gains)}, the smallest first\n")
        inputs = {row["input_code"]: row for row in explanation.inputs.records()}
        rows = [_gain_row(gain, inputs[gain.indicator_code]) for gain in explanation.gains[:_GAINS_SHOWN]]
        columns = (
            "Chỉ tiêu\nIndicator",
            "Thay đổi nhỏ nhất\nSmallest change",
            "Mức\nShare",
            "Điểm\nScore",
            "Hạng\nRank",
        )
        print_table(Table(columns, rows), "table")


def _gain_row(gain: RankGain, row: Mapping[str, Any]) -> tuple[Any, ...]:
    part = " – mẫu số | denominator" if row["part"] == "denominator" else ""
    moves = f"\ncùng với | together with {'; '.join(gain.limits.moves_with)}" if gain.limits.moves_with else ""
    before = _STATUSES["blank"] if gain.before is None else _number(gain.before)
    return (
        f"{row['input_name']} ({gain.indicator_code}){part}{moves}",
        f"{before} → {_number(gain.after)}" + ("" if gain.limits.codes else f" {row['unit']}"),
        _percent(gain.share, 1),
        _number(gain.score, 2),
        gain.rank,
    )


def trend_for_reading(trend: Table) -> Table:
    """Two decimals, a sign before what changed, and the reason where nothing can be compared."""
    rows = [
        (
            row["district_name"],
            _COMPARISONS[row["comparison"]],
            _number(row["score"], 2),
            _signed(_number(row["score_change"], 2)),
            row["rank"],
            _signed(str("" if row["rank_change"] is None else row["rank_change"])),
            row["reason"] or row["compared_period_code"],
        )
        for row in trend.records()
    ]
    columns = ("Đơn vị\nDistrict", "So với\nAgainst", "Điểm\nScore", "Thay đổi\nChange", "Hạng\nRank", "Số bậc\nPlaces")
    return Table((*columns, "Kỳ, lý do\nPeriod, reason"), list(rows))


def _signed(text: str) -> str:
    return f"+{text}" if text and not text.startswith("-") and text.strip("0,") else text
