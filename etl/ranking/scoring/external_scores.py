"""Scores that no report holds (surveys, appraisals): entered from a table, kept like facts, each with who and why."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from etl.database import Connection, lock, query_file, query_table
from etl.errors import UsageError
from etl.tables import Table

_REQUIRED, _OPTIONAL = ("district_code", "input_code", "value"), ("stage", "is_simulated")
_APPRAISAL = "criterion."


@dataclass(frozen=True, slots=True)
class ExternalScore:
    """One value for a district; `place` is the line that says it. An appraisal is points from 0 to 100."""

    district_code: str
    input_code: str
    stage_code: str
    value: Decimal | None
    is_simulated: bool
    place: str


def read_external(path: Path) -> list[ExternalScore]:
    """The rows of a CSV `district_code,input_code,value[,stage][,is_simulated]`. Raises UsageError with the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"{path} is not a file", "Check the path") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8", "Save it as CSV UTF-8") from None
    reader = csv.DictReader(text.splitlines())
    columns = reader.fieldnames or []
    if not set(_REQUIRED) <= set(columns) <= {*_REQUIRED, *_OPTIONAL} or len(set(columns)) < len(columns):
        raise UsageError(f"{path.name}:1: the columns must be district_code,input_code,value[,stage][,is_simulated]")
    rows = [_row(row, f"{path.name}:{reader.line_num}") for row in reader]
    if not rows:
        raise UsageError(f"{path.name}: there are no values")
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        key = (row.district_code, row.input_code, row.stage_code)
        if key in seen:
            raise UsageError(f"{row.place}: {row.input_code} of {row.district_code} stands twice", "Keep one of them")
        seen.add(key)
    return rows


def _row(row: dict[str, str | None], place: str) -> ExternalScore:
    text = {key: (value or "").strip() for key, value in row.items() if key}
    try:
        value = Decimal(text["value"])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise UsageError(f"{place}: {text['value']!r} is not a number", "Write it as 62.15")
    if text["input_code"].startswith(_APPRAISAL) and not 0 <= value <= 100:
        raise UsageError(f"{place}: an appraisal gives from 0 to 100 points, not {value}")
    made_up = text.get("is_simulated", "") or "false"
    if made_up not in ("true", "false"):
        raise UsageError(f"{place}: is_simulated is {made_up!r}, neither true nor false")
    return ExternalScore(
        text["district_code"], text["input_code"], text.get("stage", ""), value, made_up == "true", place
    )


def enter(connection: Connection, period_code: str, scores: Sequence[ExternalScore], reason: str, actor: str) -> Table:
    """Enters all scores or none: what is new or other is kept, and what it replaces is closed.

    Returns a row each: district_code, input_code, stage, value, before (None: nothing was known) and what became of it.
    Raises UsageError, with the line, for a district that does not report then or what no method in force reads.
    """
    _check(connection, period_code, scores)
    rows, known_at = [], _moment(connection)
    for score in scores:
        given = _parameters(period_code, score, reason, actor) | {"known_at": known_at}
        closed = query_file(connection, "load/external_close.sql", given).fetchone()
        entered = query_file(connection, "load/external_enter.sql", given).fetchone()
        outcome = "unchanged" if entered is None else "new" if closed is None else "changed"
        before = closed[0] if closed else score.value if entered is None else None
        rows.append((score.district_code, score.input_code, score.stage_code, score.value, before, outcome))
    return Table(("district_code", "input_code", "stage", "value", "before", "outcome"), rows)


def withdraw(connection: Connection, period_code: str, score: ExternalScore, reason: str, actor: str) -> None:
    """Takes an external score back. Raises UsageError where none is known."""
    given = _parameters(period_code, score, reason, actor) | {"known_at": _moment(connection)}
    if query_file(connection, "load/external_close.sql", given).fetchone() is None:
        raise UsageError(
            f"no {score.input_code} of {score.district_code} is known in {period_code}",
            "See `python -m etl external list`; a stage has to be named",
        )


def external_scores(connection: Connection, period_code: str, known_at: Any = None) -> Table:
    """The external scores of a period that hold now, or held at a moment. Reads mart alone."""
    return query_table(connection, "queries/external_scores.sql", {"period_code": period_code, "known_at": known_at})


def _moment(connection: Connection) -> datetime:
    """The moment of a change: behind the lock that signing takes too, so that nothing slips in under a signature."""
    lock(connection, "scores")
    moment: datetime
    ((moment,),) = connection.exec_driver_sql("SELECT clock_timestamp()").fetchall()
    return moment


def _parameters(period_code: str, score: ExternalScore, reason: str, actor: str) -> dict[str, Any]:
    return {
        "period_code": period_code,
        "district_code": score.district_code,
        "input_code": score.input_code,
        "stage_code": score.stage_code,
        "value": score.value,
        "is_simulated": score.is_simulated,
        "reason": reason,
        "actor": actor,
    }


def _check(connection: Connection, period_code: str, scores: Sequence[ExternalScore]) -> None:
    given = {"period_code": period_code}
    expected = {
        code
        for (code,) in connection.exec_driver_sql(
            "SELECT district_code FROM warehouse.expected_report WHERE period_code = %s", (period_code,)
        )
    }
    readers: dict[str, set[int]] = {}
    for input_code, method_key in query_file(connection, "load/external_known.sql", given):
        readers.setdefault(input_code, set()).add(method_key)
    stages = {*query_file(connection, "load/external_stage.sql", given).fetchall()}
    for score in scores:
        if score.district_code not in expected:
            raise UsageError(f"{score.place}: the unit {score.district_code!r} does not report for {period_code}")
        methods = readers.get(score.input_code)
        if not methods:
            known = ", ".join(sorted(code for code in readers if not code.startswith(_APPRAISAL))) or "none"
            raise UsageError(
                f"{score.place}: no method in force reads {score.input_code!r}",
                f"External scores of {period_code}: {known}; an appraisal is criterion.CODE",
            )
        if score.stage_code and not any((score.stage_code, key) in stages for key in methods):
            raise UsageError(f"{score.place}: the stage {score.stage_code!r} is none of a method that reads it")
