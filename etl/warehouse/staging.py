"""Puts what was read and found into staging, each submission whole.

The rows of a report are one row of staging.appendix, an array a column, beside its layout, which many reports share
(docs/adr/0015-staging.md); staging.observation shows them row by row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import islice

from etl.database import Connection, copy_rows
from etl.decimals import format_decimal
from etl.findings import RenderedFinding
from etl.observations import Observation

_AT_A_TIME = 100  # reports in memory at once, of which each has some hundred rows
_APPENDIX = (
    "submission_id",
    "layout_sha256",
    "placement_sha256",
    "reported_values",
    "statuses",
    "raw_values",
    "notes",
    "decisions",
    "boxes",
    "confidences",
)
_Columns = tuple[tuple[str, ...], ...]  # of staging.layout or staging.placement, after the hash
_LAYOUT = (
    "INSERT INTO staging.layout (layout_sha256, reform_area_codes, items, indicator_codes, labels, units)"
    " VALUES (%s, %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING"
)
_PLACEMENT = (
    "INSERT INTO staging.placement (placement_sha256, locations) VALUES (%s, %s::text[]) ON CONFLICT DO NOTHING"
)
_FINDING = (
    "submission_id",
    "finding_number",
    "rule_code",
    "severity",
    "indicator_code",
    "location",
    "found",
    "expected",
    "difference",
    "message_vi",
    "message_en",
)


def stage_observations(connection: Connection, submission_id: int, rows: Iterable[Observation]) -> int:
    """Replaces the staged rows of a submission, in document order; returns how many there are."""
    return stage_reports(connection, [(submission_id, rows)])


def stage_reports(connection: Connection, reports: Iterable[tuple[int, Iterable[Observation]]]) -> int:
    """Replaces the staged rows of submissions, each whole and in document order; returns how many rows there are.

    The reports are taken one at a time as they come: memory does not grow with their number.
    """
    waiting, count = iter(reports), 0
    while True:
        layouts, placements = dict[_Columns, str](), dict[_Columns, str]()
        batch = [_staged(one, rows, layouts, placements) for one, rows in islice(waiting, _AT_A_TIME)]
        if not batch:
            return count
        _keep(connection, _LAYOUT, ((sha256, *_each_once(layout)) for layout, sha256 in layouts.items()))
        _keep(connection, _PLACEMENT, ((sha256, *placement) for placement, sha256 in placements.items()))
        connection.exec_driver_sql(
            "DELETE FROM staging.appendix WHERE submission_id = ANY(%s)", ([one[0] for one, _ in batch],)
        )
        copy_rows(connection, "staging.appendix", _APPENDIX, (one for one, row_count in batch if row_count))
        count += sum(row_count for _, row_count in batch)


def _staged(
    submission_id: int,
    rows: Iterable[Observation],
    layouts: dict[_Columns, str],
    placements: dict[_Columns, str],
) -> tuple[tuple[int | str | None, ...], int]:
    """A row of staging.appendix with arrays as COPY takes them, and how many rows it holds.

    Enters its layout and its placement.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(Observation._fields)
    (*layout, values, statuses, raw_values, notes, locations, decisions, boxes, confidences) = columns
    return (
        submission_id,
        _entered(tuple(layout), layouts),
        _entered((locations,), placements),
        f"{{{','.join([format_decimal(value) or 'NULL' for value in values])}}}",
        _array(statuses),
        _array(raw_values),
        _array(notes),
        _array(decisions) if any(decisions) else None,
        _array(boxes) if any(boxes) else None,
        _numbers(confidences),
    ), len(values)


def _entered(columns: _Columns, known: dict[_Columns, str]) -> str:
    """The hash under which the columns are kept, worked out once for all that are alike."""
    if columns not in known:
        known[columns] = hashlib.sha256(json.dumps(columns).encode()).hexdigest()
    return known[columns]


def _each_once(layout: _Columns) -> _Columns:
    """A row printed twice is kept, but speaks for its indicator once: the first counts (rule row_twice)."""
    areas, items, codes, *printed = layout
    first = {code: place for place, code in reversed(list(enumerate(codes)))}
    once = tuple(code if first[code] == place else "" for place, code in enumerate(codes))
    return areas, items, once, *printed


def _array(texts: Sequence[str]) -> str:
    """A text[] as PostgreSQL writes it, every element quoted."""
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}'


def _numbers(numbers: Sequence[float | None]) -> str | None:
    if numbers.count(None) == len(numbers):
        return None
    return f"{{{','.join('NULL' if number is None else repr(number) for number in numbers)}}}"


def _keep(connection: Connection, statement: str, shared: Iterable[tuple[str, *_Columns]]) -> None:
    """Enters what staging does not hold yet, by its hash; what it holds stays as it is."""
    # In the order of their keys, so that two at once never wait for each other.
    for row in sorted((sha256, *map(_array, columns)) for sha256, *columns in shared):
        connection.exec_driver_sql(statement, row)


def stage_findings(connection: Connection, submission_id: int, findings: Iterable[RenderedFinding]) -> int:
    """Replaces the findings of a submission, in the order given; returns how many there are."""
    connection.exec_driver_sql("DELETE FROM staging.finding WHERE submission_id = %s", (submission_id,))
    rows = (
        (
            submission_id,
            number,
            judged.finding.rule_code,
            judged.severity,
            judged.finding.indicator_code,
            judged.finding.location,
            judged.finding.found,
            judged.finding.expected,
            judged.finding.difference,
            judged.message_vi,
            judged.message_en,
        )
        for number, judged in enumerate(findings, start=1)
    )
    return copy_rows(connection, "staging.finding", _FINDING, rows)
