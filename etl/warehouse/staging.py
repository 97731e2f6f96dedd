"""Staging: parsed rows, findings and rule counts of each submission, replaced whole.

A report is one row of arrays in staging.appendix; its layout and its cells are shared between reports
(docs/adr/0011-staging.md). staging.observation shows it row by row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import islice

from etl.database import Connection, copy_rows
from etl.decimals import format_decimal
from etl.findings import Finding, RenderedFinding
from etl.observations import NarrativeFigure, Observation

_BATCH_SIZE = 100  # reports held in memory at a time; a report has about 180 rows
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
_Columns = tuple[tuple[str, ...], ...]  # the columns of staging.layout or staging.placement after the hash
_LAYOUT = (
    "INSERT INTO staging.layout (layout_sha256, reform_area_codes, items, indicator_codes, labels, units)"
    " VALUES (%s, %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING"
)
_PLACEMENT = (
    "INSERT INTO staging.placement (placement_sha256, locations) VALUES (%s, %s::text[]) ON CONFLICT DO NOTHING"
)
_FINDING = ("rule_code", "indicator_code", "location", "found", "expected", "difference")


def stage_observations(connection: Connection, submission_id: int, rows: Iterable[Observation]) -> int:
    """Replace the staged rows of a submission, in document order; return their number."""
    return stage_reports(connection, [(submission_id, rows)])


def stage_reports(connection: Connection, reports: Iterable[tuple[int, Iterable[Observation]]]) -> int:
    """Replace the staged rows of submissions, each in document order; return their number.

    Reports are consumed in batches, so memory does not grow with their number.
    """
    waiting, count = iter(reports), 0
    while True:
        layouts, placements = dict[_Columns, str](), dict[_Columns, str]()
        batch = [
            _encode(submission_id, rows, layouts, placements) for submission_id, rows in islice(waiting, _BATCH_SIZE)
        ]
        if not batch:
            return count
        _insert_shared(connection, _LAYOUT, ((sha256, *_blank_repeats(layout)) for layout, sha256 in layouts.items()))
        _insert_shared(connection, _PLACEMENT, ((sha256, *placement) for placement, sha256 in placements.items()))
        connection.exec_driver_sql(
            "DELETE FROM staging.appendix WHERE submission_id = ANY(%s)", ([appendix[0] for appendix, _ in batch],)
        )
        copy_rows(connection, "staging.appendix", _APPENDIX, (appendix for appendix, row_count in batch if row_count))
        count += sum(row_count for _, row_count in batch)


def _encode(
    submission_id: int,
    rows: Iterable[Observation],
    layouts: dict[_Columns, str],
    placements: dict[_Columns, str],
) -> tuple[tuple[int | str | None, ...], int]:
    """Return a row of staging.appendix with arrays in COPY's format, and its number of observations.

    Adds its layout and placement to those given.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(Observation._fields)
    (*layout, values, statuses, raw_values, notes, locations, decisions, boxes, confidences) = columns
    return (
        submission_id,
        _shared_hash(tuple(layout), layouts),
        _shared_hash((locations,), placements),
        f"{{{','.join([format_decimal(value) or 'NULL' for value in values])}}}",
        _array(statuses),
        _array(raw_values),
        _array(notes),
        _array(decisions) if any(decisions) else None,
        _array(boxes) if any(boxes) else None,
        _numbers(confidences),
    ), len(values)


def _shared_hash(columns: _Columns, hashes: dict[_Columns, str]) -> str:
    """Return the hash of shared columns, computed once per batch."""
    if columns not in hashes:
        hashes[columns] = hashlib.sha256(json.dumps(columns).encode()).hexdigest()
    return hashes[columns]


def _blank_repeats(layout: _Columns) -> _Columns:
    """Keep the indicator of a row that is printed twice only on its first occurrence (rule row_twice)."""
    areas, items, codes, *printed = layout
    first = {code: position for position, code in reversed(list(enumerate(codes)))}
    unique = tuple(code if first[code] == position else "" for position, code in enumerate(codes))
    return areas, items, unique, *printed


def _array(texts: Sequence[str]) -> str:
    """A text[] in PostgreSQL's format, every element quoted."""
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}'


def _numbers(numbers: Sequence[float | None]) -> str | None:
    if numbers.count(None) == len(numbers):
        return None
    return f"{{{','.join('NULL' if number is None else repr(number) for number in numbers)}}}"


def _insert_shared(connection: Connection, statement: str, rows: Iterable[tuple[str, *_Columns]]) -> None:
    """Insert layouts or placements that are not stored yet, in the order of their keys to avoid deadlocks."""
    for row in sorted((sha256, *map(_array, columns)) for sha256, *columns in rows):
        connection.exec_driver_sql(statement, row)


def stage_reading(
    connection: Connection, submission_id: int, narrative: Iterable[NarrativeFigure], findings: Iterable[Finding]
) -> None:
    """Replace what the parser found beside the rows: figures quoted in the prose, and its own findings."""
    figures = (
        (number, figure.indicator_code, figure.value, figure.raw_value, figure.location)
        for number, figure in enumerate(narrative, start=1)
    )
    columns = ("figure_number", "indicator_code", "value", "raw_value", "location")
    _replace(connection, "staging.narrative_figure", submission_id, columns, figures)
    rows = ((number, *_finding_columns(finding)) for number, finding in enumerate(findings, start=1))
    _replace(connection, "staging.reader_finding", submission_id, ("finding_number", *_FINDING), rows)


def staged_reading(connection: Connection, submission_id: int) -> tuple[list[NarrativeFigure], list[Finding]]:
    """Return what stage_reading stored."""
    figures = connection.exec_driver_sql(
        "SELECT indicator_code, trim_scale(value), raw_value, location FROM staging.narrative_figure"
        " WHERE submission_id = %s ORDER BY figure_number",
        (submission_id,),
    ).fetchall()
    findings = connection.exec_driver_sql(
        "SELECT rule_code, location, indicator_code, found, expected, difference FROM staging.reader_finding"
        " WHERE submission_id = %s ORDER BY finding_number",
        (submission_id,),
    ).fetchall()
    return [NarrativeFigure(*row) for row in figures], [Finding(*row) for row in findings]


def stage_findings(connection: Connection, submission_id: int, findings: Iterable[RenderedFinding]) -> int:
    """Replace the validation findings of a submission, in the given order; return their number."""
    rows = (
        (number, *_finding_columns(rendered.finding), rendered.severity, rendered.message_vi, rendered.message_en)
        for number, rendered in enumerate(findings, start=1)
    )
    columns = ("finding_number", *_FINDING, "severity", "message_vi", "message_en")
    return _replace(connection, "staging.finding", submission_id, columns, rows)


def stage_checks(
    connection: Connection, submission_id: int, counts: Iterable[tuple[str, int, int]], waivers_used: Iterable[int]
) -> None:
    """Replace the counts (rule, checked, failed) of a submission, and the waivers that suppressed a finding."""
    _replace(connection, "staging.check_count", submission_id, ("rule_code", "checked", "failed"), counts)
    waivers = ((waiver_id,) for waiver_id in waivers_used)
    _replace(connection, "staging.waiver_use", submission_id, ("waiver_id",), waivers)


def _finding_columns(finding: Finding) -> list[str]:
    return [getattr(finding, name) for name in _FINDING]


def _replace(
    connection: Connection, table: str, submission_id: int, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    connection.exec_driver_sql(f"DELETE FROM {table} WHERE submission_id = %s", (submission_id,))  # noqa: S608
    return copy_rows(connection, table, ("submission_id", *columns), ((submission_id, *row) for row in rows))
